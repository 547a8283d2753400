import { signal } from '@preact/signals';

/** Set when a newer version of the app waits to be used. */
export const updateReady = signal(false);

let waiting: ServiceWorker | null = null;

function found(worker: ServiceWorker): void {
  const look = (): void => {
    // Without a controller this is the first visit: there is nothing to replace.
    if (worker.state !== 'installed' || !navigator.serviceWorker.controller) return;
    waiting = worker;
    updateReady.value = true;
  };
  worker.addEventListener('statechange', look);
  look();
}

/** Has the browser keep the app's shell for times without a network. Call once, when the app stands. */
export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const scope = import.meta.env.BASE_URL;
  navigator.serviceWorker.register(`${scope}sw.js`, { scope }).then(
    (registration?: ServiceWorkerRegistration) => {
      if (!registration) return; // a browser told to let no worker in answers so
      if (registration.waiting) found(registration.waiting);
      registration.addEventListener('updatefound', () => registration.installing && found(registration.installing));
      // A counter that is never closed learns of a new version too.
      document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void registration.update().catch(() => undefined));
    },
    () => undefined, // a browser that keeps nothing has no shell offline, and all else works
  );
}

/** Goes over to the newer version. */
export function applyUpdate(): void {
  if (!waiting) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage({ type: 'SKIP_WAITING' });
}
