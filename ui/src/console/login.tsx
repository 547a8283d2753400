import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure } from '../shared/api/failure';
import { Button, Field } from '../shared/design/controls';
import { Wordmark } from '../shared/design/icons';
import { Sheet } from '../shared/design/sheet';
import { FailureNotice } from '../shared/design/states';
import { c } from '../shared/i18n/console/console';
import { t } from '../shared/i18n/i18n';
import { PasskeyButton } from '../shared/signin/passkey-button';
import { digitsOf } from '../shared/text/digits';
import { giveUp, logIn, opened, operator } from './session';
import './login.css';

const CODE = 6;

/** Id and password first, then the code of the authenticator app. */
function Credentials({ known = '' }: { known?: string }): JSX.Element {
  const [loginId, setLoginId] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const m = c().login;
  const first = useRef<HTMLInputElement>(null);
  // Browsers heed autofocus at the page's load alone.
  useEffect(() => first.current?.focus(), [code === null]);
  const attempt = async (given: string): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await logIn(loginId.trim(), password, given);
    } catch (caught) {
      if (caught instanceof ApiFailure && caught.code === 'TOTP_REQUIRED' && code === null) setCode('');
      else {
        setFailure(caught);
        // A code is good once.
        if (code !== null) setCode('');
      }
      setBusy(false);
    }
  };
  const type = (text: string): void => {
    const digits = digitsOf(text, CODE);
    setCode(digits);
    if (digits.length === CODE) void attempt(digits);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void attempt(code ?? '');
  };
  const startOver = (): void => {
    setCode(null);
    setPassword('');
    setFailure(undefined);
  };
  if (code !== null) {
    return (
      <form class="console-login-form" onSubmit={submit} noValidate>
        <p>{m.second(loginId.trim())}</p>
        <Field label={m.code} hint={m.codeHint} value={code} onInput={type} numeric big autocomplete="one-time-code" maxLength={CODE + 2} inputRef={first} />
        <FailureNotice failure={failure} />
        <Button kind="primary" type="submit" disabled={busy || code.length !== CODE}>
          {m.submit}
        </Button>
        <Button kind="text" onPress={startOver}>
          {m.other}
        </Button>
      </form>
    );
  }
  return (
    <form class="console-login-form" onSubmit={submit} noValidate>
      <Field label={t().login.loginId} name="username" autocomplete="username webauthn" value={loginId} onInput={setLoginId} maxLength={100} {...(known === '' ? { inputRef: first } : {})} />
      <Field label={t().login.password} name="password" type="password" autocomplete="current-password" value={password} onInput={setPassword} maxLength={200} {...(known !== '' ? { inputRef: first } : {})} />
      <FailureNotice failure={failure} />
      <Button kind="primary" type="submit" disabled={busy || loginId.trim() === '' || password === ''}>
        {m.next}
      </Button>
      <PasskeyButton busy={busy} onOpened={async (session) => opened(session)} onBusy={setBusy} onFailure={setFailure} />
    </form>
  );
}

/** The login of operators. The address stays, so that a link into the console still arrives. */
export function Login(): JSX.Element {
  return (
    <main class="console-login">
      <div class="console-login-box">
        <Wordmark height={28} />
        <h1>{c().login.title}</h1>
        <Credentials />
        <p class="small-print">{c().login.help}</p>
      </div>
    </main>
  );
}

/** Login over the page whose session ended: what was typed stays underneath. */
export function Renew(): JSX.Element {
  return (
    <Sheet title={t().login.expiredTitle} open closable={false} onClose={giveUp}>
      <p>{t().login.expiredText}</p>
      <Credentials known={operator.value?.user.loginId ?? ''} />
      <Button kind="text" onPress={giveUp}>
        {t().login.giveUp}
      </Button>
    </Sheet>
  );
}
