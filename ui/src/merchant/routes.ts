import type { ComponentType } from 'preact';
import type { Params } from '../shared/router/router';

export interface PageInput {
  params: Params;
  query: URLSearchParams;
}

type Section = 'home' | 'pay' | 'ars' | 'sms' | 'cash' | 'receipts' | 'products' | 'payments' | 'cancel' | 'sales' | 'settings' | 'merchant' | 'guide' | 'support' | 'notices';

export interface Route {
  path: string;
  /** Which entry of the menus is lit. */
  section?: Section;
  /** A step of a task: the bottom bar makes way for its one strong act. */
  task?: boolean;
  /** Opens in an app that started without a network, too. */
  offline?: boolean;
  load: () => Promise<{ default: ComponentType<PageInput> }>;
}

const login = (): Promise<{ default: ComponentType<PageInput> }> => import('./pages/login/page');
const home = (): Promise<{ default: ComponentType<PageInput> }> => import('./pages/home/page');

const form = (): Promise<typeof import('./pages/requests/form/page')> => import('./pages/requests/form/page');

/** Every screen of the merchant's app; paths are below /app and use the nouns of the API. */
export const routes: readonly Route[] = [
  { path: '/', section: 'home', load: home },
  { path: '/login', task: true, load: login },
  { path: '/pay/card', section: 'pay', task: true, load: () => import('./pages/card/page') },
  { path: '/pay/ars', section: 'ars', task: true, load: async () => ({ default: (await form()).ArsPage }) },
  { path: '/pay/sms', section: 'sms', task: true, load: async () => ({ default: (await form()).SmsPage }) },
  { path: '/requests', section: 'payments', load: () => import('./pages/requests/list') },
  { path: '/requests/:id', section: 'payments', load: () => import('./pages/requests/page') },
  { path: '/pay/cash', section: 'cash', task: true, load: () => import('./pages/cash/page') },
  { path: '/cash-receipts', section: 'receipts', load: () => import('./pages/receipts/list') },
  { path: '/cash-receipts/new', section: 'receipts', task: true, load: () => import('./pages/receipts/new') },
  { path: '/cash-receipts/:id', section: 'receipts', load: () => import('./pages/receipts/page') },
  { path: '/payments', section: 'payments', load: () => import('./pages/payments/history') },
  { path: '/payments/:id', section: 'payments', load: () => import('./pages/payments/detail') },
  { path: '/payments/:id/result', section: 'pay', task: true, load: () => import('./pages/card/result') },
  { path: '/payments/:id/cancel', section: 'cancel', task: true, load: () => import('./pages/cancel/page') },
  { path: '/payments/:id/cancels/:cancelId', section: 'cancel', task: true, load: () => import('./pages/cancel/slip') },
  { path: '/cancel', section: 'cancel', load: () => import('./pages/cancel/choose') },
  { path: '/sales', section: 'sales', load: () => import('./pages/sales/page') },
  { path: '/sales/closings', section: 'sales', load: () => import('./pages/sales/closings') },
  { path: '/sales/close', section: 'sales', task: true, load: () => import('./pages/sales/close') },
  { path: '/sales/settlements', section: 'sales', load: () => import('./pages/sales/settlements') },
  { path: '/products', section: 'products', load: () => import('./pages/products/page') },
  { path: '/products/manage', section: 'products', load: () => import('./pages/products/manage/page') },
  { path: '/products/categories', section: 'products', load: () => import('./pages/products/manage/categories') },
  { path: '/products/import', section: 'products', load: () => import('./pages/products/exchange/page') },
  { path: '/products/new', section: 'products', task: true, load: () => import('./pages/products/edit/page') },
  { path: '/products/:id/edit', section: 'products', task: true, load: () => import('./pages/products/edit/page') },
  { path: '/cart', section: 'products', load: () => import('./pages/cart/page') },
  { path: '/settings', section: 'settings', load: () => import('./pages/settings/page') },
  { path: '/settings/reader', section: 'settings', load: () => import('./pages/settings/reader') },
  { path: '/settings/printer', section: 'settings', load: () => import('./pages/settings/printer') },
  { path: '/settings/staff', section: 'settings', load: () => import('./pages/settings/staff') },
  { path: '/settings/keys', section: 'settings', load: () => import('./pages/settings/keys') },
  { path: '/settings/webhooks', section: 'settings', load: () => import('./pages/settings/webhooks') },
  { path: '/settings/devices', section: 'settings', load: () => import('./pages/settings/devices') },
  { path: '/register', task: true, load: () => import('./pages/register/page') },
  { path: '/install', load: () => import('./pages/install/page') },
  { path: '/terms', load: () => import('./pages/terms/page') },
  { path: '/terms/:kind', load: async () => ({ default: (await import('./pages/terms/page')).TermsPage }) },
  { path: '/settings/privacy', section: 'settings', load: () => import('./pages/settings/privacy') },
  { path: '/settings/security', section: 'settings', load: () => import('./pages/settings/security') },
  { path: '/merchant', section: 'merchant', load: () => import('./pages/merchant/page') },
  { path: '/guide', section: 'guide', offline: true, load: () => import('./pages/guide/page') },
  { path: '/guide/permissions', section: 'guide', offline: true, load: () => import('./pages/guide/permissions') },
  { path: '/guide/interest-free', section: 'guide', load: () => import('./pages/guide/interest') },
  { path: '/guide/:chapter', section: 'guide', offline: true, load: () => import('./pages/guide/chapter') },
  { path: '/support', section: 'support', offline: true, load: () => import('./pages/support/page') },
  { path: '/support/tickets/new', section: 'support', task: true, load: () => import('./pages/support/ask') },
  { path: '/support/tickets/:id', section: 'support', load: () => import('./pages/support/ticket') },
  { path: '/notices', section: 'notices', load: () => import('./pages/notices/list') },
  { path: '/notices/:id', section: 'notices', load: () => import('./pages/notices/page') },
];

/** Fetches the screens most likely wanted next while nothing else is going on. */
export function warm(): void {
  const wanted = ['/pay/card', '/pay/cash', '/payments', '/payments/:id/result', '/products'];
  const fetchAll = (): void => {
    for (const route of routes) if (wanted.includes(route.path)) void route.load().catch(() => undefined);
  };
  if ('requestIdleCallback' in window) window.requestIdleCallback(fetchAll, { timeout: 5000 });
  else setTimeout(fetchAll, 2000);
}
