import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Merchant } from '../../../shared/api/types';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Amount, Facts } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, t } from '../../../shared/i18n/i18n';
import { grouped, parseWon, splitOf, taxFreeFor, type Split } from '../../../shared/money/money';
import { cart } from '../../cart';
import { amount, chosenTaxFree, draft, edit, price } from './draft';

/** Service fees as parts of the price, in percent. */
const PERCENTS = [0, 5, 10];

/** The tax-free part as the payment names it. */
export function taxFreePart(merchant: Merchant): number {
  return taxFreeFor(merchant.taxType, price.value, chosenTaxFree.value);
}

/** The amount in its parts, as the slip will print it; null while there is none. */
function split(merchant: Merchant): Split | null {
  return splitOf(amount.value, taxFreePart(merchant), amount.value > 0 ? draft.value.serviceFee : 0, merchant.vatRounding);
}

const typesTaxFree = (merchant: Merchant): boolean => merchant.taxType === 'MIXED' && cart.value.length === 0;

/** Whether more was typed as tax-free than the goods cost. */
export function taxFreeExcess(merchant: Merchant): boolean {
  return typesTaxFree(merchant) && draft.value.taxFree > price.value;
}

/** The live split of the amount. */
export function SplitLine({ merchant }: { merchant: Merchant }): JSX.Element {
  const m = t().pay;
  const parts = split(merchant);
  const words = parts && [
    parts.supplied > 0 && `${m.supplied} ${grouped(parts.supplied)}`,
    parts.vat > 0 && `${m.vat} ${grouped(parts.vat)}`,
    parts.taxFree > 0 && `${m.taxFree} ${grouped(parts.taxFree)}`,
    parts.serviceFee > 0 && `${m.serviceFee} ${grouped(parts.serviceFee)}`,
  ];
  return <span class="hero-split">{words ? words.filter(Boolean).join(' · ') : '\u00a0'}</span>;
}

/** Service fee, and the tax-free part where the shop sells both kinds, in one sheet. */
export function ExtrasLine({ merchant }: { merchant: Merchant }): JSX.Element {
  const m = t().pay;
  const [open, setOpen] = useState(false);
  const { taxFree, serviceFee } = draft.value;
  const mixed = typesTaxFree(merchant);
  const bad = taxFreeExcess(merchant);
  const name = mixed ? m.extrasMixed : m.extrasOther;
  const set = [mixed && taxFree > 0 && `${m.taxFree} ${grouped(taxFree)}`, serviceFee > 0 && `${m.serviceFee} ${grouped(serviceFee)}`].filter(Boolean);
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" aria-label={`${name} ${set.join(' · ') || m.none}`} onClick={() => setOpen(true)}>
        <Icon name="coin" size={20} />
        <span class={set.length > 0 ? 'option-value' : 'option-name'}>{set.join(' · ') || name}</span>
      </button>
      {bad && (
        <p class="field-bad" role="alert">
          <Icon name="alert" size={16} />
          <span>{m.taxFreeTooMuch}</span>
        </p>
      )}
      <Sheet title={m.extras} open={open} onClose={() => setOpen(false)}>
        <form class="stack" onSubmit={(event) => (event.preventDefault(), setOpen(false))}>
          {mixed && <WonField label={m.taxFreeAmount} hint={m.taxFreeHint} bad={bad ? m.taxFreeTooMuch : ''} won={taxFree} onWon={(won) => edit({ taxFree: won })} first />}
          <WonField label={m.serviceFee} hint={m.serviceFeeHint} won={serviceFee} onWon={(won) => edit({ serviceFee: won })} first={!mixed} />
          <div class="chips chips-wrap" role="group" aria-label={m.serviceFee}>
            {PERCENTS.map((percent) => (
              <button key={percent} type="button" class="chip" onClick={() => edit({ serviceFee: Math.floor((price.value * percent) / 100) })}>
                {m.serviceFeePart(percent)}
              </button>
            ))}
          </div>
          <SplitFacts merchant={merchant} />
          <Button kind="primary" type="submit">
            {t().common.done}
          </Button>
        </form>
      </Sheet>
    </>
  );
}

interface WonFieldProps {
  label: string;
  hint: string;
  bad?: string;
  won: number;
  onWon: (won: number) => void;
  first: boolean;
}

function WonField({ label, hint, bad, won, onWon, first }: WonFieldProps): JSX.Element {
  return (
    <Field label={label} hint={hint} bad={bad} numeric big value={won ? grouped(won) : ''} onInput={(text) => onWon(parseWon(text))} suffix={<span class="suffix">{t().common.won}</span>} autoFocus={first} />
  );
}

function SplitFacts({ merchant }: { merchant: Merchant }): JSX.Element | null {
  const m = t().pay;
  const parts = split(merchant);
  if (!parts) return null;
  return (
    <Facts
      rows={[
        [m.supplied, amountText(parts.supplied)],
        [m.vat, amountText(parts.vat)],
        [m.taxFree, parts.taxFree > 0 && amountText(parts.taxFree)],
        [m.serviceFee, parts.serviceFee > 0 && amountText(parts.serviceFee)],
        [m.total, <Amount won={parts.amount} size="m" />],
      ]}
    />
  );
}
