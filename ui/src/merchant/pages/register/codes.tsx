import type { JSX } from 'preact';
import { registrations } from '../../../shared/api/join';
import { Field } from '../../../shared/design/controls';
import { j } from '../../../shared/i18n/join';
import { tidyCode, type Draft } from './draft';
import { StepForm, useSending } from './step';

export interface StepProps {
  draft: Draft;
  change: (next: Partial<Draft>) => void;
  restart: () => void;
}

const SHOP = 6;
const INVITE = 8;

/** Which shop, and by whose invitation. */
export function CodesStep({ draft, change }: StepProps): JSX.Element {
  const m = j().register;
  const sending = useSending();
  const ready = draft.shopCode.length === SHOP && draft.inviteCode.length === INVITE;
  const submit = (): void =>
    sending.send(async () => {
      const begun = await registrations.begin(draft.shopCode, draft.inviteCode);
      change({ step: 'who', token: begun.token ?? '', shop: begun.merchantName ?? '' });
    });
  return (
    <StepForm question={m.codes} hint={m.codesHint} act={m.next} ready={ready} sending={sending} onSubmit={submit}>
      <div class="join-code">
        <Field label={m.shopCode} hint={m.shopCodeHint} value={draft.shopCode} onInput={(text) => change({ shopCode: tidyCode(text, SHOP) })} maxLength={20} />
      </div>
      <div class="join-code">
        <Field label={m.inviteCode} hint={m.inviteCodeHint} value={draft.inviteCode} onInput={(text) => change({ inviteCode: tidyCode(text, INVITE) })} maxLength={20} />
      </div>
    </StepForm>
  );
}
