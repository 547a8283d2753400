import type { Session } from '../api/types';

/** Who asked for notices on this device, and the server's name for it. No secret: the address of the device is not in it. */
export interface Chosen {
  userId: string;
  id: string;
}

const STORE = 'innopay.push';

export function readChosen(): Chosen | null {
  try {
    const chosen = JSON.parse(localStorage.getItem(STORE) ?? 'null') as Chosen | null;
    return typeof chosen?.userId === 'string' && typeof chosen.id === 'string' ? chosen : null;
  } catch {
    return null;
  }
}

export function writeChosen(chosen: Chosen): void {
  try {
    localStorage.setItem(STORE, JSON.stringify(chosen));
  } catch {
    // Without storage the device is told until its session ends, and shows itself as off.
  }
}

export function forgetChosen(): void {
  try {
    localStorage.removeItem(STORE);
  } catch {
    // Nothing was kept either.
  }
}

// What follows is part of every start and log-out, and fetches the rest only where somebody asked for notices.

/** Has the device told on, now that the app is open. */
export async function renewPush(session: Session): Promise<void> {
  const chosen = readChosen();
  if (chosen) await (await import('./push')).renew(session, chosen);
}

/** How long a log-out waits for the browser, in milliseconds. */
const PATIENCE = 2000;

/** Ends notices on this device at log-out; the server ends them with the session. */
export async function endPush(): Promise<void> {
  if (!readChosen()) return;
  const ended = import('./push').then(({ forget }) => forget());
  await Promise.race([ended, new Promise((done) => setTimeout(done, PATIENCE))]).catch(() => undefined);
  forgetChosen();
}
