import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Page } from '../shared/api/api';

/** A list that is fetched page by page. */
export interface List<R> {
  rows: R[];
  /** Of the last try; undefined while loading and after success. */
  failure: unknown;
  loading: boolean;
  /** Whether there is a further page. */
  more: boolean;
  fetchMore: () => void;
  reload: () => void;
}

interface State<R> {
  rows: R[];
  next: string | undefined;
  failure: unknown;
  loading: boolean;
}

/** Fetches the first page when the page opens and whenever key changes, later ones when asked; an answer that comes too late is dropped. */
export function useList<R>(fetcher: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<R>>, key: string): List<R> {
  const [state, setState] = useState<State<R>>({ rows: [], next: undefined, failure: undefined, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const abort = useRef(new AbortController());
  const fetchPage = useCallback((cursor: string | undefined, before: R[]): void => {
    const mine = new AbortController();
    abort.current.abort();
    abort.current = mine;
    setState((old) => ({ rows: cursor ? before : old.rows, next: cursor, failure: undefined, loading: true }));
    latest.current(cursor, mine.signal).then(
      (page) => !mine.signal.aborted && setState({ rows: [...before, ...page.rows], next: page.next, failure: undefined, loading: false }),
      (failure: unknown) => !mine.signal.aborted && setState((old) => ({ ...old, failure, loading: false })),
    );
  }, []);
  const shown = useRef(key);
  useEffect(() => {
    // Other conditions: what is not among them any more does not stay on the screen.
    if (shown.current !== key) setState({ rows: [], next: undefined, failure: undefined, loading: true });
    shown.current = key;
    fetchPage(undefined, []);
    return () => abort.current.abort();
  }, [key, turn]);
  const fetchMore = useCallback(() => {
    if (state.next && !state.loading) fetchPage(state.next, state.rows);
  }, [state]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  return { rows: state.rows, failure: state.failure, loading: state.loading, more: state.next !== undefined, fetchMore, reload };
}
