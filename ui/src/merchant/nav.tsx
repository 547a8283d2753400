import type { ComponentChildren, JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Icon, Wordmark, type IconName } from '../shared/design/icons';
import { Frame } from '../shared/design/page';
import { Badge, ListRow } from '../shared/design/parts';
import { Sheet } from '../shared/design/sheet';
import { t } from '../shared/i18n/i18n';
import { href } from '../shared/router/router';
import { installed } from '../shared/state/install';
import { cartCount } from './cart';
import { unreadNotices, unreadTickets } from './inbox';
import { unseen } from './news';
import { ownMerchant, ownSettings } from './own';
import { askings } from './ways';

type Section = string | undefined;

interface Entry {
  section: string;
  to: string;
  icon: IconName;
  text: string;
}

/** The functions of the manual that exist, in its order: the same on the home screen and in every menu. */
export function functions(): Entry[] {
  const f = t().functions;
  return [
    { section: 'pay', to: '/pay/card', icon: 'card', text: f.card },
    ...askings().map(({ way, to, icon, text }) => ({ section: way.toLowerCase(), to, icon, text })),
    { section: 'cash', to: '/pay/cash', icon: 'coin', text: f.cash },
    { section: 'payments', to: '/payments', icon: 'slip', text: f.payments },
    { section: 'cancel', to: '/cancel', icon: 'undo', text: f.cancel },
    { section: 'products', to: '/products', icon: 'box', text: f.products },
  ];
}

/** What only some shops have: the cart, when it is switched on, and cash receipts, where they are issued. */
function extras(): Entry[] {
  const cart: Entry[] = ownSettings.value?.cart ? [{ section: 'cart', to: '/cart', icon: 'cart', text: t().cart.title }] : [];
  const receipts: Entry[] = ownMerchant.value?.cashReceipts ? [{ section: 'receipts', to: '/cash-receipts', icon: 'slip', text: t().receipts.title }] : [];
  return [...cart, ...receipts];
}

function manage(): Entry[] {
  return [
    { section: 'sales', to: '/sales', icon: 'chart', text: t().nav.sales },
    { section: 'merchant', to: '/merchant', icon: 'store', text: t().nav.merchant },
    { section: 'guide', to: '/guide', icon: 'book', text: t().nav.guide },
    { section: 'support', to: '/support', icon: 'help', text: t().nav.support },
    { section: 'notices', to: '/notices', icon: 'bell', text: t().nav.notices },
    { section: 'settings', to: '/settings', icon: 'gear', text: t().nav.settings },
    ...(installed.value ? [] : [{ section: 'install', to: '/install', icon: 'download' as const, text: t().login.install }]),
  ];
}

/** How many products lie in a cart that is kept; 0 when it is switched off. */
const kept = (): number => (ownSettings.value?.cart ? cartCount.value : 0);

/** What stands beside an entry's picture: the cart's count, or how much happened that nobody looked at. */
function countOf({ section }: Entry): number {
  switch (section) {
    case 'products':
      return kept();
    case 'payments':
      return unseen.value.length;
    case 'notices':
      return unreadNotices.value;
    case 'support':
      return unreadTickets.value;
    default:
      return 0;
  }
}

/** An entry's picture with its count. */
function EntryIcon({ entry }: { entry: Entry }): JSX.Element {
  const count = countOf(entry);
  return (
    <span class="bar-icon">
      <Icon name={entry.icon} />
      {count > 0 && (
        <span class="bar-count" aria-hidden="true">
          {count > 99 ? '99+' : count}
        </span>
      )}
    </span>
  );
}

/** An entry's spoken name when its picture says more than its word. */
function spoken(entry: Entry): { 'aria-label'?: string } {
  const count = countOf(entry);
  const say = entry.section === 'products' ? t().menu.withCart : t().menu.withNews;
  return count > 0 ? { 'aria-label': say(entry.text, count) } : {};
}

const current = (on: boolean): { 'aria-current'?: 'page' } => (on ? { 'aria-current': 'page' } : {});

/** The menu at the side of wide screens. */
export function Rail({ section }: { section: Section }): JSX.Element {
  const item = (entry: Entry): JSX.Element => (
    <a key={entry.section} class="rail-item" href={href(entry.to)} {...spoken(entry)} {...current(entry.section === section)}>
      <EntryIcon entry={entry} />
      {entry.text}
    </a>
  );
  return (
    <nav class="rail" aria-label={t().nav.label}>
      <a class="rail-brand" href={href('/')} aria-label={`INNOPAY ${t().common.home}`}>
        <Wordmark />
      </a>
      {item({ section: 'home', to: '/', icon: 'home', text: t().nav.home })}
      {functions().map(item)}
      {extras().map(item)}
      <span class="rail-gap" />
      {manage().map(item)}
    </nav>
  );
}

/** The bar at the thumb on phones; its last entry opens the whole menu. */
export function BottomBar({ section }: { section: Section }): JSX.Element {
  const [open, setOpen] = useState(false);
  const n = t().nav;
  const entries: Entry[] = [
    { section: 'home', to: '/', icon: 'home', text: n.home },
    { section: 'pay', to: '/pay/card', icon: 'card', text: n.pay },
    { section: 'products', to: '/products', icon: 'box', text: n.products },
    { section: 'payments', to: '/payments', icon: 'slip', text: n.payments },
  ];
  const inMenu = section !== undefined && !entries.some((entry) => entry.section === section);
  const waiting = unreadNotices.value + unreadTickets.value > 0;
  return (
    <>
      <nav class="bar" aria-label={n.label}>
        {entries.map((entry) => (
          <a key={entry.section} class="bar-item" href={href(entry.to)} {...spoken(entry)} {...current(entry.section === section)}>
            <EntryIcon entry={entry} />
            {entry.text}
          </a>
        ))}
        <button type="button" class="bar-item" aria-haspopup="dialog" {...current(inMenu)} onClick={() => setOpen(true)}>
          <span class={waiting ? 'bar-icon has-dot' : 'bar-icon'}>
            <Icon name="grid" />
          </span>
          {n.menu}
        </button>
      </nav>
      <Sheet title={n.menuTitle} open={open} onClose={() => setOpen(false)}>
        <MenuRows onGo={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

/** Every function, then what manages the shop. */
function MenuRows({ onGo }: { onGo: () => void }): JSX.Element {
  const row = (entry: Entry, tone: 'accent' | 'plain'): JSX.Element => <ListRow key={entry.section} href={href(entry.to)} icon={entry.icon} title={entry.text} tone={tone} {...(countOf(entry) > 0 && entry.section !== 'products' && entry.section !== 'payments' ? { end: <Badge tone="accent">{countOf(entry)}</Badge> } : {})} />;
  return (
    <nav class="rows" aria-label={t().nav.menuTitle} onClick={onGo}>
      {functions().map((entry) => row(entry, 'accent'))}
      {[...extras(), ...manage()].map((entry) => row(entry, 'plain'))}
    </nav>
  );
}

/**
 * Gives every screen inside its way around: the slide menu behind the button at the top
 * left, or the home button at the top right, as the shop's settings say.
 */
export function WithMenu({ task, children }: { task: boolean; children: ComponentChildren }): JSX.Element {
  const [open, setOpen] = useState(false);
  const on = ownSettings.value?.slideMenu;
  const frame = useMemo(() => ({ task, home: on === false, ...(on ? { onMenu: () => setOpen(true) } : {}) }), [task, on]);
  const close = (): void => setOpen(false);
  return (
    <Frame.Provider value={frame}>
      {children}
      <Sheet title={t().nav.menuTitle} open={open && on === true} from="left" onClose={close}>
        <a class="menu-brand" href={href('/')} aria-label={`INNOPAY ${t().common.home}`} onClick={close}>
          <Wordmark />
          <Icon name="home" size={20} />
        </a>
        <MenuRows onGo={close} />
      </Sheet>
    </Frame.Provider>
  );
}
