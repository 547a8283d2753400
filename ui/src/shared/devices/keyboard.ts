import { signal } from '@preact/signals';
import { readText } from './read';
import type { CardReader, ReaderState } from './reader';
import { expectFrames, onSwipe } from './wedge';

/** A reader that types like a keyboard: nothing to connect, and it tells nothing of itself. */
function typing(model: string): CardReader {
  const state = signal<ReaderState>('off');
  let expected: (() => void) | null = null;
  return {
    state,
    problem: signal(null),
    battery: signal<number | null>(null),
    name: signal(''),
    connect: () => {
      expected ??= expectFrames();
      state.value = 'ready';
      return Promise.resolve();
    },
    disconnect: () => {
      expected?.();
      expected = null;
      state.value = 'off';
      return Promise.resolve();
    },
    onSwipe: (handler) => onSwipe((typed) => handler(readText(typed, { model }))),
  };
}

/** How the record of a payment names them. */
export const keyboardReader = typing('KEYBOARD_WEDGE');
export const magtekKeyboard = typing('MAGTEK_KEYBOARD');
export const idtechKeyboard = typing('IDTECH_KEYBOARD');
