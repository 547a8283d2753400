import { locale } from '../../../shared/i18n/i18n';
import { live } from '../../../shared/state/live';
import { online } from '../../../shared/state/online';
import { textSize, theme } from '../../../shared/state/theme';

declare const __VERSION__: string;

/** The build's version. */
export const VERSION: string = __VERSION__;

/** What helps to find a fault: this device and browser alone, nothing of people, payments or sessions. */
export function diagnostics(): string {
  const able = (name: string): string => (name in navigator ? 'yes' : 'no');
  const facts: Record<string, string> = {
    app: VERSION,
    time: new Date().toISOString(),
    browser: navigator.userAgent,
    screen: `${window.innerWidth}x${window.innerHeight} @${window.devicePixelRatio}`,
    look: `${theme.value} ${textSize.value} ${locale.value}`,
    installed: window.matchMedia('(display-mode: standalone)').matches ? 'yes' : 'no',
    online: online.value ? 'yes' : 'no',
    live: live.value ? 'yes' : 'no',
    worker: navigator.serviceWorker?.controller ? 'yes' : 'no',
    notifications: 'Notification' in window ? Notification.permission : 'no',
    bluetooth: able('bluetooth'),
    usb: able('usb'),
    serial: able('serial'),
    hid: able('hid'),
  };
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

export async function copyDiagnostics(): Promise<void> {
  await navigator.clipboard.writeText(diagnostics());
}
