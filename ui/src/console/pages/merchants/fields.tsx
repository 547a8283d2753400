import type { JSX } from 'preact';
import { Field } from '../../../shared/design/controls';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import type { Merchant, MerchantDetails } from '../../api-merchant';
import { badOf, Check, Select } from '../../form';

/** A new merchant's details, with what is usual. */
export const newDetails = (): MerchantDetails => ({
  name: '',
  businessNumber: '',
  ownerName: '',
  address: '',
  phone: '',
  taxType: 'TAXABLE',
  vatRounding: 'NEAREST',
  authenticationLevel: 'FULL',
  minimumCardAmount: 100,
  mcc: '',
  forbidPlainTrack: false,
  chipFirst: 'ASK',
});

/** What can be changed of a merchant, out of what is shown of it. */
export function detailsOf(merchant: Merchant): MerchantDetails {
  const { name, businessNumber, ownerName, address, phone, taxType, vatRounding, authenticationLevel, minimumCardAmount, mcc, forbidPlainTrack, chipFirst } = merchant;
  return { name, businessNumber, ownerName, address, phone, taxType, vatRounding, authenticationLevel, minimumCardAmount, mcc, forbidPlainTrack, chipFirst };
}

interface Props {
  draft: MerchantDetails;
  /** There are payments: tax type and business number do not change any more. */
  fixed?: boolean;
  failure: unknown;
  onDraft: (draft: MerchantDetails) => void;
}

/** The details of a merchant as fields. */
export function DetailFields({ draft, fixed = false, failure, onDraft }: Props): JSX.Element {
  const m = c().merchants;
  const set = (change: Partial<MerchantDetails>): void => onDraft({ ...draft, ...change });
  const bad = (name: string): string => badOf(failure, `/${name}`);
  return (
    <div class="form-grid">
      <Field label={m.name} value={draft.name} onInput={(name) => set({ name })} bad={bad('name')} maxLength={50} />
      <Field label={m.businessNumber} value={draft.businessNumber} onInput={(businessNumber) => !fixed && set({ businessNumber })} bad={bad('businessNumber')} hint={fixed ? m.fixed : undefined} maxLength={12} numeric />
      <Field label={m.ownerName} value={draft.ownerName} onInput={(ownerName) => set({ ownerName })} bad={bad('ownerName')} maxLength={50} />
      <Field label={m.phone} value={draft.phone} onInput={(phone) => set({ phone })} bad={bad('phone')} maxLength={20} numeric />
      <Field label={m.address} value={draft.address} onInput={(address) => set({ address })} bad={bad('address')} maxLength={200} />
      <Field label={m.mcc} value={draft.mcc} onInput={(mcc) => set({ mcc })} bad={bad('mcc')} hint={m.mccHint} maxLength={4} numeric />
      <Select label={m.taxType} value={draft.taxType} options={m.taxTypes} disabled={fixed} onChange={(taxType) => set({ taxType })} />
      <Select label={m.vatRounding} value={draft.vatRounding ?? 'NEAREST'} options={t().merchant.roundings} onChange={(vatRounding) => set({ vatRounding })} />
      <Select label={m.authenticationLevel} value={draft.authenticationLevel ?? 'FULL'} options={t().merchant.levels} onChange={(authenticationLevel) => set({ authenticationLevel })} />
      <Field
        label={m.minimumCardAmount}
        value={String(draft.minimumCardAmount ?? '')}
        onInput={(text) => set({ minimumCardAmount: Number(text.replace(/\D/g, '').slice(0, 10)) })}
        bad={bad('minimumCardAmount')}
        numeric
      />
      <Select label={m.chipFirst} value={draft.chipFirst ?? 'ASK'} options={m.chips} onChange={(chipFirst) => set({ chipFirst })} />
      <Check label={m.forbidPlainTrack} on={draft.forbidPlainTrack ?? false} onChange={(forbidPlainTrack) => set({ forbidPlainTrack })} />
    </div>
  );
}
