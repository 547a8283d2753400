import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Merchant } from '../../../shared/api/types';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Keypad } from '../../../shared/design/keypad';
import { Page } from '../../../shared/design/page';
import { Amount } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, t } from '../../../shared/i18n/i18n';
import { hangulWon } from '../../../shared/money/hangul';
import { MAX_LINES } from '../../../shared/money/keypad';
import { grouped, MAX_AMOUNT } from '../../../shared/money/money';
import { href, place } from '../../../shared/router/router';
import { cart, emptyCart, lineTotal } from '../../cart';
import { amount, draft, edit, pressKey, price, undoKey } from './draft';
import { ExtrasLine, SplitLine, taxFreeExcess } from './extras';
import { recentAmounts } from '../../../shared/state/amounts';
import { saleName } from './sale';

const QUICK = [1_000, 5_000, 10_000, 50_000];

interface AmountStepProps {
  merchant: Merchant;
  title: string;
  right?: JSX.Element | undefined;
  /** The least amount; that of cards when absent. */
  minimum?: number;
  /** The button's words once there is an amount. */
  act: (won: string) => string;
  onNext: () => void;
}

/** First step of a sale: how much, and for what. */
export function AmountStep({ merchant, title, right, minimum = merchant.minimumCardAmount, act, onNext }: AmountStepProps): JSX.Element {
  const m = t().pay;
  const won = amount.value;
  const picked = cart.value.length > 0;
  const tooSmall = won > 0 && won < minimum;
  const ready = won >= minimum && won <= MAX_AMOUNT && !taxFreeExcess(merchant);
  const next = (): void => {
    if (ready) onNext();
  };
  return (
    <Page title={title} up="/" right={right}>
      <div class="hero">
        <div class="hero-figures" aria-live="polite">
          <span class="hero-label">{won === 0 ? m.amountTitle : m.amountLabel}</span>
          <Amount won={won} size="xl" live={!picked} />
          {won > 0 && <span class="hero-words">{hangulWon(won)}</span>}
        </div>
        {won > 0 ? <SplitLine merchant={merchant} /> : <Recent />}
      </div>
      {!picked && <Sums />}
      <div class="sale-options sale-pair">
        <ProductLine />
        <ExtrasLine merchant={merchant} />
      </div>
      {picked ? <Lines /> : <Pad onEnter={next} />}
      <div class="cta">
        {tooSmall && <p class="field-hint">{m.minimum(amountText(minimum))}</p>}
        <Button kind="primary" disabled={!ready} onPress={next}>
          {won > 0 ? act(amountText(won)) : m.enterAmount}
        </Button>
      </div>
    </Page>
  );
}

function Pad({ onEnter }: { onEnter: () => void }): JSX.Element {
  const m = t().pay;
  const { sum, past } = draft.value;
  return (
    <div class="pad">
      <div class="quick" role="group" aria-label={m.quick}>
        {QUICK.map((add) => (
          <button key={add} type="button" class="chip" onClick={() => pressKey({ kind: 'add', won: add })}>
            {m.plus(m.short(add))}
          </button>
        ))}
      </div>
      <Keypad
        onPress={pressKey}
        sums={{ onNext: () => pressKey({ kind: 'next' }), onUndo: undoKey, canUndo: past.length > 0, canNext: sum.now > 0 && sum.lines.length < MAX_LINES }}
        onEnter={onEnter}
      />
    </div>
  );
}

/** The last amounts of this device, to take one again. */
function Recent(): JSX.Element {
  const m = t().pay;
  const amounts = useMemo(recentAmounts, []);
  if (amounts.length === 0) return <span class="hero-words">{m.enterAmount}</span>;
  return (
    <div class="recent" role="group" aria-label={m.recent}>
      <span class="hero-split">{m.recent}</span>
      {amounts.map((won) => (
        <button key={won} type="button" class="chip" onClick={() => pressKey({ kind: 'add', won })}>
          {amountText(won)}
        </button>
      ))}
    </div>
  );
}

/** The amounts that make the total, each to be taken out again. */
function Sums(): JSX.Element | null {
  const m = t().pay;
  const { sum, serviceFee } = draft.value;
  if (sum.lines.length === 0) return null;
  return (
    <ul class="sums" aria-label={m.sums}>
      {sum.lines.map((won, index) => (
        <li key={index}>
          <button type="button" class="chip" aria-label={m.dropSum(amountText(won))} onClick={() => pressKey({ kind: 'drop', index })}>
            {grouped(won)}
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
      {sum.now > 0 && <li class="sums-now">{grouped(sum.now)}</li>}
      {serviceFee > 0 && <li class="sums-now">{`${m.serviceFee} ${grouped(serviceFee)}`}</li>}
    </ul>
  );
}

/** What is sold: typed in a sheet, or chosen in the product view. */
function ProductLine(): JSX.Element {
  const m = t().pay;
  const [open, setOpen] = useState(false);
  const named = cart.value.length > 0 || draft.value.name.trim() !== '';
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" aria-label={`${m.product} ${named ? saleName() : m.productNone}`} onClick={() => setOpen(true)}>
        <Icon name="box" size={20} />
        <span class={named ? 'option-value' : 'option-name'}>{named ? saleName() : m.product}</span>
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
        <Button kind="soft" wide icon="box" href={href(`/products?for=${place.value.path.split('/').at(-1) ?? ''}`)}>
          {m.productPick}
        </Button>
      </Sheet>
    </>
  );
}

/** The chosen products, in place of the keypad. */
function Lines(): JSX.Element {
  const m = t().pay;
  const { serviceFee } = draft.value;
  return (
    <section class="lines">
      <ul>
        {cart.value.map((line) => (
          <li class="line" key={line.product.id}>
            <span>{m.itemLine(line.product.name, line.quantity)}</span>
            <Amount won={lineTotal(line)} size="s" />
          </li>
        ))}
        {serviceFee > 0 && (
          <li class="line">
            <span>{m.serviceFee}</span>
            <Amount won={amount.value - price.value} size="s" />
          </li>
        )}
      </ul>
      <Button kind="soft" wide onPress={emptyCart}>
        {m.dropItems}
      </Button>
    </section>
  );
}
