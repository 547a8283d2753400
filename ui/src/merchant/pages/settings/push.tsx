import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiFailure, NoAnswer } from '../../../shared/api/failure';
import { Switch } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { pushState, turnOff, turnOn, type PushState } from '../../../shared/state/push';
import { session } from '../../../shared/state/session';

/** Whether this device is told while the app is closed; says why where it cannot be. */
export function PushSetting({ shopOn }: { shopOn: boolean }): JSX.Element | null {
  const m = t().push;
  const [state, setState] = useState<PushState>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const who = session.value;
  useEffect(() => {
    const look = (): void => void (who && pushState(who).then(setState, () => setState('unsupported')));
    look();
    // Who was sent to the phone's settings comes back with another answer.
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [who]);
  if (!who) return null;
  const turn = (on: boolean): void => {
    setBusy(true);
    setFailure(undefined);
    (on ? turnOn(who) : turnOff())
      .then((next) => {
        setState(next);
        if (next === 'on' || next === 'off') toast(next === 'on' ? m.on : m.off);
      }, setFailure)
      .finally(() => setBusy(false));
  };
  if (state === 'unsupported' || state === 'install') {
    return (
      <Notice tone="plain" icon="phone">
        {m[state]}
      </Notice>
    );
  }
  const hint = state === 'on' && !shopOn ? m.shopOff : m.hint;
  return (
    <>
      <Switch label={m.name} hint={hint} on={state === 'on'} disabled={busy || state === undefined || state === 'denied'} onChange={turn} />
      {state === 'denied' && (
        <Notice tone="warn" icon="alert">
          {m.denied}
        </Notice>
      )}
      <NotTurned failure={failure} />
    </>
  );
}

/** Why the switch did not turn: our server's reason, or the browser's, which has none worth reading. */
function NotTurned({ failure }: { failure: unknown }): JSX.Element | null {
  if (failure === undefined) return null;
  if (failure instanceof ApiFailure || failure instanceof NoAnswer) return <FailureNotice failure={failure} />;
  return (
    <Notice tone="bad" icon="alert">
      {t().push.failed}
    </Notice>
  );
}
