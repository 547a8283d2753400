import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import { Button, Field } from '../../../shared/design/controls';
import { Icon, Wordmark } from '../../../shared/design/icons';
import { FailureNotice } from '../../../shared/design/states';
import { Notice } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href, place } from '../../../shared/router/router';
import { PasskeyButton } from '../../../shared/signin/passkey-button';
import { installed } from '../../../shared/state/install';
import { ENDED, enter, logIn } from '../../../shared/state/session';
import { Forgotten } from './forgotten';
import './login.css';

/** Id and password, and the code of operators and owners who use one. */
export function Credentials({ loginId: known = '' }: { loginId?: string }): JSX.Element {
  const [loginId, setLoginId] = useState(known);
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [forgotten, setForgotten] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const m = t().login;

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await logIn(loginId.trim(), password, totp ?? '');
    } catch (caught) {
      if (caught instanceof ApiFailure && caught.code === 'TOTP_REQUIRED' && totp === null) setTotp('');
      else setFailure(caught);
      setBusy(false);
      // Mistyped is typed anew.
      if (caught instanceof ApiFailure && caught.code === 'LOGIN_FAILED') field.current?.select();
    }
  };

  return (
    <form class="login-form" onSubmit={(event) => void submit(event)} noValidate>
      <Field label={m.loginId} name="username" autocomplete="username webauthn" value={loginId} onInput={setLoginId} maxLength={100} autoFocus={known === ''} />
      <Field
        label={m.password}
        name="password"
        type={shown ? 'text' : 'password'}
        autocomplete="current-password"
        inputRef={field}
        value={password}
        onInput={setPassword}
        maxLength={200}
        autoFocus={known !== ''}
        suffix={
          <button type="button" class="icon-button" aria-pressed={shown} aria-label={shown ? m.hide : m.show} onClick={() => setShown(!shown)}>
            <Icon name={shown ? 'shut' : 'eye'} />
          </button>
        }
      />
      {totp !== null && <Field label={m.totp} value={totp} onInput={setTotp} numeric autocomplete="one-time-code" maxLength={11} hint={m.recovery} autoFocus />}
      <FailureNotice failure={failure} />
      <Button kind="primary" type="submit" disabled={busy || loginId.trim() === '' || password === ''}>
        {m.submit}
      </Button>
      <PasskeyButton busy={busy} onOpened={enter} onBusy={setBusy} onFailure={setFailure} />
      <Button kind="text" onPress={() => setForgotten(true)}>
        {m.forgotten}
      </Button>
      {forgotten && <Forgotten loginId={loginId.trim()} onClose={() => setForgotten(false)} />}
    </form>
  );
}

/** The login screen. The address stays, so that a link into the app still arrives. */
export function LoginForm(): JSX.Element {
  return (
    <main class="login">
      <div class="login-head">
        <span class="login-brand">
          <Wordmark height={28} />
        </span>
        <h1>{t().login.headline}</h1>
      </div>
      {place.value.query.has(ENDED) && (
        <Notice tone="warn" icon="lock">
          <p>{t().device.signedOut}</p>
        </Notice>
      )}
      <Credentials />
      <nav class="login-more" aria-label={t().login.more}>
        <Button kind="soft" icon="people" href={href('/register')}>
          {t().login.join}
        </Button>
        {!installed.value && (
          <Button kind="soft" icon="download" href={href('/install')}>
            {t().login.install}
          </Button>
        )}
      </nav>
      <p class="small-print">
        {t().login.help}{' '}
        <a class="login-terms" href={href('/terms')}>
          {t().login.terms}
        </a>
        <HelpDesk />
      </p>
    </main>
  );
}

/** Whom to call for an id; beside words that stand, so that nothing moves when it is known. */
function HelpDesk(): JSX.Element | null {
  const [phone, setPhone] = useState('');
  useEffect(() => {
    const abort = new AbortController();
    // Without it the login is as good as ever.
    import('../support/brand')
      .then(async ({ keptBrand, readBrand }) => {
        setPhone(keptBrand()?.phone ?? '');
        setPhone((await readBrand(abort.signal)).phone ?? '');
      })
      .catch(() => undefined);
    return () => abort.abort();
  }, []);
  return phone === '' ? null : (
    <a class="login-terms login-help" href={`tel:${phone.replace(/\D/g, '')}`}>
      {t().login.helpDesk(phone)}
    </a>
  );
}
