import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ErrorState } from '../shared/design/states';
import { ToastArea } from '../shared/design/toast';
import { c } from '../shared/i18n/console/console';
import { t } from '../shared/i18n/i18n';
import { findRoute, place } from '../shared/router/router';
import { Frame } from './frame';
import { IdleWarning } from './idle';
import { Login, Renew } from './login';
import { routes, type Route } from './routes';
import { operator, renewing, startSession } from './session';

const loaded = new Map<string, ComponentType>();

/** The screen of the address, fetched when it is first wanted. */
function Screen({ route }: { route: Route }): JSX.Element {
  const [failure, setFailure] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const [, setReady] = useState('');
  useEffect(() => {
    let live = true;
    setFailure(undefined);
    if (loaded.has(route.path)) return;
    route.load().then(
      (module) => {
        loaded.set(route.path, module.default);
        if (live) setReady(route.path);
      },
      (caught: unknown) => live && setFailure(caught),
    );
    return () => {
      live = false;
    };
  }, [route, turn]);
  const Found = loaded.get(route.path);
  if (Found) return <Found key={place.value.path} />;
  if (failure !== undefined) return <ErrorState failure={failure} onRetry={() => setTurn((n) => n + 1)} />;
  return <div class="desk" role="status" aria-label={t().common.loading} />;
}

/** Says which screen it is in the window's title, and to those who hear it. */
function useTitle(path: string, title: string): void {
  useEffect(() => {
    document.title = `${title} · INNOPAY`;
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);
}

function Inside(): JSX.Element {
  const { path } = place.value;
  const found = findRoute(routes, path);
  useTitle(path, found ? c().nav.pages[found.route.name] : t().error.notFoundTitle);
  return (
    <Frame at={found?.route.name}>
      {found ? (
        <Screen route={found.route} />
      ) : (
        <main class="desk" id="main">
          <h1 tabIndex={-1}>{t().error.notFoundTitle}</h1>
          <p>{t().error.notFoundText}</p>
        </main>
      )}
      <IdleWarning />
      {renewing.value && <Renew />}
      <ToastArea />
    </Frame>
  );
}

/** The whole console: asks who is logged in, then shows the login or the screen of the address. */
export function App(): JSX.Element {
  const [state, setState] = useState<{ asked: boolean; failure?: unknown }>({ asked: false });
  const ask = (): void => {
    setState({ asked: false });
    startSession().then(
      () => setState({ asked: true }),
      (failure: unknown) => setState({ asked: true, failure }),
    );
  };
  useEffect(ask, []);
  if (!state.asked) return <div role="status" aria-label={t().common.loading} />;
  if (state.failure !== undefined) {
    return (
      <main>
        <ErrorState failure={state.failure} onRetry={ask} />
      </main>
    );
  }
  return operator.value ? <Inside /> : <Login />;
}
