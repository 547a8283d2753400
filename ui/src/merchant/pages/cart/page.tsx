import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, IconButton } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, Badge, Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { EmptyState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { amountText, t } from '../../../shared/i18n/i18n';
import { splitOf, taxFreeFor } from '../../../shared/money/money';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import type { Merchant } from '../../../shared/api/types';
import { cart, cartTaxFree, cartTotal, change, clearCart, lineDiscount, lineSum, lineTotal, removeLine, type CartLine, type Refusal } from '../../cart';
import { DifferenceNotice } from '../../difference';
import { PayBar } from '../../methods';
import { loadMerchant, ownMerchant, ownSettings } from '../../own';
import { readShelf } from '../../shelf';
import { Stepper } from '../../stepper';
import { useScan } from '../products/scan';
import { Held, HoldButton } from './holds';
import { LineSheet } from './line';
import './cart.css';

/** Chapter 9: what is chosen, line by line, and what it comes to. */
export default function CartPage(): JSX.Element {
  const m = t().cart;
  // Holds the cart against today's catalogue; without an answer the lines stand as they are.
  const shelf = useLoad(readShelf, 'shelf');
  const { complaint, complain } = useScan();
  const lines = cart.value;
  const clear = (): void => toast(t().products.cleared, { text: t().products.undo, run: clearCart() });
  return (
    <Page title={m.title} up="/products" right={lines.length > 0 ? <IconButton icon="bin" label={t().products.clear} onPress={clear} /> : undefined}>
      <DifferenceNotice />
      {complaint && (
        <Notice tone="bad" icon="alert">
          <p>{complaint}</p>
        </Notice>
      )}
      {lines.length > 0 ? <Lines lines={lines} onRefused={(why) => complain(why ? t().products.refused[why] : '')} /> : shelf.loading ? <Skeleton shape="row" count={3} /> : <Empty />}
    </Page>
  );
}

function Empty(): JSX.Element {
  const m = t().cart;
  return (
    <>
      <Held />
      <EmptyState picture="cart" title={m.emptyTitle} text={m.emptyText}>
        <Button kind="tint" href={href('/products')}>
          {m.emptyAct}
        </Button>
      </EmptyState>
    </>
  );
}

function Lines({ lines, onRefused }: Pick<LineProps, 'onRefused'> & { lines: readonly CartLine[] }): JSX.Element {
  const m = t().cart;
  const [edited, setEdited] = useState('');
  const line = lines.find(({ product }) => product.id === edited);
  return (
    <>
      <ul class="cart-lines">
        {lines.map((each) => (
          <Line key={each.product.id} line={each} onEdit={() => setEdited(each.product.id)} onRefused={onRefused} />
        ))}
      </ul>
      <div class="button-row">
        <Button kind="soft" wide icon="plus" href={href('/products')}>
          {m.more}
        </Button>
        {ownSettings.value?.cart && <HoldButton />}
      </div>
      <Sums lines={lines} />
      <Held />
      {line && <LineSheet key={edited} line={line} onClose={() => setEdited('')} />}
      <PayBar
        summary={
          <p class="cart-total" aria-live="polite">
            <span>{m.total}</span>
            <Amount won={cartTotal.value} size="l" />
          </p>
        }
      />
    </>
  );
}

interface LineProps {
  line: CartLine;
  onEdit: () => void;
  onRefused: (why: Refusal | undefined) => void;
}

/** One product: how many, what is taken off, what it comes to. */
function Line({ line, onEdit, onRefused }: LineProps): JSX.Element {
  const m = t().cart;
  const { product, quantity, memo } = line;
  const discount = lineDiscount(line);
  const remove = (): void => toast(m.removed(product.name), { text: t().products.undo, run: removeLine(product.id) });
  const step = (by: 1 | -1): void => {
    if (quantity + by < 1) remove();
    else onRefused(change(product, by));
  };
  return (
    <li class="cart-line">
      <div class="cart-head">
        <span class="cart-name">
          <strong>{product.name}</strong>
          <span class="cart-each">
            {m.each(amountText(product.price))}
            {ownMerchant.value?.taxType === 'MIXED' && <Badge tone="plain">{product.taxFree ? m.taxFree : m.taxable}</Badge>}
          </span>
        </span>
        <IconButton icon="close" label={m.remove(product.name)} onPress={remove} />
      </div>
      {(memo || discount > 0) && (
        <p class="cart-notes">
          {discount > 0 && <Badge tone="ok">{m.discounted(amountText(discount))}</Badge>}
          {memo && <span>{memo}</span>}
        </p>
      )}
      <div class="cart-foot">
        <Stepper name={product.name} quantity={quantity} onStep={step} />
        <button type="button" class="cart-edit" aria-label={m.line(product.name)} aria-haspopup="dialog" onClick={onEdit}>
          {m.edit}
        </button>
        <span class="cart-price">
          {discount > 0 && <Amount won={lineSum(line)} size="s" struck />}
          <Amount won={lineTotal(line)} size="m" />
        </span>
      </div>
    </li>
  );
}

/** The sum in its tax parts, as the slip will print them. */
function Sums({ lines }: { lines: readonly CartLine[] }): JSX.Element | null {
  const m = t().cart;
  const [shop, setShop] = useState<Merchant | null>(ownMerchant.value);
  useEffect(() => {
    // Without an answer the split waits for the payment's own screen.
    loadMerchant().then(setShop, () => undefined);
  }, []);
  const won = cartTotal.value;
  const split = shop && splitOf(won, taxFreeFor(shop.taxType, won, cartTaxFree.value), 0, shop.vatRounding);
  const off = lines.reduce((sum, line) => sum + lineDiscount(line), 0);
  const row = (name: string, amount: number | undefined): readonly [string, JSX.Element | false] => [name, amount !== undefined && amount !== 0 && <Amount won={amount} size="s" />];
  return <Facts rows={[row(m.sum, off > 0 ? won + off : 0), row(m.discountSum, -off), row(t().pay.supplied, split?.supplied), row(t().pay.vat, split?.vat), row(t().pay.taxFree, split?.taxFree)]} />;
}
