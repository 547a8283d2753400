import { APP, noticeOf, pathOf } from './notice';

// Imported by the service worker that the build makes. It asks the network for nothing and
// keeps nothing: what is behind a notice is read by the app, which knows who is logged in.

interface Client {
  url: string;
  focused: boolean;
  visibilityState: string;
  focus: () => Promise<unknown>;
  postMessage: (message: unknown) => void;
}

interface Scope {
  addEventListener: (type: string, hear: (event: never) => void) => void;
  navigator: { language: string };
  clients: {
    matchAll: (options: { type: 'window'; includeUncontrolled: boolean }) => Promise<Client[]>;
    openWindow: (url: string) => Promise<unknown>;
  };
  registration: { showNotification: (title: string, options: NotificationOptions) => Promise<void> };
}

interface Waiting {
  waitUntil: (work: Promise<unknown>) => void;
}

interface Pushed extends Waiting {
  data: { json: () => unknown } | null;
}

interface Pressed extends Waiting {
  notification: { data: unknown; close: () => void };
}

const scope = self as unknown as Scope;

/** The windows of the app, the one before the user first. */
async function windows(): Promise<Client[]> {
  const all = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const near = (client: Client): number => (client.focused ? 2 : client.visibilityState === 'visible' ? 1 : 0);
  return all.filter(({ url }) => new URL(url).pathname.startsWith(APP)).sort((a, b) => near(b) - near(a));
}

async function show(event: Pushed): Promise<void> {
  const watched = (await windows()).some((client) => client.focused);
  const { title, options } = noticeOf(() => event.data?.json(), scope.navigator.language, watched);
  await scope.registration.showNotification(title, options);
}

async function open(path: string): Promise<void> {
  const [client] = await windows();
  if (!client) {
    await scope.clients.openWindow(path);
    return;
  }
  // A browser that lets no window come to the front still has the app open.
  await client.focus().catch(() => undefined);
  // The app goes there itself: it knows whether a payment is being typed.
  client.postMessage({ type: 'innopay.open', path });
}

scope.addEventListener('push', (event: Pushed) => event.waitUntil(show(event)));

scope.addEventListener('notificationclick', (event: Pressed) => {
  event.notification.close();
  event.waitUntil(open(pathOf(event.notification.data)));
});
