import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** What a page knows about something it fetches. */
export interface Load<T> {
  data: T | undefined;
  /** ApiFailure or NoAnswer of the last try; undefined while loading and after success. */
  failure: unknown;
  loading: boolean;
  reload: () => void;
  /** Replaces the data with a newer answer. */
  set: (data: T) => void;
}

interface State<T> {
  data: T | undefined;
  failure: unknown;
  loading: boolean;
}

/** Fetches when the page opens and whenever key changes; an answer that comes too late is dropped. */
export function useLoad<T>(fetcher: (signal: AbortSignal) => Promise<T>, key: string): Load<T> {
  const [state, setState] = useState<State<T>>({ data: undefined, failure: undefined, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(fetcher);
  latest.current = fetcher;
  useEffect(() => {
    const abort = new AbortController();
    setState((old) => ({ data: old.data, failure: undefined, loading: true }));
    latest.current(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ data, failure: undefined, loading: false }),
      (failure: unknown) => !abort.signal.aborted && setState((old) => ({ data: old.data, failure, loading: false })),
    );
    return () => abort.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const set = useCallback((data: T) => setState({ data, failure: undefined, loading: false }), []);
  return { ...state, reload, set };
}
