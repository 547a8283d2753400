import { signal } from '@preact/signals';

/** Whether the device believes it has a network. */
export const online = signal(navigator.onLine);

/** Follows the device's network. Call once. */
export function startOnline(): void {
  const read = (): void => {
    online.value = navigator.onLine;
  };
  window.addEventListener('online', read);
  window.addEventListener('offline', read);
}
