import { push } from '../api/api';
import type { Session } from '../api/types';
import { BASE } from '../router/router';
import { forgetChosen, readChosen, writeChosen, type Chosen } from './pushed';

/** How things stand with notices on this device. */
export type PushState =
  /** The browser has none. */
  | 'unsupported'
  /** It has them only once the app is on the home screen (iPhone, iPad). */
  | 'install'
  /** The user said no, and only they can take it back. */
  | 'denied'
  | 'off'
  | 'on';

/** A browser may wait for its push service for ever. In milliseconds. */
const PATIENCE = 20_000;

async function patient<T>(work: Promise<T>, limit = PATIENCE): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('the browser does not answer')), limit)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const registered = async (): Promise<ServiceWorkerRegistration | undefined> => ('serviceWorker' in navigator ? navigator.serviceWorker.getRegistration(`${BASE}/`) : undefined);

/** How things stand for the user who is logged in. */
export async function pushState(session: Session): Promise<PushState> {
  const able = 'PushManager' in window && 'Notification' in window && !!(await registered());
  // Only Safari on a phone or tablet knows this name; there it takes the home screen.
  if (!able) return 'standalone' in navigator && !navigator.standalone ? 'install' : 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && readChosen()?.userId === session.user.id ? 'on' : 'off';
}

/** Tells the server that this device is there, with what the browser has or makes anew. */
async function subscribe(session: Session): Promise<void> {
  const registration = await registered();
  if (!registration) throw new Error('no worker');
  const key = bytesOf(await push.key());
  const manager = registration.pushManager;
  let held = await manager.getSubscription();
  if (held && !sameBytes(held.options.applicationServerKey, key)) {
    // Of another installation, or of one whose keys were lost: nobody can send to it.
    await held.unsubscribe();
    held = null;
  }
  held ??= await patient(manager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const { endpoint = '', keys = {} } = held.toJSON();
  const id = await push.subscribe({ endpoint, keys: { p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '' } });
  writeChosen({ userId: session.user.id, id });
}

/** Turns notices on, after asking when the user was never asked: call it in a press. */
export async function turnOn(session: Session): Promise<PushState> {
  const answer = await Notification.requestPermission();
  if (answer !== 'granted') return answer === 'denied' ? 'denied' : 'off';
  await subscribe(session);
  return 'on';
}

/** Turns them off: here first, so that nothing comes any more even when the server cannot be asked. */
export async function turnOff(): Promise<PushState> {
  const chosen = readChosen();
  await forget();
  // One that the server forgot before is off as well; one it cannot be told of ends when it next sends.
  if (chosen) await push.unsubscribe(chosen.id).catch(() => undefined);
  return 'off';
}

/** Ends the subscription in the browser and the choice. */
export async function forget(): Promise<void> {
  forgetChosen();
  const held = await (await registered())?.pushManager?.getSubscription();
  await held?.unsubscribe();
}

/**
 * Says at the start that the device is still there, which brings back what the server has
 * pruned. Whoever else logged in on this device before is told nothing on it any more.
 */
export async function renew(session: Session, chosen: Chosen): Promise<void> {
  if (chosen.userId !== session.user.id || Notification.permission !== 'granted') return forget();
  await subscribe(session);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}

function sameBytes(held: ArrayBuffer | null, wanted: Uint8Array): boolean {
  const bytes = new Uint8Array(held ?? new ArrayBuffer(0));
  return bytes.length === wanted.length && bytes.every((byte, i) => byte === wanted[i]);
}
