import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { merchants } from '../../../shared/api/api';
import type { Settings } from '../../../shared/api/types';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Badge } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { failureText } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { digitsOf, groupPhone } from '../../../shared/text/digits';
import { amount, draft, edit } from './draft';

/**
 * Lump sum or months, as the server offers them for the amount; the reason where it
 * offers none. Which months are free of interest shows once the card's issuer is known.
 */
export function InstallmentLine({ bin }: { bin: string }): JSX.Element {
  const m = t().pay;
  const won = amount.value;
  const load = useLoad((signal) => merchants.installments(won, bin, signal), `${won} ${bin}`);
  const [open, setOpen] = useState(false);
  const months = draft.value.months;
  const offered = load.data?.months ?? [];
  useEffect(() => {
    // Months chosen for a larger amount are not carried into one that has none.
    if (load.data && months !== 0 && !load.data.months.some((choice) => choice.months === months)) edit({ months: 0 });
  }, [load.data]);
  if (offered.length === 0) {
    const reason = load.data ? m.installmentFrom(amountText(load.data.minimumAmount)) : load.failure === undefined ? m.months(0) : failureText(load.failure);
    return (
      <div class="option is-off">
        <Icon name="clock" size={20} />
        <span class="option-name">{m.installment}</span>
        <span class="option-value is-empty">{reason}</span>
      </div>
    );
  }
  const choose = (next: number): void => {
    edit({ months: next });
    setOpen(false);
  };
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="clock" size={20} />
        <span class="option-name">{m.installment}</span>
        <span class="option-value">{[m.months(months), offered.some((choice) => choice.months === months && choice.interestFree) && m.interestFree].filter(Boolean).join(' ')}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.installmentTitle} open={open} onClose={() => setOpen(false)}>
        <p class="hero-split">{load.data?.issuerName ?? m.freeAfterCard}</p>
        <div class="months">
          {[{ months: 0, interestFree: false }, ...offered].map((choice) => (
            <button key={choice.months} type="button" class="chip" aria-pressed={choice.months === months} onClick={() => choose(choice.months)}>
              {m.months(choice.months)}
              {choice.interestFree && <Badge tone="ok">{m.interestFree}</Badge>}
            </button>
          ))}
        </div>
      </Sheet>
    </>
  );
}

/** Name and phone of the buyer; the one of the settings where buyers are not typed in. */
export function BuyerLine({ fixed }: { fixed: Settings['fixedBuyer'] }): JSX.Element {
  const m = t().pay;
  if (fixed) {
    return (
      <div class="option is-off">
        <Icon name="person" size={20} />
        <span class="option-name">{m.fixedBuyer}</span>
        <span class="option-value">{[fixed.name, groupPhone(fixed.phone ?? '')].filter(Boolean).join(' ')}</span>
      </div>
    );
  }
  return <TypedBuyer />;
}

function TypedBuyer(): JSX.Element {
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
