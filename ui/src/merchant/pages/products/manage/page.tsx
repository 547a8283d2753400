import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { goods } from '../../../../shared/api/goods';
import type { Product } from '../../../../shared/api/types';
import { Button, Chips } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { Page } from '../../../../shared/design/page';
import { Amount, Skeleton } from '../../../../shared/design/parts';
import { EmptyState, ErrorState, FailureNotice } from '../../../../shared/design/states';
import { toast } from '../../../../shared/design/toast';
import { t } from '../../../../shared/i18n/i18n';
import { back, href } from '../../../../shared/router/router';
import { useLoad } from '../../../../shared/state/load';
import { rights } from '../../../../shared/state/rights';
import { limitOf } from '../../../cart';
import { notRemoved, removing } from '../../../removals';
import type { PageInput } from '../../../routes';
import { readShelf, shelf, type Shelf } from '../../../shelf';
import { find, indexOf, type Tab } from '../find';
import { useGrowing } from '../growing';
import { NoRight } from '../noright';
import { Picture } from '../picture';
import { Marks } from '../tile';
import { moved, within } from './move';
import { NotDone, notMarked } from './notdone';
import { useOrder } from './order';
import { Sortable } from './sortable';
import '../products.css';
import './manage.css';

const HERE = '/products/manage';
const ORDER = `${HERE}?mode=order`;

/** Chapter 9 for the owner: everything the shop sells, to be changed, and its order. */
export default function ManagePage({ query }: PageInput): JSX.Element {
  const m = t().goods;
  const load = useLoad(readShelf, 'shelf');
  const order = query.get('mode') === 'order';
  // While things are put in order nothing moves by itself.
  const read = order ? (load.data ?? shelf.value) : shelf.value;
  if (!rights.value.editProducts) return <NoRight title={m.title} up="/products" />;
  return (
    <Page wide title={order ? m.orderTitle : m.title} up={order ? HERE : '/products'}>
      {read ? <Goods shelf={read} order={order} /> : load.failure === undefined ? <Skeleton shape="row" count={6} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

function Goods({ shelf: read, order }: { shelf: Shelf; order: boolean }): JSX.Element {
  const m = t().goods;
  const [tab, setTab] = useState<Tab>('');
  const [search, setSearch] = useState('');
  const { items, failure, reorder } = useOrder(read.products, goods.order);
  const products = useMemo(() => items.filter(({ id }) => !removing.value.has(id)), [items.map(({ id }) => id).join(), read, removing.value]);
  const index = useMemo(() => indexOf({ ...read, products }), [products]);
  const shown = useMemo(() => find(index, tab, order ? '' : search), [index, tab, search, order]);
  const move = (from: number, to: number): void => {
    const next = moved(shown, from, to);
    const name = shown[from]?.name ?? '';
    if (next === shown) return;
    const ids = within(items.map(({ id }) => id), next.map(({ id }) => id));
    const byId = new Map(items.map((item) => [item.id, item]));
    reorder(ids.flatMap((id) => byId.get(id) ?? []), m.movedTo(name, to + 1));
  };
  const tabs = [{ value: '', text: t().products.all }, ...read.categories.map(({ id, name }) => ({ value: id, text: name }))];
  if (read.products.length === 0) return <Nothing />;
  return (
    <>
      <div class="filters">
        {!order && (
          <div class="field-box search">
            <Icon name="search" size={20} />
            <input type="search" aria-label={t().products.search} placeholder={t().products.searchHint} value={search} autocomplete="off" maxLength={100} onInput={(event) => setSearch(event.currentTarget.value)} />
          </div>
        )}
        {read.categories.length > 0 && <Chips label={m.category} value={tab} onChange={setTab} options={tabs} />}
      </div>
      {order ? <p class="field-hint">{m.orderHint}</p> : <Acts />}
      <NotDone />
      <FailureNotice failure={failure} extra={m.orderFailed} />
      {shown.length === 0 ? (
        <EmptyState picture="search" title={t().products.noneTitle} text={t().products.noneText} />
      ) : order ? (
        <Sortable label={m.orderTitle} items={shown} draw={(product) => <Named product={product} />} onMove={move} />
      ) : (
        <Rows products={shown} />
      )}
      <div class="cta">
        {order ? (
          <Button kind="primary" onPress={() => back(HERE)}>
            {t().common.done}
          </Button>
        ) : (
          <Button kind="primary" icon="plus" href={href('/products/new')}>
            {m.add}
          </Button>
        )}
      </div>
    </>
  );
}

/** What else can be done with the catalogue. */
function Acts(): JSX.Element {
  const m = t().goods;
  return (
    <nav class="manage-acts" aria-label={m.title}>
      <Button kind="soft" icon="swap" href={href(ORDER)}>
        {m.order}
      </Button>
      <Button kind="soft" icon="grid" href={href('/products/categories')}>
        {m.categories}
      </Button>
      <Button kind="soft" icon="upload" href={href('/products/import')}>
        {m.exchange}
      </Button>
    </nav>
  );
}

function Nothing(): JSX.Element {
  const m = t().goods;
  return (
    <EmptyState picture="box" title={t().products.emptyTitle} text={m.emptyText}>
      <Button kind="primary" icon="plus" href={href('/products/new')}>
        {m.add}
      </Button>
      <Button kind="text" icon="upload" href={href('/products/import')}>
        {m.exchange}
      </Button>
    </EmptyState>
  );
}

function Named({ product, marks }: { product: Product; marks?: JSX.Element }): JSX.Element {
  return (
    <>
      <Picture product={product} />
      <span class="goods-text">
        <span class="product-name">{product.name}</span>
        <span class="goods-about">
          <Amount won={product.price} size="s" />
          {marks}
        </span>
      </span>
    </>
  );
}

/** A product with its way to the form, and the mark that changes most often beside it. */
function Row({ product: read }: { product: Product }): JSX.Element {
  const m = t().goods;
  const [newer, setNewer] = useState<Product>();
  const [wish, setWish] = useState<boolean>();
  const product = newer && newer.version >= read.version ? newer : read;
  const soldOut = wish ?? product.soldOut;
  const turn = async (): Promise<void> => {
    if (wish !== undefined) return;
    setWish(!soldOut);
    notMarked.value = null;
    try {
      setNewer(await goods.mark(product.id, { soldOut: !soldOut }));
      toast(soldOut ? m.onSale(product.name) : m.nowSoldOut(product.name));
    } catch (failure) {
      notRemoved.value = null;
      notMarked.value = { name: product.name, failure };
    } finally {
      setWish(undefined);
    }
  };
  return (
    <li class="goods-item">
      <a class="goods-row" href={href(`/products/${encodeURIComponent(product.id)}/edit`)}>
        <Named product={product} marks={<Marks product={product} soldOut={!soldOut && limitOf({ ...product, soldOut: false }) === 0} />} />
      </a>
      <button type="button" class="chip goods-out" aria-pressed={soldOut} aria-label={m.soldOutOf(product.name)} onClick={() => void turn()}>
        {soldOut ? t().products.soldOut : m.selling}
      </button>
    </li>
  );
}

function Rows({ products }: { products: readonly Product[] }): JSX.Element {
  const { shown, tail } = useGrowing(products);
  return (
    <>
      <ul class="goods">
        {shown.map((product) => (
          <Row key={product.id} product={product} />
        ))}
      </ul>
      {tail}
    </>
  );
}
