import { useEffect, useRef } from 'preact/hooks';

/** So long after the last key or press nobody is thought to be there any more, in milliseconds. */
export const PRESENCE = 2 * 60_000;

let touched = Date.now();
for (const kind of ['keydown', 'pointerdown', 'wheel']) document.addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });

/** Whether somebody looks: what refreshes by itself keeps the session alive, and must not for an empty chair. */
export const present = (now = Date.now()): boolean => document.visibilityState === 'visible' && now - touched < PRESENCE;

/** Runs something every so many milliseconds while somebody is there. */
export function useRefresh(act: () => unknown, every: number): void {
  const latest = useRef<() => unknown>(act);
  latest.current = act;
  useEffect(() => {
    const timer = setInterval(() => present() && latest.current(), every);
    return () => clearInterval(timer);
  }, [every]);
}
