import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import { factor as api, type SecondFactor, type SecondFactorSetup } from '../../../shared/api/signin';
import { Button, Field } from '../../../shared/design/controls';
import { Badge, ListRow } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { ProofForm } from '../../../shared/signin/proof';
import { session } from '../../../shared/state/session';

type Open = 'start' | 'stop' | 'renew' | null;

interface FactorProps {
  factor: SecondFactor;
  onChange: () => void;
}

/** The code of an authenticator app beside the password: set up, switched off, its recovery codes. */
export function FactorSetting({ factor, onChange }: FactorProps): JSX.Element {
  const m = t().security;
  const [open, setOpen] = useState<Open>(null);
  const [codes, setCodes] = useState<string[]>();
  const close = (): void => setOpen(null);
  const given = (fresh: string[]): void => {
    setOpen(null);
    setCodes(fresh);
    onChange();
  };
  const stopped = (): void => {
    toast(m.factorStopped);
    setOpen(null);
    onChange();
  };
  return (
    <section class="setting">
      <h2>{m.factor}</h2>
      <div class="rows">
        <ListRow
          icon="shield"
          tone={factor.on ? 'ok' : 'plain'}
          title={m.factor}
          sub={[factor.on ? m.factorLeft(factor.recoveryCodes) : m.factorText]}
          end={<Badge tone={factor.on ? 'ok' : 'plain'}>{factor.on ? m.factorOn : m.factorOff}</Badge>}
        />
      </div>
      {factor.on ? (
        <>
          <Button kind="soft" wide onPress={() => setOpen('renew')}>
            {m.recovery}
          </Button>
          {!factor.required && (
            <Button kind="bad" wide onPress={() => setOpen('stop')}>
              {m.factorStop}
            </Button>
          )}
        </>
      ) : (
        <Button kind="tint" wide onPress={() => setOpen('start')}>
          {m.factorStart}
        </Button>
      )}
      {open === 'start' && <StartSheet onDone={given} onClose={close} />}
      {open === 'stop' && (
        <Sheet title={m.factorStop} open onClose={close}>
          <ProofForm loginId={session.value?.user.loginId} act={m.factorStop} bad code onProof={(password, code) => api.disable(password, code).then(stopped)}>
            <p>{m.factorStopText}</p>
          </ProofForm>
        </Sheet>
      )}
      {open === 'renew' && (
        <Sheet title={m.recovery} open onClose={close}>
          <ProofForm loginId={session.value?.user.loginId} act={m.recovery} code onProof={async (password, code) => given(await api.renew(password, code))}>
            <p>{m.recoveryText}</p>
          </ProofForm>
        </Sheet>
      )}
      {codes && <CodesSheet codes={codes} onClose={() => setCodes(undefined)} />}
    </section>
  );
}

function StartSheet({ onDone, onClose }: { onDone: (codes: string[]) => void; onClose: () => void }): JSX.Element {
  const m = t().security;
  const [setup, setSetup] = useState<SecondFactorSetup>();
  return (
    <Sheet title={m.factorStart} open onClose={onClose}>
      {setup ? (
        <Confirm setup={setup} onDone={onDone} />
      ) : (
        <ProofForm loginId={session.value?.user.loginId} act={m.go} onProof={async (password) => setSetup(await api.begin(password))}>
          <p>{m.factorText}</p>
          <p class="field-hint">{m.others}</p>
        </ProofForm>
      )}
    </Sheet>
  );
}

function Confirm({ setup, onDone }: { setup: SecondFactorSetup; onDone: (codes: string[]) => void }): JSX.Element {
  const m = t().security;
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const bad = failure instanceof ApiFailure ? failure.fieldMessage('/code') : '';
  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy || code.length !== 6) return;
    setBusy(true);
    setFailure(undefined);
    api.confirm(setup.challenge, code).then(
      (codes) => {
        toast(m.factorDone);
        onDone(codes);
      },
      (cause: unknown) => {
        setFailure(cause);
        setBusy(false);
      },
    );
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      <p>{m.factorScan}</p>
      <img class="security-qr" src={setup.qr} alt={m.factorQr} width={192} height={192} />
      <div class="field">
        <span class="field-label">{m.factorKey}</span>
        <code class="security-key">{setup.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</code>
      </div>
      <Field label={m.factorCode} value={code} onInput={setCode} numeric autocomplete="one-time-code" maxLength={6} bad={bad} autoFocus />
      {!bad && <FailureNotice failure={failure} />}
      <Button kind="primary" type="submit" disabled={busy || code.length !== 6}>
        {m.factorConfirm}
      </Button>
    </form>
  );
}

/** Shown this once: it stays until the person says that they are kept. */
function CodesSheet({ codes, onClose }: { codes: readonly string[]; onClose: () => void }): JSX.Element {
  const m = t().security;
  const copy = (): void => void navigator.clipboard?.writeText(codes.join('\n')).then(() => toast(m.recoveryCopied), () => undefined);
  return (
    <Sheet title={m.recoveryTitle} open closable={false} onClose={onClose}>
      <div class="stack">
        <p>{m.recoveryKeep}</p>
        <ul class="security-codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        {'clipboard' in navigator && (
          <Button kind="soft" icon="copy" onPress={copy}>
            {m.recoveryCopy}
          </Button>
        )}
        <Button kind="primary" onPress={onClose}>
          {m.recoveryKept}
        </Button>
      </div>
    </Sheet>
  );
}
