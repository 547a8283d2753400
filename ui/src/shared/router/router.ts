import { signal } from '@preact/signals';

/** Where the screens are mounted, /app or /console: every path of the table is below it. */
export const BASE = import.meta.env.BASE_URL.replace(/\/$/, '');

export interface Place {
  /** Path below BASE, starting with a slash, without one at the end. */
  path: string;
  query: URLSearchParams;
}

export type Params = Record<string, string>;

function read(): Place {
  const path = location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : '/';
  return { path: path.replace(/\/+$/, '') || '/', query: new URLSearchParams(location.search) };
}

/** Where the user is. Reading it in a component makes the component follow. */
export const place = signal<Place>(read());

interface Step {
  index: number;
  scroll: number;
}

const step = (): Step => ({ index: 0, scroll: 0, ...(history.state as Partial<Step> | null) });

/** How the present place was reached: a page returned to, also by a reload, keeps its scroll. */
export const arrivedBy = signal<'push' | 'replace' | 'pop'>(step().scroll > 0 ? 'pop' : 'push');

let guard: (() => boolean) | null = null;
let current = step().index;
let reverting = false;

/**
 * While held() is true the user cannot leave by link or back, and closing the tab
 * asks first: a payment is under way. Gives the function that lifts the guard.
 */
export function guardLeave(held: () => boolean): () => void {
  guard = held;
  return () => {
    if (guard === held) guard = null;
  };
}

/** After the last scroll the position is kept so much later, in milliseconds: browsers count such writes. */
const REST = 200;
let resting: ReturnType<typeof setTimeout> | undefined;

/** A reload comes back to where the page was. When it begins is too late to write that down. */
function onScroll(): void {
  clearTimeout(resting);
  resting = setTimeout(() => history.replaceState({ ...step(), scroll: window.scrollY }, ''), REST);
}

const held = (): boolean => guard !== null && guard();

/** The address of a path below BASE. */
export function href(to: string): string {
  return `${BASE}${to}`;
}

/** Goes to a path below BASE, with its query. Gives false when the leave guard holds. */
export function navigate(to: string, options: { replace?: boolean } = {}): boolean {
  if (held()) return false;
  clearTimeout(resting);
  if (options.replace) {
    history.replaceState({ index: current, scroll: 0 }, '', href(to));
  } else {
    history.replaceState({ ...step(), scroll: window.scrollY }, '');
    current += 1;
    history.pushState({ index: current, scroll: 0 }, '', href(to));
  }
  arrivedBy.value = options.replace ? 'replace' : 'push';
  place.value = read();
  return true;
}

/** Goes back inside the app; a page opened directly has nothing behind it and goes to fallback. */
export function back(fallback: string): void {
  if (current > 0) history.back();
  else navigate(fallback, { replace: true });
}

/** The scroll position saved with the present place, in CSS pixels. */
export function savedScroll(): number {
  return step().scroll;
}

function onPop(): void {
  if (reverting) {
    reverting = false;
    return;
  }
  const to = step().index;
  if (held() && to !== current) {
    reverting = true;
    history.go(current - to);
    return;
  }
  clearTimeout(resting);
  current = to;
  arrivedBy.value = 'pop';
  place.value = read();
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`)) return;
  event.preventDefault();
  navigate(link.pathname.slice(BASE.length) + link.search, { replace: link.dataset.replace !== undefined });
}

function onUnload(event: BeforeUnloadEvent): void {
  if (held()) event.preventDefault();
}

/** Follows links, the back button and closing. Call once; gives the function that stops it. */
export function startRouter(): () => void {
  history.scrollRestoration = 'manual';
  window.addEventListener('popstate', onPop);
  document.addEventListener('click', onClick);
  window.addEventListener('beforeunload', onUnload);
  window.addEventListener('scroll', onScroll, { passive: true });
  return () => {
    window.removeEventListener('popstate', onPop);
    document.removeEventListener('click', onClick);
    window.removeEventListener('beforeunload', onUnload);
    window.removeEventListener('scroll', onScroll);
    clearTimeout(resting);
  };
}

/** The parameters of path under a pattern such as /payments/:id, or null when it does not fit. */
export function matchPath(pattern: string, path: string): Params | null {
  const want = pattern.split('/');
  const have = path.split('/');
  if (want.length !== have.length) return null;
  const params: Params = {};
  for (const [i, part] of want.entries()) {
    const value = have[i] ?? '';
    if (part.startsWith(':')) {
      if (value === '') return null;
      params[part.slice(1)] = decode(value);
    } else if (part !== value) return null;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The first entry of the table that path fits, with its parameters. */
export function findRoute<R extends { path: string }>(table: readonly R[], path: string): { route: R; params: Params } | null {
  for (const route of table) {
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return null;
}
