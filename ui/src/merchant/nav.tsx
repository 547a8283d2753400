import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, Wordmark, type IconName } from '../shared/design/icons';
import { ListRow } from '../shared/design/parts';
import { Sheet } from '../shared/design/sheet';
import { t } from '../shared/i18n/i18n';
import { href } from '../shared/router/router';

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
    { section: 'payments', to: '/payments', icon: 'slip', text: f.payments },
    { section: 'cancel', to: '/cancel', icon: 'undo', text: f.cancel },
    { section: 'products', to: '/products', icon: 'box', text: f.products },
  ];
}

function manage(): Entry[] {
  return [
    { section: 'merchant', to: '/merchant', icon: 'store', text: t().nav.merchant },
    { section: 'settings', to: '/settings', icon: 'gear', text: t().nav.settings },
  ];
}

const current = (on: boolean): { 'aria-current'?: 'page' } => (on ? { 'aria-current': 'page' } : {});

/** The menu at the side of wide screens. */
export function Rail({ section }: { section: Section }): JSX.Element {
  const item = (entry: Entry): JSX.Element => (
    <a key={entry.section} class="rail-item" href={href(entry.to)} {...current(entry.section === section)}>
      <Icon name={entry.icon} />
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
  const inMenu = section === 'settings' || section === 'merchant' || section === 'cancel';
  return (
    <>
      <nav class="bar" aria-label={n.label}>
        {entries.map((entry) => (
          <a key={entry.section} class="bar-item" href={href(entry.to)} {...current(entry.section === section)}>
            <Icon name={entry.icon} />
            {entry.text}
          </a>
        ))}
        <button type="button" class="bar-item" aria-haspopup="dialog" {...current(inMenu)} onClick={() => setOpen(true)}>
          <Icon name="grid" />
          {n.menu}
        </button>
      </nav>
      <Sheet title={n.menuTitle} open={open} onClose={() => setOpen(false)}>
        <nav class="rows" aria-label={n.menuTitle} onClick={() => setOpen(false)}>
          {[...functions(), ...manage()].map((entry) => (
            <ListRow key={entry.section} href={href(entry.to)} icon={entry.icon} title={entry.text} tone={entry.section === 'settings' || entry.section === 'merchant' ? 'plain' : 'accent'} />
          ))}
        </nav>
      </Sheet>
    </>
  );
}
