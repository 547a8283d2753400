/** What a key does; gives false when it does not concern it now. */
export type Act = () => boolean | void;

const bound = new Map<string, Act[]>();

/**
 * Binds keys (names as of KeyboardEvent.key; "g p" is g and then p). The latest binding of a
 * key goes first. Gives the function that takes them back.
 */
export function bindKeys(acts: Readonly<Record<string, Act>>): () => void {
  const mine = Object.entries(acts);
  for (const [key, act] of mine) bound.set(key, [act, ...(bound.get(key) ?? [])]);
  return () => {
    for (const [key, act] of mine) bound.set(key, (bound.get(key) ?? []).filter((each) => each !== act));
  };
}

/** After the first key of two, so long may the second be waited for, in milliseconds. */
const PATIENCE = 1500;

let first = '';
let firstAt = 0;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

function run(key: string, event: KeyboardEvent): boolean {
  for (const act of bound.get(key) ?? []) {
    if (act() === false) continue;
    event.preventDefault();
    return true;
  }
  return false;
}

/** Whether some binding begins with the key and a blank. */
const begins = (key: string): boolean => [...bound].some(([name, acts]) => acts.length > 0 && name.startsWith(`${key} `));

/** Gives a key to what is bound to it. Keys that are typed into a field, meant for the browser or for an open dialog are left alone. */
export function onKey(event: KeyboardEvent, now = Date.now()): void {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  if (document.querySelector('dialog[open]')) return;
  if (typing(event.target)) {
    // Out of a field by the same key that closes everything else.
    if (event.key === 'Escape') (event.target as HTMLElement).blur();
    return;
  }
  const before = now - firstAt <= PATIENCE ? first : '';
  first = '';
  // Letters mean the key, whatever the Korean keyboard makes of it.
  const key = /^Key[A-Z]$/.test(event.code) && !event.shiftKey ? event.code.slice(3).toLowerCase() : event.key;
  if (before !== '' && run(`${before} ${key}`, event)) return;
  if (begins(key)) {
    first = key;
    firstAt = now;
    return;
  }
  run(key, event);
}

/** Listens. Call once; gives the function that stops it. */
export function startKeys(): () => void {
  const listen = (event: KeyboardEvent): void => onKey(event);
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
