import { bytesOf, encrypted, hexOf, textOf, UNREADABLE } from './frame';
import type { DeviceName, SwipeResult } from './reader';
import { swipeOf } from './track';

/**
 * Swipes in MagTek's MagneSafe V5 format: as a keyboard types them and as a HID report
 * gives them (MagneSafe V5 reference manual 99875475, D998200176). Malformed ones are
 * unreadable; nothing throws.
 */

/** What the typed fields mean, from the masked tracks on. */
const FIELD = { tracks: 0, status: 1, track1: 2, track2: 3, serial: 7, ksn: 9 } as const;
/** Reader encryption status: encryption is on. */
const ENCRYPTING = 0x04;

/** masked tracks|status|track 1|track 2|track 3|MagnePrint status|MagnePrint|serial|session|KSN|... */
export function magtekText(typed: string, device: DeviceName): SwipeResult {
  const fields = typed.split('|').map((field) => field.trim());
  const at = (name: keyof typeof FIELD): string => fields[FIELD[name]] ?? '';
  const status = bytesOf(at('status'));
  if (status?.length !== 2) return UNREADABLE;
  if (!isEncrypting(status)) return swipeOf(at('tracks'), device);
  const serial = device.serial ?? at('serial');
  const [shown1, shown2] = [/%[^?]*\?/, /[;@][^?]*\?/].map((track) => track.exec(at('tracks'))?.[0] ?? '');
  return encrypted(
    { format: 'MAGTEK', ksn: at('ksn').toUpperCase(), track1: at('track1').toUpperCase(), track2: at('track2').toUpperCase(), shown1: shown1 ?? '', shown2: shown2 ?? '', mask: '0', serial },
    device,
  );
}

const isEncrypting = (status: Uint8Array): boolean => status.some((byte) => (byte & ENCRYPTING) !== 0);

/** Where things lie in a report. */
const AT = { decoded2: 1, length1: 3, track1: 7, track2: 119, serial: 477, status: 493, ksn: 495, shown: 505, shown1: 508, shown2: 620 } as const;
/** The widest track of a report, in bytes. */
const WIDTH = 112;
/** A report of a reader that encrypts, and of one that only reads. */
export const MAGTEK_REPORT = 856;
export const MAGTEK_PLAIN_REPORT = 337;

/** A whole input report. Shorter than an encrypting reader's: the tracks are as on the card. */
export function magtekReport(report: Uint8Array, device: DeviceName): SwipeResult {
  const byte = (at: number): number => report[at] ?? 0;
  if (report.length < MAGTEK_PLAIN_REPORT || byte(AT.decoded2) !== 0) return UNREADABLE;
  const part = (at: number, length: number): Uint8Array => report.subarray(at, at + Math.min(length, WIDTH));
  const track1 = part(AT.track1, byte(AT.length1));
  const track2 = part(AT.track2, byte(AT.length1 + 1));
  if (report.length < MAGTEK_REPORT || !isEncrypting(report.subarray(AT.status, AT.status + 2))) return swipeOf(textOf(track1) + textOf(track2), device);
  return encrypted(
    {
      format: 'MAGTEK',
      ksn: hexOf(report.subarray(AT.ksn, AT.ksn + 10)),
      track1: hexOf(track1),
      track2: hexOf(track2),
      shown1: textOf(part(AT.shown1, byte(AT.shown))),
      shown2: textOf(part(AT.shown2, byte(AT.shown + 1))),
      mask: '0',
      serial: textOf(report.subarray(AT.serial, AT.serial + 16)),
    },
    device,
  );
}
