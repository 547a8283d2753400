import type { ComponentType } from 'preact';

export type PageName = 'unsettled';

export interface Route {
  path: string;
  name: PageName;
  load: () => Promise<{ default: ComponentType }>;
}

const unsettled = (): Promise<{ default: ComponentType }> => import('./pages/unsettled/page');

/** Every screen of the console; paths are below /console and use the nouns of the API. */
export const routes: readonly Route[] = [
  { path: '/', name: 'unsettled', load: unsettled },
  { path: '/unsettled', name: 'unsettled', load: unsettled },
];

export interface Entry {
  name: PageName;
  path: string;
  /** Goes there after g. */
  key: string;
}

/** The side menu in its groups. */
export const menu: readonly { group: 'watch'; entries: readonly Entry[] }[] = [{ group: 'watch', entries: [{ name: 'unsettled', path: '/unsettled', key: 'u' }] }];
