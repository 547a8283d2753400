import { openCamera } from '../../../shared/devices/camera';

export type Able = 'camera' | 'notifications' | 'bluetooth' | 'usb' | 'serial' | 'storage';
export const ABLE: readonly Able[] = ['camera', 'notifications', 'bluetooth', 'usb', 'serial', 'storage'];

export type State = 'granted' | 'denied' | 'prompt' | 'unsupported';

export interface Permission {
  state: State;
  /** Devices that were allowed one by one, where the browser lists them. */
  devices?: number;
}

/** What browsers offer and the types of the DOM lack. */
interface Devices {
  bluetooth?: { getDevices?: () => Promise<unknown[]> };
  usb?: { getDevices: () => Promise<unknown[]> };
  serial?: { getPorts: () => Promise<unknown[]> };
}

const ports = (): Devices => navigator as unknown as Devices;

async function stateOf(name: string): Promise<State> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    return 'prompt'; // a browser that does not tell asks when it is used
  }
}

/** Devices are allowed one by one, when they are chosen: those allowed before are counted. */
async function counted(list: (() => Promise<unknown[]>) | undefined): Promise<Permission> {
  const devices = list ? (await list().catch(() => [])).length : 0;
  return devices > 0 ? { state: 'granted', devices } : { state: 'prompt' };
}

/** How one permission stands now. */
export async function permissionOf(name: Able): Promise<Permission> {
  const { bluetooth, usb, serial } = ports();
  const missing: Permission = { state: 'unsupported' };
  switch (name) {
    case 'camera':
      return typeof navigator.mediaDevices?.getUserMedia === 'function' ? { state: await stateOf('camera') } : missing;
    case 'notifications':
      return 'Notification' in window ? { state: Notification.permission === 'default' ? 'prompt' : Notification.permission } : missing;
    case 'bluetooth':
      return bluetooth ? counted(bluetooth.getDevices?.bind(bluetooth)) : missing;
    case 'usb':
      return usb ? counted(usb.getDevices.bind(usb)) : missing;
    case 'serial':
      return serial ? counted(serial.getPorts.bind(serial)) : missing;
    case 'storage':
      return typeof navigator.storage?.persisted === 'function' ? { state: (await navigator.storage.persisted()) ? 'granted' : 'prompt' } : missing;
  }
}

/** Hears when somebody changes a permission in the browser. Gives what ends it. */
export function followPermissions(hear: () => void): () => void {
  const abort = new AbortController();
  for (const name of ['camera', 'notifications']) {
    void navigator.permissions?.query({ name: name as PermissionName }).then(
      (status) => status.addEventListener('change', hear, { signal: abort.signal }),
      () => undefined, // what is not told is seen when the page is looked at again
    );
  }
  document.addEventListener('visibilitychange', hear, { signal: abort.signal });
  return () => abort.abort();
}

/** Has the browser ask for the camera, and closes it again. */
export async function askCamera(): Promise<void> {
  (await openCamera()).stop();
}

export type Browser = 'android' | 'samsung' | 'ios' | 'desktop';
export const BROWSERS: readonly Browser[] = ['android', 'samsung', 'ios', 'desktop'];

/** Which of the browsers with steps of their own this one is. */
export function browserOf(agent: string, touches = 0): Browser {
  if (/SamsungBrowser/.test(agent)) return 'samsung';
  if (/Android/.test(agent)) return 'android';
  // An iPad calls itself a Mac, but has fingers on it.
  if (/iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && touches > 1)) return 'ios';
  return 'desktop';
}
