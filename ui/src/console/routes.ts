import type { ComponentType } from 'preact';

type Loader = () => Promise<{ default: ComponentType }>;

export type PageName = 'home' | 'merchants' | 'newMerchant' | 'merchant' | 'approvals' | 'operators' | 'adapters' | 'payments' | 'unsettled' | 'requests' | 'deliveries' | 'receipts' | 'audit' | 'tickets' | 'notices' | 'newNotice' | 'notice' | 'interest' | 'interestImport' | 'terms' | 'newTerms' | 'termsDiff' | 'risk' | 'newOwner' | 'account' | 'personal';

export interface Route {
  path: string;
  name: PageName;
  load: Loader;
}

/** Every screen of the console; paths are below /console and use the nouns of the API. */
export const routes: readonly Route[] = [
  { path: '/', name: 'home', load: () => import('./pages/home/page') },
  { path: '/unsettled', name: 'unsettled', load: () => import('./pages/unsettled/page') },
  { path: '/payments', name: 'payments', load: () => import('./pages/payments/page') },
  { path: '/payment-requests', name: 'requests', load: () => import('./pages/deliveries/requests') },
  { path: '/messages', name: 'deliveries', load: () => import('./pages/deliveries/page') },
  { path: '/cash-receipts', name: 'receipts', load: () => import('./pages/receipts/page') },
  { path: '/merchants', name: 'merchants', load: () => import('./pages/merchants/page') },
  { path: '/merchants/new', name: 'newMerchant', load: () => import('./pages/merchants/new') },
  { path: '/merchants/:id', name: 'merchant', load: () => import('./pages/merchants/detail') },
  { path: '/merchants/:id/owners/new', name: 'newOwner', load: () => import('./pages/merchants/owner-wizard') },
  { path: '/risk', name: 'risk', load: () => import('./pages/risk/page') },
  { path: '/account', name: 'account', load: () => import('./pages/system/account') },
  { path: '/approvals', name: 'approvals', load: () => import('./pages/approvals/page') },
  { path: '/operators', name: 'operators', load: () => import('./pages/system/operators') },
  { path: '/adapters', name: 'adapters', load: () => import('./pages/system/adapters') },
  { path: '/personal-data', name: 'personal', load: () => import('./pages/personal/page') },
  { path: '/audit', name: 'audit', load: () => import('./pages/audit/page') },
  { path: '/tickets', name: 'tickets', load: () => import('./pages/tickets/page') },
  { path: '/notices', name: 'notices', load: () => import('./pages/notices/page') },
  { path: '/notices/new', name: 'newNotice', load: () => import('./pages/notices/write') },
  { path: '/notices/:id', name: 'notice', load: () => import('./pages/notices/write') },
  { path: '/interest-free', name: 'interest', load: () => import('./pages/interest/page') },
  { path: '/interest-free/import', name: 'interestImport', load: () => import('./pages/interest/import') },
  { path: '/terms', name: 'terms', load: () => import('./pages/terms/page') },
  { path: '/terms/new', name: 'newTerms', load: () => import('./pages/terms/write') },
  { path: '/terms/:kind/diff', name: 'termsDiff', load: () => import('./pages/terms/compare') },
];

export interface Entry {
  name: PageName;
  path: string;
  /** Goes there after g. */
  key: string;
}

/** The side menu in its groups. */
export const menu: readonly { group: 'watch' | 'trade' | 'shops' | 'office' | 'system'; entries: readonly Entry[] }[] = [
  {
    group: 'watch',
    entries: [
      { name: 'home', path: '/', key: 'h' },
      { name: 'unsettled', path: '/unsettled', key: 'u' },
      { name: 'risk', path: '/risk', key: 'k' },
    ],
  },
  {
    group: 'trade',
    entries: [
      { name: 'payments', path: '/payments', key: 'p' },
      { name: 'requests', path: '/payment-requests', key: 'r' },
      { name: 'deliveries', path: '/messages', key: 'd' },
      { name: 'receipts', path: '/cash-receipts', key: 'c' },
    ],
  },
  {
    group: 'shops',
    entries: [
      { name: 'merchants', path: '/merchants', key: 'm' },
      { name: 'approvals', path: '/approvals', key: 'a' },
    ],
  },
  {
    group: 'office',
    entries: [
      { name: 'tickets', path: '/tickets', key: 't' },
      { name: 'notices', path: '/notices', key: 'n' },
      { name: 'interest', path: '/interest-free', key: 'i' },
      { name: 'terms', path: '/terms', key: 'e' },
    ],
  },
  {
    group: 'system',
    entries: [
      { name: 'audit', path: '/audit', key: 'l' },
      { name: 'personal', path: '/personal-data', key: 'y' },
      { name: 'adapters', path: '/adapters', key: 'x' },
      { name: 'operators', path: '/operators', key: 'o' },
    ],
  },
];
