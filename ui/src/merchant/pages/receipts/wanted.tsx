import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ReceiptKind } from '../../../shared/api/cash';
import { Chips, Field } from '../../../shared/design/controls';
import { t } from '../../../shared/i18n/i18n';
import { groupBusinessNumber, groupPhone } from '../../../shared/text/digits';
import { identifierDigits, identifierFault, type Named } from '../../../shared/text/identifier';

/** The receipt a buyer asks for; the identifier is a person's and lives in the form alone. */
export interface Wanted {
  kind: ReceiptKind | 'NONE';
  identifier: string;
}

export const NAMED: readonly Named[] = ['INCOME_DEDUCTION', 'EXPENSE_PROOF'];
export const ISSUED: readonly ReceiptKind[] = [...NAMED, 'SELF_ISSUED'];

/** Whether somebody must name themselves for it. */
export function isNamed(kind: Wanted['kind']): kind is Named {
  return kind === 'INCOME_DEDUCTION' || kind === 'EXPENSE_PROOF';
}

/** Whether it can be issued as it stands. */
export function isWhole({ kind, identifier }: Wanted): boolean {
  return !isNamed(kind) || identifierFault(kind, identifier) === null;
}

/** The receipt as the API takes it. */
export function asBody({ kind, identifier }: Wanted & { kind: ReceiptKind }): { type: ReceiptKind; identifier?: string } {
  return isNamed(kind) ? { type: kind, identifier } : { type: kind };
}

/** An identifier in the groups people write it in. */
function grouped(kind: Named, digits: string): string {
  if (/^01\d{0,9}$/.test(digits) && digits.length <= 11 && !(kind === 'EXPENSE_PROOF' && digits.length === 10)) return groupPhone(digits);
  if (kind === 'EXPENSE_PROOF' && digits.length <= 10) return groupBusinessNumber(digits);
  return digits;
}

interface WantedFormProps {
  wanted: Wanted;
  onWanted: (wanted: Wanted) => void;
  kinds: readonly Wanted['kind'][];
  /** Those that cannot be had now. */
  barred?: readonly Wanted['kind'][];
  /** What the server said of the identifier. */
  bad?: string;
}

/** Which cash receipt, and for whom. */
export function WantedForm({ wanted, onWanted, kinds, barred = [], bad = '' }: WantedFormProps): JSX.Element {
  const m = t().receipts;
  const [left, setLeft] = useState(false);
  const { kind, identifier } = wanted;
  const named = isNamed(kind) && !barred.includes(kind) ? kind : null;
  const fault = named && identifierFault(named, identifier);
  // What is wrong already is said at once; what may only be unfinished, when the field is left.
  const sure = fault === 'business' || fault === 'resident';
  const business = kind === 'EXPENSE_PROOF';
  const choose = (next: Wanted['kind']): void => {
    setLeft(false);
    onWanted({ kind: next, identifier: isNamed(next) && next === kind ? identifier : '' });
  };
  return (
    <>
      <Chips label={m.kind} value={barred.includes(kind) ? ('' as Wanted['kind']) : kind} wrap options={kinds.map((value) => ({ value, text: m.kinds[value], disabled: barred.includes(value) }))} onChange={choose} />
      {named && (
        <Field
          key={named}
          label={business ? m.business : m.person}
          hint={business ? m.businessHint : m.personHint}
          numeric
          big
          value={grouped(named, identifier)}
          onInput={(text) => onWanted({ kind, identifier: identifierDigits(text) })}
          onLeave={() => setLeft(identifier !== '')}
          bad={bad || (fault && (sure || left) ? m.faults[fault] : '')}
          placeholder={business ? '000-00-00000' : '010-0000-0000'}
          maxLength={24}
        />
      )}
      {kind === 'SELF_ISSUED' && <p class="field-hint">{m.selfHint}</p>}
    </>
  );
}
