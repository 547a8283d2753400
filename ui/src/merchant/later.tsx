import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Skeleton } from '../shared/design/parts';
import { ErrorState } from '../shared/design/states';

/** A part of a screen that is fetched when it is first shown, so that the screen itself stays small. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let Loaded: ComponentType<P> | null = null;
  return function Later(props: P): JSX.Element {
    const [, setTurn] = useState(0);
    const [failure, setFailure] = useState<unknown>();
    const fetchIt = (): void => {
      setFailure(undefined);
      load().then((part) => {
        Loaded = part;
        setTurn((turn) => turn + 1);
      }, setFailure);
    };
    useEffect(() => {
      if (!Loaded) fetchIt();
    }, []);
    if (failure !== undefined) return <ErrorState failure={failure} onRetry={fetchIt} />;
    return Loaded ? <Loaded {...props} /> : <Skeleton shape="row" count={3} />;
  };
}
