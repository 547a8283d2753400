import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { sessions } from '../../../shared/api/api';
import { ApiFailure } from '../../../shared/api/failure';
import { factor, mailAddress, passkeys } from '../../../shared/api/signin';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { ListRow, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { session } from '../../../shared/state/session';
import { PasswordSetting } from './password';
import { FactorSetting } from './security-factor';
import { MailSetting } from './security-mail';
import { PasskeySetting } from './security-passkeys';
import './security.css';
import './settings.css';

const read = async () => {
  const [own, keys, second, mail] = await Promise.all([sessions.own(), passkeys.list(), factor.read(), mailAddress.read()]);
  return { least: own.minimumPassword, keys, second, mail };
};

/** What the person proves themselves with. */
export default function SecurityPage(): JSX.Element {
  const m = t().security;
  const load = useLoad(read, 'security');
  const { data } = load;
  return (
    <Page title={m.title} up="/settings">
      {data ? (
        <>
          <PasswordSetting least={data.least} onChange={load.reload} />
          <PasskeySetting keys={data.keys} onChange={load.reload} />
          <FactorSetting factor={data.second} onChange={load.reload} />
          <MailSetting mail={data.mail} onChange={load.reload} />
          <section class="setting">
            <h2>{t().device.title}</h2>
            <div class="rows">
              <ListRow href={href('/settings/devices')} icon="phone" tone="plain" title={t().device.row} sub={[m.devicesHint]} end={<Icon name="next" size={18} />} />
            </div>
          </section>
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={6} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

interface ProofProps {
  /** What happens, above the fields. */
  children?: ComponentChildren;
  /** The word on the button; bad: the act takes something away. */
  act: string;
  bad?: boolean;
  /** Asks for a code of the second factor too. */
  code?: boolean;
  /** More fields have to be filled first. */
  unready?: boolean;
  /** What the server says of other fields is not said here. */
  onProof: (password: string, code: string) => Promise<void>;
}

/** Asks for the present password, and a code where one is wanted, before something changes. */
export function ProofForm({ children, act, bad = false, code: wanted = false, unready = false, onProof }: ProofProps): JSX.Element {
  const m = t().security;
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const wrong = failure instanceof ApiFailure && failure.code === 'PASSWORD_WRONG' ? failure.message : '';
  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy || unready || password === '' || (wanted && code.trim() === '')) return;
    setBusy(true);
    setFailure(undefined);
    onProof(password, code.trim())
      .catch(setFailure)
      .finally(() => setBusy(false));
  };
  const type = (next: string): void => {
    setFailure(undefined);
    setPassword(next);
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      {children}
      <input class="unseen" type="text" name="username" autocomplete="username" value={session.value?.user.loginId} readOnly tabIndex={-1} aria-hidden="true" />
      <Field label={m.present} name="current-password" type="password" autocomplete="current-password" value={password} onInput={type} maxLength={200} bad={wrong} />
      {wanted && <Field label={m.factorCodeAny} value={code} onInput={setCode} autocomplete="one-time-code" maxLength={11} />}
      {!wrong && <FailureNotice failure={failure} />}
      <Button kind={bad ? 'danger' : 'primary'} type="submit" disabled={busy || unready || password === '' || (wanted && code.trim() === '')}>
        {act}
      </Button>
    </form>
  );
}
