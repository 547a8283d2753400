import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { registrations, terms } from '../../../shared/api/join';
import { ApiFailure } from '../../../shared/api/failure';
import { Button } from '../../../shared/design/controls';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { j } from '../../../shared/i18n/join';
import { useLoad } from '../../../shared/state/load';
import { Agree, answersOf, enough } from '../terms/agree';
import type { StepProps } from './codes';
import { StepForm, useSending } from './step';

/** Terms last, for then everything is handed in. */
export function TermsStep({ draft, change, restart, password }: StepProps & { password: string }): JSX.Element {
  const m = j().register;
  const sending = useSending();
  const load = useLoad(terms.list, 'terms');
  const docs = load.data ?? [];
  const code = sending.failure instanceof ApiFailure ? sending.failure.code : '';
  useEffect(() => {
    if (code === 'TERMS_CHANGED') load.reload();
  }, [code]);
  const submit = (): void =>
    sending.send(async () => {
      await registrations.submit(draft.token, { loginId: draft.loginId, password, consents: answersOf(docs, draft.said) });
      change({ step: 'done' });
    });
  return (
    <StepForm question={m.terms} act={m.submit} ready={docs.length > 0 && enough(docs, draft.said)} sending={sending} onSubmit={submit}>
      {load.data ? <Agree docs={docs} said={draft.said} onChange={(said) => change({ said })} /> : load.failure === undefined ? <Skeleton shape="line" count={4} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
      <div class="join-acts">
        {code === 'LOGIN_ID_TAKEN' && <Button onPress={() => change({ step: 'id' })}>{m.id}</Button>}
        {sending.said('/password') !== '' && <Button onPress={() => change({ step: 'password' })}>{m.password}</Button>}
        {(code === 'REGISTRATION_GONE' || code === 'INVITE_INVALID') && <Button onPress={restart}>{m.restart}</Button>}
      </div>
    </StepForm>
  );
}
