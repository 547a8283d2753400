import { signal } from '@preact/signals';
import type { CardReader, ReaderState, SwipeResult } from './reader';
import { readTracks } from './track';
import { onSwipe } from './wedge';

/** How the record of a payment names a reader that only types. */
const MODEL = 'KEYBOARD_WEDGE';

/** What was typed as a swipe. */
export function swipeOf(typed: string, model: string, serial?: string): SwipeResult {
  const tracks = readTracks(typed);
  if (!tracks) return { kind: 'unreadable' };
  const { first6, last4, name, chip, track1, track2 } = tracks;
  return {
    kind: 'plain',
    masked: { first6, last4, name },
    chip,
    track2,
    ...(track1 ? { track1 } : {}),
    device: { model, ...(serial ? { serial } : {}) },
  };
}

const state = signal<ReaderState>('off');

/** A reader that types like a keyboard: nothing to connect, and it tells nothing of itself. */
export const keyboardReader: CardReader = {
  state,
  battery: signal<number | null>(null),
  connect: () => {
    state.value = 'ready';
    return Promise.resolve();
  },
  disconnect: () => {
    state.value = 'off';
    return Promise.resolve();
  },
  onSwipe: (handler) => onSwipe((typed) => handler(swipeOf(typed, MODEL))),
};
