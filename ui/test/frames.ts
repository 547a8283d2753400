// Swipes of encrypting readers for tests: two that their makers or users published, and
// builders that lay out others.
import { bytesOf, hexOf } from '../src/shared/devices/frame';

/** MagneSafe V5 reference manual (99875475), appendix D: a swipe typed at security level 3. */
export const MAGTEK_TYPED = [
  '%B5452000000007189^HOGAN/PAUL      ^08040000000000000000000?;5452000000007189=080400000000000000?+5163000050000445=000000000000?',
  '0600',
  'C25C1D1197D31CAA87285D59A892047426D9182EC11353C051ADD6D0F072A6CB3436560B3071FC1FD11D9F7E74886742D9BEE0CFD1EA1064C213BB55278B2F12',
  '724C5DB7D6F901C7F0FEAE7908801093B3DBFE51CCF6D483E789D7D2C007D539499BAADCC8D16CA2',
  'E31234A91059A0FBFE627954EE21868AEE3979540B67FCC40F61CECA54152D1E',
  'A1050000',
  '8628E664C59BBAA232BA90BFB3E6B41D6F4B691E633C311CBE6EE7466B81196EC07B12648DCAC4FD7FD0E212B479C60BAD8C74F82F327667',
  '',
  '21685F158B5C6BE0',
  'FFFF9876543210E00008',
  'B78F',
  '',
  '0000',
].join('|');

export const MAGTEK_TRACK2 = '724C5DB7D6F901C7F0FEAE7908801093B3DBFE51CCF6D483E789D7D2C007D539499BAADCC8D16CA2';

/** developers.bluefin.com, "IDTech SecuRed": a swipe as the reader types it, its masked tracks as they are. */
export const IDTECH_TYPED =
  '029C01801F322400839B%*4124********9990^TEST/BLUEFIN^****************?*;4124********9990=****************?*' +
  'C0A0ECE0C2E62E4542D3B823D9C2CDFBB3073350C5BF3D7471A40FF723EF092DD98C8E2E8D4D7C3FC369D5B64E99B1E92CD09168EC61FF08' +
  '1F3806B393B01CC4F440AB941B79AE28152B301FFC24B1CE560EE3F24E80FAF8515CFE9C7CC66DE9' +
  '00000000000000000000000000000000000000000000000000000000000000000000000000000000' +
  '54313334303030303634629949960E0000A000726E0A03';

export const IDTECH_TRACK2 = '1F3806B393B01CC4F440AB941B79AE28152B301FFC24B1CE560EE3F24E80FAF8515CFE9C7CC66DE9';

const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

/** A frame of bytes around a payload. */
export function idtechBytes(payload: readonly number[]): Uint8Array {
  const lrc = payload.reduce((all, byte) => all ^ byte, 0);
  const sum = payload.reduce((all, byte) => all + byte, 0) & 0xff;
  return Uint8Array.from([2, payload.length & 0xff, payload.length >> 8, ...payload, lrc, sum, 3]);
}

/** The published frame as bytes. */
export const IDTECH_FRAME = ((): Uint8Array => {
  const fixed = [...(bytesOf(IDTECH_TYPED.slice(6, 20)) ?? [])];
  const masked = ascii(IDTECH_TYPED.slice(20, 106));
  return idtechBytes([...fixed, ...masked, ...(bytesOf(IDTECH_TYPED.slice(106, -6)) ?? [])]);
})();

/** The published swipe typed in hexadecimal alone. */
export const IDTECH_HEX = hexOf(IDTECH_FRAME);

/** A frame as a HID report: nine bytes before it, nothing behind it. */
export function idtechReportOf(frame: Uint8Array): Uint8Array {
  const report = new Uint8Array(509);
  report.set([0, 0, 1, 0x32, 0x24, 0, 0x80, frame.length & 0xff, frame.length >> 8]);
  report.set(frame, 9);
  return report;
}

/** The published MagTek swipe as the HID report that the same manual gives for it. */
export function magtekReportOf(typed: string): Uint8Array {
  const [tracks = '', , track1 = '', track2 = '', , , , , , ksn = ''] = typed.split('|');
  const report = new Uint8Array(857);
  const put = (at: number, bytes: Iterable<number> | null): void => report.set([...(bytes ?? [])], at);
  const [shown1 = '', shown2 = ''] = tracks.split(/(?<=\?)/);
  put(3, [track1.length / 2, track2.length / 2, 0]);
  put(7, bytesOf(track1));
  put(119, bytesOf(track2));
  put(477, ascii('B1234567'));
  put(493, [0, 6]);
  put(495, bytesOf(ksn));
  put(505, [shown1.length, shown2.length, 0]);
  put(508, ascii(shown1));
  put(620, ascii(shown2));
  put(852, [shown1.length, shown2.length, 0, 0]);
  return report;
}

/** Numbers that look random and are the same in each run (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
