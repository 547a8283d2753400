import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import { mailAddress, type MailAddress } from '../../../shared/api/signin';
import { Button, Field } from '../../../shared/design/controls';
import { Badge, ListRow } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { ProofForm } from '../../../shared/signin/proof';
import { session } from '../../../shared/state/session';

type Open = 'change' | 'code' | 'remove' | null;

/** Where the person is told of their own login, and gets the link when the password is forgotten. */
export function MailSetting({ mail, onChange }: { mail: MailAddress; onChange: () => void }): JSX.Element {
  const m = t().security;
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const done = (said: string): void => {
    toast(said);
    setOpen(null);
    onChange();
  };
  if (!mail.offered) {
    return (
      <section class="setting">
        <h2>{m.mail}</h2>
        <p class="security-text">{m.mailNotOffered}</p>
      </section>
    );
  }
  return (
    <section class="setting">
      <h2>{m.mail}</h2>
      <p class="security-text">{m.mailText}</p>
      <div class="rows">
        <ListRow
          icon="mail"
          tone={mail.address ? 'ok' : 'plain'}
          title={mail.address ?? m.mailNone}
          sub={mail.pending ? [m.mailWaiting(mail.pending)] : []}
          end={mail.address && <Badge tone="ok">{m.mailProven}</Badge>}
        />
      </div>
      {mail.pending && (
        <Button kind="tint" wide onPress={() => setOpen('code')}>
          {m.mailEnter}
        </Button>
      )}
      <Button kind={mail.address || mail.pending ? 'soft' : 'tint'} wide onPress={() => setOpen('change')}>
        {mail.address ? m.mailChange : m.mailAdd}
      </Button>
      {mail.address && (
        <Button kind="bad" wide onPress={() => setOpen('remove')}>
          {m.mailRemove}
        </Button>
      )}
      {(open === 'change' || open === 'code') && <ChangeSheet sent={open === 'code'} onSent={onChange} onDone={() => done(m.mailDone)} onClose={close} />}
      {open === 'remove' && (
        <Sheet title={m.mailRemove} open onClose={close}>
          <ProofForm
            loginId={session.value?.user.loginId}
            act={m.mailRemove}
            bad
            onProof={async (password) => {
              await mailAddress.remove(password);
              done(m.mailRemoved);
            }}
          >
            <p>{m.mailRemoveText}</p>
          </ProofForm>
        </Sheet>
      )}
    </section>
  );
}

interface ChangeProps {
  /** A code is under way already. */
  sent: boolean;
  onSent: () => void;
  onDone: () => void;
  onClose: () => void;
}

function ChangeSheet({ sent: before, onSent, onDone, onClose }: ChangeProps): JSX.Element {
  const m = t().security;
  const [address, setAddress] = useState('');
  const [bad, setBad] = useState('');
  const [sent, setSent] = useState(before);
  const change = async (password: string): Promise<void> => {
    setBad('');
    try {
      await mailAddress.change(password, address.trim());
    } catch (cause) {
      const said = cause instanceof ApiFailure ? cause.fieldMessage('/address') : '';
      if (!said) throw cause;
      setBad(said);
      return;
    }
    setSent(true);
    onSent();
  };
  return (
    <Sheet title={m.mailAdd} open onClose={onClose}>
      {sent ? (
        <Prove onDone={onDone} />
      ) : (
        <ProofForm loginId={session.value?.user.loginId} act={m.mailSend} unready={address.trim() === ''} onProof={change}>
          <Field label={m.mailAddress} value={address} onInput={setAddress} autocomplete="email" maxLength={254} bad={bad} autoFocus />
        </ProofForm>
      )}
    </Sheet>
  );
}

function Prove({ onDone }: { onDone: () => void }): JSX.Element {
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
    mailAddress.prove(code).then(onDone, (cause: unknown) => {
      setFailure(cause);
      setBusy(false);
    });
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      <p>{m.mailSent}</p>
      <Field label={m.mailCode} value={code} onInput={setCode} numeric autocomplete="one-time-code" maxLength={6} bad={bad} autoFocus />
      {!bad && <FailureNotice failure={failure} />}
      <Button kind="primary" type="submit" disabled={busy || code.length !== 6}>
        {m.mailProve}
      </Button>
    </form>
  );
}
