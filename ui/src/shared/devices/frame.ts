import type { DeviceName, EncryptedFormat, SwipeResult } from './reader';

/** Nothing that can be paid with. */
export const UNREADABLE: SwipeResult = { kind: 'unreadable' };

/** Bytes as two upper-case digits each, as the server takes them. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase();
}

/** The bytes of a text of hexadecimal digits; null when it is none. */
export function bytesOf(hex: string): Uint8Array | null {
  if (hex.length % 2 !== 0 || !/^[0-9A-F]*$/i.test(hex)) return null;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Bytes as characters, one each; what is no printable ASCII becomes a blank. */
export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ' ')).join('');
}

/** What an encrypting reader says of a swipe: the secret in hexadecimal, and what it leaves to see. */
export interface Frame {
  format: EncryptedFormat;
  /** Key serial number of DUKPT (ANSI X9.24-1): 10 bytes in hexadecimal. */
  ksn: string;
  /** Encrypted, in hexadecimal; empty when the track was not read. */
  track1: string;
  track2: string;
  /** With the mask of the reader; empty when it masks all. */
  shown1: string;
  shown2: string;
  /** What stands for a hidden digit. A nought cannot be told from a digit that is one. */
  mask: '0' | '*';
  serial: string;
}

/** The blocks of TDES and of AES are 8 and 16 bytes; a track in them has at most 112. */
const TRACK = /^(?:[0-9A-F]{16}){1,14}$/;
const KSN = /^(?:[0-9A-F]{20}|[0-9A-F]{24})$/;

/** A frame as a swipe; unreadable when a part that decrypting needs is missing or misshapen. */
export function encrypted(frame: Frame, device: DeviceName): SwipeResult {
  const { format, ksn, track1, track2 } = frame;
  if (!KSN.test(ksn) || /^0+$/.test(ksn) || !TRACK.test(track2) || (track1 !== '' && !TRACK.test(track1))) return UNREADABLE;
  const serial = frame.serial.trim() || device.serial;
  return {
    kind: 'encrypted',
    format,
    ksn,
    track2,
    ...(track1 ? { track1 } : {}),
    ...shownOf(frame),
    device: { model: device.model, ...(serial ? { serial } : {}) },
  };
}

type Shown = Pick<Extract<SwipeResult, { kind: 'encrypted' }>, 'masked' | 'chip'>;

/** What a masked track leaves to see: the ends of the number, the holder, and perhaps the service code. */
function shownOf({ shown1, shown2, mask }: Frame): Shown {
  const two = /[;@]?([0-9*]{12,19})=([^?]*)\??/.exec(shown2.toUpperCase());
  const one = /%?[B*]([0-9*]{12,19})\^([^^?]{0,26})\^([^?]*)\??/.exec(shown1.toUpperCase());
  const number = two?.[1] ?? one?.[1] ?? '';
  return {
    masked: { first6: firstOf(number, mask), last4: /\d{4}$/.exec(number)?.[0] ?? '', name: holder(one?.[2] ?? '') },
    chip: chipOf((two?.[2] ?? one?.[3] ?? '').slice(4, 7)),
  };
}

/** Up to six digits; noughts behind the fourth may be the mask's. */
function firstOf(number: string, mask: Frame['mask']): string {
  const first = /^\d{0,6}/.exec(number)?.[0] ?? '';
  return mask === '0' ? first.slice(0, 4) + first.slice(4).replace(/0+$/, '') : first;
}

/** By the service code: begins with 2 or 6 on cards with a chip. Null while it is masked. */
function chipOf(service: string): boolean | null {
  if (!/^[1-79]\d\d$/.test(service)) return null;
  return service.startsWith('2') || service.startsWith('6');
}

/** HONG/GILDONG is Hong, then Gildong; a masked name is none. */
export function holder(field: string): string {
  if (field.includes('*')) return '';
  return field.split('/').map((part) => part.trim()).filter(Boolean).join(' ');
}
