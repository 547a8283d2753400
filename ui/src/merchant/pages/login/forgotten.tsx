import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { askReset } from '../../../shared/api/signin';
import { Button, Field } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';

/** Asks for a link to set a new password. Whether there is such an id, nobody learns here. */
export function Forgotten({ loginId: known, onClose }: { loginId: string; onClose: () => void }): JSX.Element {
  const m = t().login;
  const [loginId, setLoginId] = useState(known);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const ask = (): void => {
    setBusy(true);
    setFailure(undefined);
    askReset(loginId.trim())
      .then(() => setAsked(true), setFailure)
      .finally(() => setBusy(false));
  };
  return (
    <Sheet title={m.forgottenTitle} open onClose={onClose}>
      <div class="stack">
        {asked ? (
          <>
            <Notice tone="ok" icon="check">
              <p>{m.forgottenSent}</p>
            </Notice>
            <p class="field-hint">{m.forgottenElse}</p>
            <Button kind="primary" onPress={onClose}>
              {t().common.close}
            </Button>
          </>
        ) : (
          <>
            <p>{m.forgottenText}</p>
            {/* Inside the form of the login: Enter asks here and does not log in. */}
            <div
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                if (!busy && loginId.trim() !== '') ask();
              }}
            >
              <Field label={m.loginId} value={loginId} onInput={setLoginId} autocomplete="username" maxLength={100} autoFocus />
            </div>
            <FailureNotice failure={failure} />
            <Button kind="primary" disabled={busy || loginId.trim() === ''} onPress={ask}>
              {m.forgottenAsk}
            </Button>
            <p class="field-hint">{m.forgottenElse}</p>
          </>
        )}
      </div>
    </Sheet>
  );
}
