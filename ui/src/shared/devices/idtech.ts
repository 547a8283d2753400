import { bytesOf, encrypted, hexOf, textOf, UNREADABLE } from './frame';
import type { DeviceName, SwipeResult } from './reader';

/**
 * Swipes in ID TECH's enhanced encrypted format (SecureMag user manual, 10.5): STX,
 * length (low byte first), card type, status of the tracks, their three lengths, two
 * bytes that say what is there, the masked tracks, the encrypted ones, hashes, serial
 * number, KSN, LRC, sum, ETX. The older format encrypts both tracks as one and is not
 * read. Malformed frames are unreadable; nothing throws.
 */

const STX = 0x02;
const ETX = 0x03;
/** STX and length before what is counted; LRC, sum and ETX behind. */
const HEAD = 3;
const FOOT = 3;
/** Card type to the second byte that says what is there. */
const FIXED = 7;
/** The longest frame, in bytes. */
const MAX_FRAME = 1024;
const ENHANCED = 0x80;
const HASH = 20;
const SESSION = 8;
const SERIAL = 10;
/** Key serial numbers of TDES and of AES. */
const KSN = [10, 12];

/** The length in bytes of the frame that begins here; 0 while it cannot be known, -1 when none does. */
export function idtechLength(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  if (bytes[0] !== STX) return -1;
  if (bytes.length < HEAD + 1) return 0;
  const length = HEAD + (bytes[1] ?? 0) + 256 * (bytes[2] ?? 0) + FOOT;
  const type = bytes[HEAD] ?? 0;
  return length > HEAD + FIXED + FOOT && length <= MAX_FRAME && (type & 0x7f) <= 4 ? length : -1;
}

/** A frame of bytes, as a HID, serial or Bluetooth reader sends it. */
export function idtechFrame(bytes: Uint8Array, device: DeviceName): SwipeResult {
  if (idtechLength(bytes) !== bytes.length || !isSound(bytes)) return UNREADABLE;
  return payloadSwipe(bytes.subarray(HEAD, bytes.length - FOOT), device);
}

/** Whether LRC, sum and end of a frame fit what is between. */
function isSound(bytes: Uint8Array): boolean {
  const payload = bytes.subarray(HEAD, bytes.length - FOOT);
  const [lrc, sum, end] = bytes.subarray(bytes.length - FOOT);
  return end === ETX && lrc === payload.reduce((all, byte) => all ^ byte, 0) && sum === (payload.reduce((all, byte) => all + byte, 0) & 0xff);
}

/** Which lengths the tracks have, in bytes: as they are and in whole blocks; 0 for what is not there. */
function lengthsOf(payload: Uint8Array): { shown: number[]; secret: number[] } {
  const [clear = 0, secret = 0] = payload.subarray(5, FIXED);
  const block = (clear & 0x30) === 0 ? 8 : 16;
  const lengths = [...payload.subarray(2, 5)];
  return {
    shown: lengths.map((length, i) => (clear & (1 << i) ? length : 0)),
    secret: lengths.map((length, i) => (secret & (1 << i) ? Math.ceil(length / block) * block : 0)),
  };
}

/** What is between length and LRC. */
function payloadSwipe(payload: Uint8Array, device: DeviceName): SwipeResult {
  const [type = 0, , , , , clear = 0, secret = 0] = payload;
  // Bank cards alone (ISO/ABA), under DUKPT with its KSN.
  if (type !== ENHANCED || (clear & 0x08) !== 0 || (secret & 0x82) !== 0x82) return UNREADABLE;
  const lengths = lengthsOf(payload);
  let at = FIXED;
  const take = (length: number): Uint8Array => payload.subarray(at, (at += length));
  const [shown1, shown2] = lengths.shown.map(take);
  const [track1, track2] = lengths.secret.map(take);
  take(secret & 0x40 ? SESSION : 0);
  for (const bit of [0x08, 0x10, 0x20]) take(secret & bit ? HASH : 0);
  const serial = take(clear & 0x80 ? SERIAL : 0);
  const ksn = payload.subarray(at);
  if (!KSN.includes(ksn.length) || !shown1 || !shown2 || !track1 || !track2) return UNREADABLE;
  return encrypted(
    { format: 'IDTECH', ksn: hexOf(ksn), track1: hexOf(track1), track2: hexOf(track2), shown1: textOf(shown1), shown2: textOf(shown2), mask: '*', serial: textOf(serial) },
    device,
  );
}

/** How a typed frame begins: 02, length, card type of the enhanced format, the rest of the fixed part. */
const TYPED = /^[^%;@]{0,15}?(02([0-9A-F]{2})(0[0-4])(8[0-4][0-9A-F]{12}.*))$/i;

/** Whether a text could be a typed frame. */
export const isIdtechText = (typed: string): boolean => TYPED.test(typed.trim());

/**
 * A frame that was typed: all of it in hexadecimal, or with the masked tracks as they
 * are, where the length and the checks count the characters. Characters before it (a
 * preamble) are skipped.
 */
export function idtechText(typed: string, device: DeviceName): SwipeResult {
  const [, frame, low = '', high = '', rest = ''] = TYPED.exec(typed.trim().toUpperCase()) ?? [];
  if (frame === undefined) return UNREADABLE;
  const bytes = bytesOf(frame);
  if (bytes && idtechLength(bytes) === bytes.length) return idtechFrame(bytes, device);
  const body = rest.slice(0, -2 * FOOT);
  const check = bytesOf(`02${low}${high}`);
  const foot = bytesOf(rest.slice(-2 * FOOT));
  const characters = new TextEncoder().encode(body);
  if (!check || !foot || !isSound(Uint8Array.from([...check, ...characters, ...foot])) || characters.length !== Number.parseInt(high + low, 16)) return UNREADABLE;
  const fixed = bytesOf(body.slice(0, 2 * FIXED));
  if (!fixed) return UNREADABLE;
  const clear = lengthsOf(fixed).shown.reduce((all, length) => all + length, 0);
  const behind = bytesOf(body.slice(2 * FIXED + clear));
  if (!behind) return UNREADABLE;
  return payloadSwipe(Uint8Array.from([...fixed, ...characters.subarray(2 * FIXED, 2 * FIXED + clear), ...behind]), device);
}

/** Statuses, lengths and card type before the output of a HID report, then its length in two bytes. */
const REPORT_HEAD = 9;

/** An input report: the frame behind a head of its own, or the frame itself; null when it holds none. */
export function idtechReport(report: Uint8Array, device: DeviceName): SwipeResult | null {
  for (const at of [REPORT_HEAD, 0]) {
    const length = idtechLength(report.subarray(at));
    if (length > 0 && at + length <= report.length && report[at + length - 1] === ETX) return idtechFrame(report.subarray(at, at + length), device);
  }
  return null;
}
