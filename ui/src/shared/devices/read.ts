import { UNREADABLE } from './frame';
import { idtechFrame, idtechReport, idtechText, isIdtechText } from './idtech';
import { magtekReport, magtekText } from './magtek';
import type { DeviceName, SwipeResult } from './reader';
import { swipeOf } from './track';

/** Text that a reader typed or sent: an encrypted frame, or the tracks as they are on the card. */
export function readText(text: string, device: DeviceName): SwipeResult {
  // A masked track looks like a track: what has fields is never taken for one.
  if (text.includes('|')) return magtekText(text, device);
  if (isIdtechText(text)) return idtechText(text, device);
  return swipeOf(text, device);
}

/** A frame of bytes. */
export function readFrame(bytes: Uint8Array, device: DeviceName): SwipeResult {
  return idtechFrame(bytes, device);
}

/** What one swipe of a HID reader gave, all its reports in a row. */
export function readReport(report: Uint8Array, device: DeviceName): SwipeResult {
  if (report.length === 0) return UNREADABLE;
  return idtechReport(report, device) ?? magtekReport(report, device);
}
