import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { catalog } from '../../../shared/api/api';
import type { Category, Product } from '../../../shared/api/types';
import { Button, Chips, IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Badge, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { cartCount, cartTotal, change, emptyCart, quantityOf } from '../../cart';
import './products.css';

interface Shelf {
  products: Product[];
  categories: Category[];
}

async function loadShelf(): Promise<Shelf> {
  const [products, categories] = await Promise.all([catalog.products(), catalog.categories()]);
  return { products, categories };
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase().replace(/\s/g, '');

/** Chapter 9: choose products and quantities, then pay. */
export default function ProductsPage(): JSX.Element {
  const m = t().products;
  const load = useLoad(loadShelf, 'shelf');
  const chosen = cartCount.value;
  return (
    <Page wide title={m.title} left={<IconButton icon="back" label={t().common.back} href={href('/')} />} right={chosen > 0 ? <IconButton icon="bin" label={m.clear} onPress={emptyCart} /> : undefined}>
      {load.data ? <Shelves shelf={load.data} /> : load.failure === undefined ? <Skeleton shape="row" count={6} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
      {chosen > 0 && (
        <div class="cta">
          <Button kind="primary" href={href('/pay/card?step=card')}>
            <span class="cta-count">{m.count(chosen)}</span> {m.pay(amountText(cartTotal.value))}
          </Button>
        </div>
      )}
    </Page>
  );
}

function Shelves({ shelf }: { shelf: Shelf }): JSX.Element {
  const m = t().products;
  const [category, setCategory] = useState('');
  const [search, setSearch] = useState('');
  const wanted = plain(search);
  const shown = shelf.products.filter((product) => (category === '' || product.categoryId === category) && plain(product.name).includes(wanted));
  if (shelf.products.length === 0) {
    return (
      <EmptyState picture="box" title={m.emptyTitle} text={m.emptyText}>
        <Button kind="tint" href={href('/pay/card')}>
          {m.emptyAct}
        </Button>
      </EmptyState>
    );
  }
  return (
    <>
      <div class="filters">
        <div class="field-box search">
          <Icon name="search" size={20} />
          <input type="search" aria-label={m.search} placeholder={m.searchHint} value={search} autocomplete="off" maxLength={100} onInput={(event) => setSearch(event.currentTarget.value)} />
        </div>
        <Chips label={m.title} value={category} onChange={setCategory} options={[{ value: '', text: m.all }, ...shelf.categories.map(({ id, name }) => ({ value: id, text: name }))]} />
      </div>
      {shown.length === 0 ? (
        <EmptyState picture="search" title={m.noneTitle} text={m.noneText} />
      ) : (
        <ul class="shelf">
          {shown.map((product) => (
            <Tile key={product.id} product={product} />
          ))}
        </ul>
      )}
    </>
  );
}

/** A product: a tap adds one; chosen ones show how many and can be counted down. */
function Tile({ product }: { product: Product }): JSX.Element {
  const m = t().products;
  const quantity = quantityOf(product.id);
  const tint = [...product.id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 5;
  return (
    <li class={quantity > 0 ? 'product is-chosen' : 'product'}>
      <button type="button" class="product-body" disabled={product.soldOut} aria-label={quantity > 0 ? m.more(product.name) : m.add(product.name)} onClick={() => change(product, 1)}>
        <span class={`product-picture tint-${tint}`} aria-hidden="true">
          {product.name.slice(0, 1)}
        </span>
        <span class="product-name">{product.name}</span>
        <Amount won={product.price} size="s" />
        <span class="product-marks">
          {product.soldOut && <Badge tone="bad">{m.soldOut}</Badge>}
          {product.taxFree && <Badge tone="plain">{m.taxFree}</Badge>}
        </span>
      </button>
      {quantity > 0 && (
        <div class="stepper">
          <IconButton icon="minus" label={m.less(product.name)} onPress={() => change(product, -1)} />
          <output>{quantity}</output>
          <IconButton icon="plus" label={m.more(product.name)} onPress={() => change(product, 1)} />
        </div>
      )}
    </li>
  );
}
