import { holder, UNREADABLE } from './frame';
import type { DeviceName, SwipeResult } from './reader';

/**
 * The magnetic stripe's tracks 1 and 2 (ISO/IEC 7813) as a reader types them. What is
 * read here lives in local variables from the swipe to the payment, never in a store.
 */
export interface Tracks {
  /** With its sentinels, as the server takes it; absent when it was not read. */
  track1?: string;
  /** ;...=...? */
  track2: string;
  first6: string;
  last4: string;
  /** The holder as track 1 has it; empty without it. */
  name: string;
  /** The service code begins with 2 or 6: the card has a chip, which comes first. */
  chip: boolean;
}

const TRACK1 = /%B(\d{12,19})\^([^^%;?]{2,26})\^(?:\d{4}|\^)[^%;?]*\?/;
// MagTek's readers begin track 2 with @ instead of ; on some keyboards.
const TRACK2 = /[;@](\d{12,19})=(\d{2})(0[1-9]|1[0-2])(\d{3})(\d*)\?/;
/** The longest track 2 between its sentinels. */
const MAX_TRACK2 = 37;
const MAX_TRACK1 = 79;

/**
 * The tracks in what was typed, or null when it cannot be paid with: track 2 is
 * needed, and two tracks of different cards were two cards or a collision of keys.
 * Letters count as upper case, because caps lock turns what a reader types around.
 */
export function readTracks(typed: string): Tracks | null {
  const text = typed.toUpperCase();
  const two = TRACK2.exec(text);
  if (!two) return null;
  const [, number = '', year = '', month = '', service = '', rest = ''] = two;
  const body = `${number}=${year}${month}${service}${rest}`;
  if (body.length > MAX_TRACK2) return null;
  // No card has this service code: the track is masked, and its frame broke off.
  if (/^0*$/.test(service + rest)) return null;
  const one = TRACK1.exec(text);
  if (one && one[1] !== number) return null;
  return {
    ...(one && one[0].length <= MAX_TRACK1 ? { track1: one[0] } : {}),
    track2: `;${body}?`,
    first6: number.slice(0, 6),
    last4: number.slice(-4),
    name: holder(one?.[2] ?? ''),
    chip: service.startsWith('2') || service.startsWith('6'),
  };
}

/** Tracks as they are on the card, as a swipe. */
export function swipeOf(text: string, device: DeviceName): SwipeResult {
  const tracks = readTracks(text);
  if (!tracks) return UNREADABLE;
  const { first6, last4, name, chip, track1, track2 } = tracks;
  return { kind: 'plain', masked: { first6, last4, name }, chip, track2, ...(track1 ? { track1 } : {}), device };
}
