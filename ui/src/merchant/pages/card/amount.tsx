import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Merchant } from '../../../shared/api/types';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Keypad } from '../../../shared/design/keypad';
import { Page } from '../../../shared/design/page';
import { Amount } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, t } from '../../../shared/i18n/i18n';
import { hangulWon } from '../../../shared/money/hangul';
import { press, type KeypadPress } from '../../../shared/money/keypad';
import { grouped, parseWon, splitOf, taxFreeFor } from '../../../shared/money/money';
import { href, navigate } from '../../../shared/router/router';
import { cart, emptyCart, lineTotal } from '../../cart';
import { amount, chosenTaxFree, draft, edit } from './draft';
import { saleName } from './sale';

const QUICK = [1_000, 5_000, 10_000, 50_000];

/** First step: how much, and for what. */
export function AmountStep({ merchant }: { merchant: Merchant }): JSX.Element {
  const m = t().pay;
  const won = amount.value;
  const picked = cart.value.length > 0;
  const excess = merchant.taxType === 'MIXED' && !picked && draft.value.taxFree > won;
  const tooSmall = won > 0 && won < merchant.minimumCardAmount;
  const type = (key: KeypadPress): void => edit({ amount: press(draft.value.amount, key) });
  return (
    <Page title={m.title} up="/">
      <div class="hero" aria-live="polite">
        <span class="hero-label">{won === 0 ? m.amountTitle : m.amountLabel}</span>
        <Amount won={won} size="xl" live={!picked} />
        <span class="hero-words">{won === 0 ? m.enterAmount : hangulWon(won)}</span>
        <SplitLine merchant={merchant} />
      </div>
      <div class="sale-options">
        <ProductLine />
        {merchant.taxType === 'MIXED' && !picked && <TaxFreeLine bad={excess} />}
      </div>
      {picked ? (
        <Lines />
      ) : (
        <div class="pad">
          <div class="quick" role="group" aria-label={m.quick}>
            {QUICK.map((add) => (
              <button key={add} type="button" class="chip" onClick={() => type({ kind: 'add', won: add })}>
                {m.plus(m.short(add))}
              </button>
            ))}
            <button type="button" class="chip" onClick={() => type({ kind: 'clear' })}>
              {m.clear}
            </button>
          </div>
          <Keypad onPress={type} />
        </div>
      )}
      <div class="cta">
        {tooSmall && <p class="field-hint">{m.minimum(amountText(merchant.minimumCardAmount))}</p>}
        <Button kind="primary" disabled={won < merchant.minimumCardAmount || excess} onPress={() => navigate('/pay/card?step=card')}>
          {won > 0 ? m.toCard(amountText(won)) : m.enterAmount}
        </Button>
      </div>
    </Page>
  );
}

/** The live split of the amount, as the slip will print it. */
export function SplitLine({ merchant }: { merchant: Merchant }): JSX.Element {
  const m = t().pay;
  const won = amount.value;
  const split = splitOf(won, taxFreeFor(merchant.taxType, won, chosenTaxFree.value), 0, merchant.vatRounding);
  const parts = split && [
    split.supplied > 0 && `${m.supplied} ${grouped(split.supplied)}`,
    split.vat > 0 && `${m.vat} ${grouped(split.vat)}`,
    split.taxFree > 0 && `${m.taxFree} ${grouped(split.taxFree)}`,
  ];
  return <span class="hero-split">{parts ? parts.filter(Boolean).join(' · ') : '\u00a0'}</span>;
}

/** What is sold: typed in a sheet, or chosen in the product view. */
function ProductLine(): JSX.Element {
  const m = t().pay;
  const [open, setOpen] = useState(false);
  const named = cart.value.length > 0 || draft.value.name.trim() !== '';
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="box" size={20} />
        <span class="option-name">{m.product}</span>
        <span class={named ? 'option-value' : 'option-value is-empty'}>{named ? saleName() : m.productNone}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.product} open={open} onClose={() => setOpen(false)}>
        {cart.value.length === 0 && (
          <form class="stack" onSubmit={(event) => (event.preventDefault(), setOpen(false))}>
            <Field label={m.productName} value={draft.value.name} onInput={(name) => edit({ name })} placeholder={m.productHint} maxLength={100} autoFocus />
            <Button kind="primary" type="submit">
              {t().common.done}
            </Button>
          </form>
        )}
        <Button kind="soft" wide icon="box" href={href('/products')}>
          {m.productPick}
        </Button>
      </Sheet>
    </>
  );
}

function TaxFreeLine({ bad }: { bad: boolean }): JSX.Element {
  const m = t().pay;
  const [open, setOpen] = useState(false);
  const value = draft.value.taxFree;
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="coin" size={20} />
        <span class="option-name">{m.taxFreeAmount}</span>
        <span class={value > 0 ? 'option-value' : 'option-value is-empty'}>{amountText(value)}</span>
        <Icon name="next" size={18} />
      </button>
      {bad && (
        <p class="field-bad" role="alert">
          <Icon name="alert" size={16} />
          <span>{m.taxFreeTooMuch}</span>
        </p>
      )}
      <Sheet title={m.taxFreeAmount} open={open} onClose={() => setOpen(false)}>
        <form class="stack" onSubmit={(event) => (event.preventDefault(), setOpen(false))}>
          <Field label={m.taxFreeAmount} hint={m.taxFreeHint} numeric big value={value ? grouped(value) : ''} onInput={(text) => edit({ taxFree: parseWon(text) })} suffix={<span class="suffix">{t().common.won}</span>} autoFocus />
          <Button kind="primary" type="submit">
            {t().common.done}
          </Button>
        </form>
      </Sheet>
    </>
  );
}

/** The chosen products, in place of the keypad. */
function Lines(): JSX.Element {
  const m = t().pay;
  return (
    <section class="lines">
      <ul>
        {cart.value.map((line) => (
          <li class="line" key={line.product.id}>
            <span>{m.itemLine(line.product.name, line.quantity)}</span>
            <Amount won={lineTotal(line)} size="s" />
          </li>
        ))}
      </ul>
      <Button kind="soft" wide onPress={emptyCart}>
        {m.dropItems}
      </Button>
    </section>
  );
}
