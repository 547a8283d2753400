import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, t } from '../../../shared/i18n/i18n';
import { digitsOf, groupPhone } from '../../../shared/text/digits';
import { amount, draft, edit } from './draft';
import { INSTALLMENT_FROM } from './request';

const MONTHS = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Lump sum or months; below the smallest amount the reason stands in its place. */
export function InstallmentLine(): JSX.Element {
  const m = t().pay;
  const [open, setOpen] = useState(false);
  if (amount.value < INSTALLMENT_FROM) {
    return (
      <div class="option is-off">
        <Icon name="clock" size={20} />
        <span class="option-name">{m.installment}</span>
        <span class="option-value is-empty">{m.installmentFrom(amountText(INSTALLMENT_FROM))}</span>
      </div>
    );
  }
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="clock" size={20} />
        <span class="option-name">{m.installment}</span>
        <span class="option-value">{m.months(draft.value.months)}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.installmentTitle} open={open} onClose={() => setOpen(false)}>
        <div class="months">
          {MONTHS.map((months) => (
            <button
              key={months}
              type="button"
              class="chip"
              aria-pressed={months === draft.value.months}
              onClick={() => {
                edit({ months });
                setOpen(false);
              }}
            >
              {m.months(months)}
            </button>
          ))}
        </div>
      </Sheet>
    </>
  );
}

/** Name and phone of the buyer, when the shop wants them with the payment. */
export function BuyerLine(): JSX.Element {
  const m = t().pay;
  const [open, setOpen] = useState(false);
  const { buyerName, buyerPhone } = draft.value;
  const known = [buyerName.trim(), groupPhone(buyerPhone)].filter(Boolean).join(' ');
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="person" size={20} />
        <span class="option-name">{m.buyer}</span>
        <span class={known ? 'option-value' : 'option-value is-empty'}>{known || t().common.optional}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.buyerAdd} open={open} onClose={() => setOpen(false)}>
        <Field label={m.buyerName} value={buyerName} onInput={(text) => edit({ buyerName: text })} maxLength={100} />
        <Field label={m.buyerPhone} numeric value={groupPhone(buyerPhone)} onInput={(text) => edit({ buyerPhone: digitsOf(text, 11) })} placeholder="010-0000-0000" maxLength={16} />
        <Button kind="primary" onPress={() => setOpen(false)}>
          {m.buyerSave}
        </Button>
      </Sheet>
    </>
  );
}
