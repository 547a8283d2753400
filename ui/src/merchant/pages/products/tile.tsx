import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import type { Product } from '../../../shared/api/types';
import { Icon } from '../../../shared/design/icons';
import { Amount, Badge } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { change, limitOf, quantityOf, type Refusal } from '../../cart';
import { Stepper } from '../../stepper';
import { Picture } from './picture';

/** So few pieces are worth a warning. */
const LOW = 5;

interface TileProps {
  product: Product;
  onRefused: (why: Refusal) => void;
}

/** A product: a tap adds one; chosen ones show how many and can be counted up and down. */
export function Tile({ product, onRefused }: TileProps): JSX.Element {
  const m = t().products;
  // Of its own, so that choosing one product does not draw the others again.
  const quantity = useComputed(() => quantityOf(product.id)).value;
  const soldOut = limitOf(product) === 0;
  const by = (step: number): void => {
    const why = change(product, step);
    if (why) onRefused(why);
  };
  return (
    <li class={`product${quantity > 0 ? ' is-chosen' : ''}${soldOut ? ' is-out' : ''}`}>
      <button type="button" class="product-body" disabled={soldOut} aria-label={quantity > 0 ? m.more(product.name) : m.add(product.name)} aria-describedby={`about-${product.id}`} onClick={() => by(1)}>
        <Picture product={product} />
        <span class="product-text" id={`about-${product.id}`}>
          <span class="product-name">{product.name}</span>
          <Amount won={product.price} size="s" />
          <Marks product={product} soldOut={soldOut} />
        </span>
        {!soldOut && quantity === 0 && (
          <span class="product-plus" aria-hidden="true">
            <Icon name="plus" />
          </span>
        )}
      </button>
      {quantity > 0 && (
        <Stepper name={product.name} quantity={quantity} onStep={by} />
      )}
    </li>
  );
}

/** What a list says of a product beside its name and price. */
export function Marks({ product, soldOut }: { product: Product; soldOut: boolean }): JSX.Element | null {
  const m = t().products;
  if (!soldOut && !product.taxFree && !product.favourite && product.stock === undefined) return null;
  return (
    <span class="product-marks">
      {soldOut && <Badge tone="bad">{m.soldOut}</Badge>}
      {product.favourite && (
        <span class="product-star">
          <Icon name="star" size={16} />
          <span class="unseen">{m.favourites}</span>
        </span>
      )}
      {product.taxFree && <Badge tone="plain">{m.taxFree}</Badge>}
      {!soldOut && product.stock !== undefined && (product.stock <= LOW ? <Badge tone="warn">{m.stock(product.stock)}</Badge> : <span class="small-print">{m.stock(product.stock)}</span>)}
    </span>
  );
}
