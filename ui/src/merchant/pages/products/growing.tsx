import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** How many rows are drawn at once: a phone's screen and the next one. */
const STEP = 16;

interface Growing<T> {
  shown: readonly T[];
  /** Stands behind the last row; null when all are drawn. */
  tail: JSX.Element | null;
}

/** A list drawn as far as it is scrolled, so that a large catalogue answers as quickly as a small one. */
export function useGrowing<T>(all: readonly T[]): Growing<T> {
  const [{ list, wanted }, setState] = useState({ list: all, wanted: STEP });
  // A list of the same length is the same one read again: nobody who has scrolled down is thrown back.
  if (list !== all) setState({ list: all, wanted: list.length === all.length ? wanted : STEP });
  const tail = useRef<HTMLDivElement>(null);
  const more = wanted < all.length;
  useEffect(() => {
    if (!tail.current) return;
    const watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setState({ list: all, wanted: wanted + STEP }), { rootMargin: '800px' });
    watch.observe(tail.current);
    return () => watch.disconnect();
  }, [all, wanted, more]);
  return { shown: all.slice(0, wanted), tail: more ? <div ref={tail} /> : null };
}
