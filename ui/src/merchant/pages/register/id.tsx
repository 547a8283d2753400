import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { registrations } from '../../../shared/api/join';
import { ApiFailure } from '../../../shared/api/failure';
import { Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { failureText } from '../../../shared/design/states';
import { j } from '../../../shared/i18n/join';
import type { StepProps } from './codes';
import { StepForm, useSending } from './step';

/** A pause in typing after which the id is asked for, in milliseconds. */
const PAUSE = 400;
const LEAST = 4;

type Answer = { id: string; free: boolean } | { id: string; failure: unknown };

/** The id people log in with; whether it is free is asked while it is typed. */
export function IdStep({ draft, change }: StepProps): JSX.Element {
  const m = j().register;
  const sending = useSending();
  const [answer, setAnswer] = useState<Answer>();
  const id = draft.loginId.trim();
  useEffect(() => {
    if (id.length < LEAST) return;
    let live = true;
    const timer = setTimeout(() => {
      registrations.idFree(draft.token, id).then(
        (free) => live && setAnswer({ id, free }),
        (failure: unknown) => live && setAnswer({ id, failure }),
      );
    }, PAUSE);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [id, draft.token]);
  const known = answer?.id === id ? answer : undefined;
  const free = known !== undefined && 'free' in known && known.free;
  const failure = known && 'failure' in known ? known.failure : undefined;
  const bad = failure !== undefined ? (failure instanceof ApiFailure && failure.fieldMessage('/loginId')) || failureText(failure) : known && !free ? m.idTaken : '';
  return (
    <StepForm question={m.id} act={m.next} ready={free} sending={sending} onSubmit={() => change({ step: 'password', loginId: id })}>
      <Field label={m.idLabel} name="username" autocomplete="username" value={draft.loginId} onInput={(loginId) => change({ loginId: loginId.toLowerCase() })} maxLength={64} hint={id.length >= LEAST && !known ? m.idChecking : m.idHint} bad={bad} autoFocus />
      <p class="join-good" role="status">
        {free && (
          <>
            <Icon name="check" size={18} />
            {m.idFree}
          </>
        )}
      </p>
    </StepForm>
  );
}
