import { signal } from '@preact/signals';

/** The browser's offer to install, which only some make; it can be used once. */
interface Offer extends Event {
  prompt: () => Promise<unknown>;
  userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

export const offer = signal<Offer | null>(null);

/** Whether the app runs from the home screen, or was installed in this visit. */
export const installed = signal(false);

/** Hears of the offer, which comes once and early. Call it when the app starts. */
export function startInstall(): void {
  const standalone = (navigator as Navigator & { standalone?: boolean }).standalone === true;
  installed.value = standalone || (typeof matchMedia === 'function' && matchMedia('(display-mode: standalone)').matches);
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer.value = event as Offer;
  });
  window.addEventListener('appinstalled', () => {
    offer.value = null;
    installed.value = true;
  });
}

/** Lets the browser ask; false when the person did not want it. */
export async function install(): Promise<boolean> {
  const now = offer.value;
  if (!now) return false;
  offer.value = null;
  await now.prompt();
  return (await now.userChoice).outcome === 'accepted';
}
