import { findRoute } from '../shared/router/router';
import { routes, type Route } from './routes';

/** Screens for people who are not logged in. */
const OPEN = ['/register', '/install', '/terms', '/terms/:kind'];

/** The screen of an address that needs no login, with its parameters; null for every other. */
export function outside(path: string): { route: Route; params: Record<string, string> } | null {
  const found = findRoute(routes, path);
  return found && OPEN.includes(found.route.path) ? found : null;
}
