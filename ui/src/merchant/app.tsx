import type { ComponentType, JSX, TargetedMouseEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../shared/design/controls';
import { Icon } from '../shared/design/icons';
import { Page } from '../shared/design/page';
import { ErrorState } from '../shared/design/states';
import { ToastArea } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import { arrivedBy, findRoute, href, navigate, place, savedScroll, type Params } from '../shared/router/router';
import { NoAnswer } from '../shared/api/failure';
import { readKept, type Kept } from '../shared/state/kept';
import { Live } from '../shared/state/live';
import { online } from '../shared/state/online';
import { renewing, session, startSession } from '../shared/state/session';
import { applyUpdate, startWorker, updateReady } from '../shared/state/worker';
import { Asking } from './asking';
import { beginAway } from './away';
import { BottomBar, Rail, WithMenu } from './nav';
import { NotFound } from './notfound';
import { OfflineHome } from './pages/home/offline';
import { Renew } from './pages/login/renew';
import { LoginForm } from './pages/login/form';
import { outside } from './outside';
import { readPending } from './pending';
import { PrintStrip } from './print-button';
import { QueueStrip } from './queue-strip';
import { routes, warm, type PageInput, type Route } from './routes';
import { startShop } from './shop';
import { startWaiting } from './waiting';
import { ASKED_AT } from './ways';

type Loaded = ComponentType<PageInput>;
const loaded = new Map<string, Loaded>();

/** The screen of a route, fetched when it is first wanted. */
function useScreen(route: Route | undefined): { screen?: Loaded; failure?: unknown; retry: () => void } {
  const [state, setState] = useState<{ path?: string; failure?: unknown }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (!route || loaded.has(route.path)) return;
    let live = true;
    route.load().then(
      (module) => {
        loaded.set(route.path, module.default);
        if (live) setState({ path: route.path });
      },
      (failure: unknown) => live && setState({ failure }),
    );
    return () => {
      live = false;
    };
  }, [route, turn]);
  const screen = route && loaded.get(route.path);
  const retry = (): void => {
    setState({});
    setTurn((n) => n + 1);
  };
  return { ...(screen ? { screen } : {}), failure: state.failure, retry };
}

/**
 * Puts a new screen, or the next step of one, at its top and one returned to where it
 * was left. An address corrected in place, as by a filter, moves nothing.
 */
function useScroll(path: string, query: string): void {
  const shown = useRef('');
  useEffect(() => {
    const same = shown.current === path;
    shown.current = path;
    if (same && arrivedBy.value === 'replace') return;
    const wanted = arrivedBy.value === 'pop' ? savedScroll() : 0;
    let tries = 0;
    const put = (): void => {
      window.scrollTo(0, wanted);
      // A list returned to grows while its rows arrive.
      if (Math.abs(window.scrollY - wanted) > 2 && tries++ < 40) setTimeout(put, 25);
    };
    put();
  }, [path, query]);
}

function Screen({ route, params }: { route: Route | undefined; params: Params }): JSX.Element {
  const { screen: Found, failure, retry } = useScreen(route);
  useScroll(place.value.path, place.value.query.toString());
  if (!route) return <NotFound />;
  if (failure !== undefined) {
    return (
      <Page title="INNOPAY" left={<IconButton icon="home" label={t().common.home} href={href('/')} />}>
        <ErrorState failure={failure} onRetry={retry} />
      </Page>
    );
  }
  if (!Found) return <div class="page" role="status" aria-label={t().common.loading} />;
  return <Found key={place.value.path} params={params} query={place.value.query} />;
}

/** What a logged-in merchant sees: menus around the screen of the address. */
function Inside(): JSX.Element {
  const found = findRoute(routes, place.value.path);
  const route = found?.route;
  useEffect(() => {
    // A payment whose answer was lost by a reload is followed up before anything else.
    const asked = (['SMS', 'ARS'] as const).find(readPending);
    if (readPending()) navigate('/pay/card', { replace: true });
    else if (asked) navigate(ASKED_AT[asked], { replace: true });
    else if (readPending('cash')) navigate('/pay/cash', { replace: true });
    else if (place.value.path === '/login') navigate('/', { replace: true });
    warm();
    startWorker();
    const live = new Live();
    live.start();
    const stopShop = startShop();
    const stopWaiting = startWaiting();
    return () => {
      live.stop();
      stopShop();
      stopWaiting();
    };
  }, []);
  return (
    <div class={route?.task ? 'app' : 'app with-bar'}>
      <a class="skip" href="#main" onClick={skipToMain}>
        {t().common.skip}
      </a>
      {!online.value && (
        <OfflineBar />
      )}
      <QueueStrip />
      <PrintStrip />
      {updateReady.value && !route?.task && <UpdateBar />}
      <Rail section={route?.section} />
      <WithMenu task={route?.task ?? false}>
        <Screen route={route} params={found?.params ?? {}} />
      </WithMenu>
      {!route?.task && <BottomBar section={route?.section} />}
      {renewing.value && <Renew />}
      <Asking />
      <ToastArea />
    </div>
  );
}

function OfflineBar(): JSX.Element {
  return (
    <div class="offline-bar" role="status">
      <Icon name="offline" size={16} />
      {t().error.offlineBar}
    </div>
  );
}

/** The app started without a network: what was kept, and the counter for cash. Goes on by itself once there is a network, but not over a sale. */
function Away({ kept, onRetry }: { kept: Kept; onRetry: () => void }): JSX.Element {
  const found = findRoute(routes, place.value.path);
  const selling = kept.shop !== undefined && found?.route.path === '/pay/cash';
  const lost = useRef(false);
  useEffect(() => beginAway(kept), [kept.merchantId]);
  useEffect(() => {
    if (!online.value) lost.current = true;
    else if (lost.current && !selling) onRetry();
  }, [online.value, selling]);
  if (!selling && !found?.route.offline) return <OfflineHome kept={kept} onRetry={onRetry} />;
  return (
    <div class="app">
      <OfflineBar />
      <QueueStrip />
      <Screen route={found.route} params={found.params} />
      <ToastArea />
    </div>
  );
}

/** Offered outside of tasks alone: nobody loses a payment under way to a new version. */
function UpdateBar(): JSX.Element {
  return (
    <div class="update-bar" role="status">
      {t().update.text}
      <button type="button" class="link" onClick={applyUpdate}>
        {t().update.act}
      </button>
    </div>
  );
}

function skipToMain(event: TargetedMouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  const heading = document.querySelector<HTMLElement>('h1');
  heading?.focus();
}

/** What somebody sees who is not logged in: the login, but for screens that need none. */
function Outside(): JSX.Element {
  const found = outside(place.value.path);
  if (!found) return <LoginForm />;
  return (
    <div class="app app-bare">
      <Screen route={found.route} params={found.params} />
      <ToastArea />
    </div>
  );
}

/** The whole app: asks who is logged in, then shows the login or the screen of the address. */
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
  if (!state.asked) return <div class="app app-bare" role="status" aria-label={t().common.loading} />;
  const kept = state.failure instanceof NoAnswer ? readKept() : null;
  if (kept) return <Away kept={kept} onRetry={ask} />;
  if (state.failure !== undefined) {
    return (
      <div class="app app-bare">
        <Page title="INNOPAY">
          <ErrorState failure={state.failure} onRetry={ask} />
        </Page>
      </div>
    );
  }
  if (!session.value) return <Outside />;
  return <Inside />;
}
