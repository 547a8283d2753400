import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../api/failure';
import { Button, Field } from '../design/controls';
import { FailureNotice } from '../design/states';
import { t } from '../i18n/i18n';

interface ProofProps {
  /** Whose password it is, for programs that fill passwords in. */
  loginId: string | undefined;
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
export function ProofForm({ loginId, children, act, bad = false, code: wanted = false, unready = false, onProof }: ProofProps): JSX.Element {
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
      <input class="unseen" type="text" name="username" autocomplete="username" value={loginId} readOnly tabIndex={-1} aria-hidden="true" />
      <Field label={m.present} name="current-password" type="password" autocomplete="current-password" value={password} onInput={type} maxLength={200} bad={wrong} />
      {wanted && <Field label={m.factorCodeAny} value={code} onInput={setCode} autocomplete="one-time-code" maxLength={11} />}
      {!wrong && <FailureNotice failure={failure} />}
      <Button kind={bad ? 'danger' : 'primary'} type="submit" disabled={busy || unready || password === '' || (wanted && code.trim() === '')}>
        {act}
      </Button>
    </form>
  );
}
