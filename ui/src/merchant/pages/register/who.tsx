import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { registrations } from '../../../shared/api/join';
import { Field } from '../../../shared/design/controls';
import { j } from '../../../shared/i18n/join';
import { digitsOf, groupPhone } from '../../../shared/text/digits';
import { isMobile } from '../../../shared/text/mask';
import type { StepProps } from './codes';
import { StepForm, useSending } from './step';

/** Who registers, and the phone that is to be proven. */
export function WhoStep({ draft, change }: StepProps): JSX.Element {
  const m = j().register;
  const sending = useSending();
  const [left, setLeft] = useState(false);
  const good = isMobile(draft.phone);
  const submit = (): void =>
    sending.send(async () => {
      await registrations.sendCode(draft.token, draft.name.trim(), draft.phone);
      change({ step: 'code', name: draft.name.trim() });
    });
  const bad = sending.said('/phone') || (left && draft.phone !== '' && !good ? m.phoneWrong : '');
  return (
    <StepForm question={m.who} hint={m.whoHint(draft.shop)} act={m.send} ready={draft.name.trim() !== '' && good} sending={sending} told={sending.said('/phone') !== '' || sending.said('/name') !== ''} onSubmit={submit}>
      <Field label={m.name} name="name" autocomplete="name" value={draft.name} onInput={(name) => change({ name })} maxLength={50} bad={sending.said('/name')} />
      <Field label={m.phone} name="tel" autocomplete="tel" numeric value={groupPhone(draft.phone)} onInput={(text) => change({ phone: digitsOf(text, 11) })} onLeave={() => setLeft(true)} maxLength={16} bad={bad} />
    </StepForm>
  );
}
