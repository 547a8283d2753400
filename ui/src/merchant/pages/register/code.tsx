import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { registrations } from '../../../shared/api/join';
import { ApiFailure } from '../../../shared/api/failure';
import { Button, Field } from '../../../shared/design/controls';
import { toast } from '../../../shared/design/toast';
import { j } from '../../../shared/i18n/join';
import { digitsOf, groupPhone } from '../../../shared/text/digits';
import type { StepProps } from './codes';
import { StepForm, useSending } from './step';

const SECOND = 1000;

/** How long the code can still be entered, in whole seconds; null while that is not known. */
function useLeft(token: string, turn: number): number | null {
  const [until, setUntil] = useState<number | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    registrations.current(token).then(
      ({ codeExpiresAt }) => setUntil(codeExpiresAt ? Date.parse(codeExpiresAt) : 0),
      () => undefined,
    );
  }, [token, turn]);
  useEffect(() => {
    if (until === null) return;
    const count = (): void => setLeft(Math.max(0, Math.round((until - Date.now()) / SECOND)));
    count();
    const timer = setInterval(count, SECOND);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/** The six digits from the text. */
export function CodeStep({ draft, change }: StepProps): JSX.Element {
  const m = j().register;
  const sending = useSending();
  const [code, setCode] = useState('');
  const [turn, setTurn] = useState(0);
  const left = useLeft(draft.token, turn);
  const wrong = sending.failure instanceof ApiFailure && sending.failure.code === 'PHONE_CODE_WRONG' ? sending.failure : undefined;
  const submit = (): void =>
    sending.send(async () => {
      await registrations.verify(draft.token, code);
      change({ step: 'id' });
    });
  const again = (): void =>
    sending.send(async () => {
      await registrations.sendCode(draft.token, draft.name, draft.phone);
      setCode('');
      setTurn((n) => n + 1);
      toast(m.againSent);
    });
  return (
    <StepForm question={m.code} hint={m.codeHint(groupPhone(draft.phone))} act={m.verify} ready={code.length === 6} sending={sending} told={wrong !== undefined} onSubmit={submit}>
      <div class="join-code">
        <Field
          label={m.codeLabel}
          numeric
          autocomplete="one-time-code"
          value={code}
          onInput={(text) => setCode(digitsOf(text, 6))}
          maxLength={6}
          hint={left === null ? undefined : left > 0 ? m.codeLeft(clock(left)) : m.codeOver}
          bad={wrong ? `${wrong.message} ${m.triesLeft(wrong.detailNumber('triesLeft') ?? 0)}` : ''}
          autoFocus
        />
      </div>
      <div class="join-acts">
        <Button kind="soft" icon="send" disabled={sending.busy} onPress={again}>
          {m.again}
        </Button>
        <Button kind="text" onPress={() => change({ step: 'who' })}>
          {m.otherPhone}
        </Button>
      </div>
    </StepForm>
  );
}
