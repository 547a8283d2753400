import type { ComponentType } from 'preact';

type Loader = () => Promise<{ default: ComponentType }>;

export type PageName = 'payments' | 'unsettled' | 'requests' | 'deliveries' | 'receipts' | 'audit';

export interface Route {
  path: string;
  name: PageName;
  load: Loader;
}

const unsettled: Loader = () => import('./pages/unsettled/page');

/** Every screen of the console; paths are below /console and use the nouns of the API. */
export const routes: readonly Route[] = [
  { path: '/', name: 'unsettled', load: unsettled },
  { path: '/unsettled', name: 'unsettled', load: unsettled },
  { path: '/payments', name: 'payments', load: () => import('./pages/payments/page') },
  { path: '/payment-requests', name: 'requests', load: () => import('./pages/deliveries/requests') },
  { path: '/messages', name: 'deliveries', load: () => import('./pages/deliveries/page') },
  { path: '/cash-receipts', name: 'receipts', load: () => import('./pages/receipts/page') },
  { path: '/audit', name: 'audit', load: () => import('./pages/audit/page') },
];

export interface Entry {
  name: PageName;
  path: string;
  /** Goes there after g. */
  key: string;
}

/** The side menu in its groups. */
export const menu: readonly { group: 'watch' | 'trade' | 'system'; entries: readonly Entry[] }[] = [
  { group: 'watch', entries: [{ name: 'unsettled', path: '/unsettled', key: 'u' }] },
  {
    group: 'trade',
    entries: [
      { name: 'payments', path: '/payments', key: 'p' },
      { name: 'requests', path: '/payment-requests', key: 'r' },
      { name: 'deliveries', path: '/messages', key: 'd' },
      { name: 'receipts', path: '/cash-receipts', key: 'c' },
    ],
  },
  { group: 'system', entries: [{ name: 'audit', path: '/audit', key: 'l' }] },
];
