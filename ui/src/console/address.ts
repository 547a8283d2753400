import { navigate, place } from '../shared/router/router';

/** Changes conditions in the address; an empty value leaves the address. What is open beside the list is closed unless named. */
export function setQuery(changes: Readonly<Record<string, string>>): void {
  const { path, query } = place.value;
  const next = new URLSearchParams(query);
  if (!('open' in changes)) next.delete('open');
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  navigate(text === '' ? path : `${path}?${text}`, { replace: true });
}

/** The named conditions of the address, without the empty ones. */
export function conditions<N extends string>(names: readonly N[], query = place.value.query): Partial<Record<N, string>> {
  const found: Partial<Record<N, string>> = {};
  for (const name of names) {
    const value = query.get(name)?.trim();
    if (value) found[name] = value;
  }
  return found;
}

/** What stands open beside the list; empty when nothing does. */
export const opened = (): string => place.value.query.get('open') ?? '';

/** Opens something beside the list, or closes it. */
export const open = (id: string): void => setQuery({ open: id });
