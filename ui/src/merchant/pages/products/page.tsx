import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Product } from '../../../shared/api/types';
import { Button, Chips, IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Notice, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { readChoice, writeChoice } from '../../../shared/state/choice';
import { useLoad } from '../../../shared/state/load';
import { rights } from '../../../shared/state/rights';
import { CameraButton } from '../../camera';
import { cartCount, cartTotal, clearCart } from '../../cart';
import { DifferenceNotice } from '../../difference';
import { PayBar } from '../../methods';
import { ownSettings } from '../../own';
import { removing } from '../../removals';
import { readShelf, shelf, type Shelf } from '../../shelf';
import { find, indexOf, type Tab } from './find';
import { useGrowing } from './growing';
import { useScan } from './scan';
import { Tile } from './tile';
import './products.css';

type Layout = 'grid' | 'list';
const LAYOUT = 'innopay.shelf';

/** Chapter 9: choose products and quantities, then how they are paid. */
export default function ProductsPage(): JSX.Element {
  const m = t().products;
  const load = useLoad(readShelf, 'shelf');
  const [layout, setLayout] = useState<Layout>(() => readChoice<Layout>(LAYOUT, ['grid', 'list'], 'grid'));
  const chosen = cartCount.value;
  const shown = shelf.value; // also as it was read after a change elsewhere
  const turn = (): void => {
    const next = layout === 'grid' ? 'list' : 'grid';
    setLayout(next);
    writeChoice(LAYOUT, next);
  };
  const clear = (): void => toast(m.cleared, { text: m.undo, run: clearCart() });
  return (
    <Page wide title={m.title} up="/" right={
        <>
          {chosen > 0 && <IconButton icon="bin" label={m.clear} onPress={clear} />}
          {rights.value.editProducts && (
            <a class="topbar-link" href={href('/products/manage')} aria-label={t().goods.title}>
              {t().goods.manage}
            </a>
          )}
        </>
      }
    >
      {shown ? <Shelves shelf={shown} layout={layout} onTurn={turn} /> : load.failure === undefined ? <Skeleton shape="row" count={6} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
      {chosen > 0 && <PayBar summary={<Chosen />} />}
    </Page>
  );
}

/** What is chosen so far; opens the cart where there is one. */
function Chosen(): JSX.Element {
  const words = (
    <>
      <Icon name="cart" size={20} />
      <span class="chosen-count">{t().products.count(cartCount.value)}</span>
      <Amount won={cartTotal.value} size="m" />
    </>
  );
  if (!ownSettings.value?.cart) {
    return (
      <p class="chosen" aria-live="polite">
        {words}
      </p>
    );
  }
  return (
    <a class="chosen" href={href('/cart')} aria-label={t().cart.open(cartCount.value)}>
      {words}
      <Icon name="next" size={18} />
    </a>
  );
}

function Shelves({ shelf: read, layout, onTurn }: { shelf: Shelf; layout: Layout; onTurn: () => void }): JSX.Element {
  const m = t().products;
  const [tab, setTab] = useState<Tab>('');
  const [search, setSearch] = useState('');
  const { complaint, scan, look, complain } = useScan();
  const shelf = useMemo(() => ({ ...read, products: read.products.filter(({ id }) => !removing.value.has(id)) }), [read, removing.value]);
  const index = useMemo(() => indexOf(shelf), [shelf]);
  const shown = useMemo(() => find(index, tab, search), [index, tab, search]);
  if (shelf.products.length === 0) {
    return (
      <EmptyState picture="box" title={m.emptyTitle} text={m.emptyText}>
        {rights.value.editProducts && (
          <Button kind="tint" icon="plus" href={href('/products/new')}>
            {t().goods.add}
          </Button>
        )}
        <Button kind={rights.value.editProducts ? 'text' : 'tint'} href={href('/pay/card')}>
          {m.emptyAct}
        </Button>
      </EmptyState>
    );
  }
  const enter = (): void => {
    // A barcode typed to its end, by hand or by a scanner, adds its product.
    if (!/^\d{6,}$/.test(search.trim())) return;
    void scan(search);
    setSearch('');
  };
  const tabs = [
    { value: '', text: m.all },
    ...(shelf.products.some((product) => product.favourite) ? [{ value: 'favourites', text: m.favourites }] : []),
    ...shelf.categories.map(({ id, name }) => ({ value: id, text: name })),
  ];
  return (
    <>
      <div class="filters">
        <div class="search-row">
          <form class="field-box search" role="search" onSubmit={(event) => (event.preventDefault(), enter())}>
            <Icon name="search" size={20} />
            <input type="search" aria-label={m.search} placeholder={m.searchHint} value={search} autocomplete="off" enterkeyhint="search" maxLength={100} onInput={(event) => setSearch(event.currentTarget.value)} />
          </form>
          <CameraButton onCode={look} />
          <IconButton icon={layout === 'grid' ? 'list' : 'grid'} label={layout === 'grid' ? m.layout.list : m.layout.grid} onPress={onTurn} />
        </div>
        <Chips label={m.title} value={tab} onChange={setTab} options={tabs} />
      </div>
      <DifferenceNotice />
      {complaint && (
        <Notice tone="bad" icon="alert">
          <p>{complaint}</p>
        </Notice>
      )}
      <p class="unseen" role="status">
        {search.trim() && m.found(shown.length)}
      </p>
      {shown.length === 0 ? <EmptyState picture="search" title={m.noneTitle} text={m.noneText} /> : <Tiles products={shown} layout={layout} onRefused={(why) => complain(m.refused[why])} />}
    </>
  );
}

interface TilesProps {
  products: readonly Product[];
  layout: Layout;
  onRefused: Parameters<typeof Tile>[0]['onRefused'];
}

function Tiles({ products, layout, onRefused }: TilesProps): JSX.Element {
  const { shown, tail } = useGrowing(products);
  // Pictures have more room; a shop without any sees more of its products at once.
  const pictured = products.some(({ picture }) => picture);
  return (
    <>
      <ul class={layout === 'list' ? 'shelf shelf-list' : pictured ? 'shelf shelf-pictures' : 'shelf'}>
        {shown.map((product) => (
          <Tile key={product.id} product={product} onRefused={onRefused} />
        ))}
      </ul>
      {tail}
    </>
  );
}
