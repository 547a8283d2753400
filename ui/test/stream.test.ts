import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFrame, readText } from '../src/shared/devices/read';
import { SwipeStream } from '../src/shared/devices/stream';
import type { SwipeResult } from '../src/shared/devices/reader';
import { chance, IDTECH_FRAME, IDTECH_HEX, IDTECH_TYPED, MAGTEK_TYPED } from './frames';

const DEVICE = { model: 'TEST' };
const ONE = '%B9990011000000011^HONG/GILDONG^35121010000000000?';
const TWO = ';9990011000000011=35121010000000000?';

let swipes: SwipeResult[];
let stream: SwipeStream;

beforeEach(() => {
  vi.useFakeTimers();
  swipes = [];
  stream = new SwipeStream((sent) => swipes.push('bytes' in sent ? readFrame(sent.bytes, DEVICE) : readText(sent.text, DEVICE)));
});
afterEach(() => vi.useRealTimers());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const kinds = (): string[] => swipes.map((swipe) => (swipe.kind === 'encrypted' ? swipe.format : swipe.kind));

describe('what a line brings', () => {
  it.each([
    ['a frame of bytes', IDTECH_FRAME, 'IDTECH'],
    ['a frame in hexadecimal', bytes(`${IDTECH_HEX}\r`), 'IDTECH'],
    ['a frame with its masked tracks as they are', bytes(`${IDTECH_TYPED}\r\n`), 'IDTECH'],
    ['fields', bytes(`${MAGTEK_TYPED}\r`), 'MAGTEK'],
    ['tracks', bytes(`${ONE}${TWO}\r\n`), 'plain'],
    ['tracks in lines of their own', bytes(`${ONE}\r${TWO}\r`), 'plain'],
    ['tracks between STX and ETX', bytes(`\u0002${ONE}${TWO}\u0003`), 'plain'],
  ])('%s, in pieces of every size', (_, sent, expected) => {
    for (const size of [1, 7, 20, 64, 4096]) {
      swipes = [];
      for (let at = 0; at < sent.length; at += size) {
        stream.push(sent.subarray(at, at + size));
        vi.advanceTimersByTime(20);
      }
      vi.advanceTimersByTime(1000);
      expect(kinds(), `pieces of ${size}`).toEqual([expected]);
    }
  });

  it('ends with a pause where the reader sends no end', () => {
    stream.push(bytes(ONE + TWO));
    expect(swipes).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(kinds()).toEqual(['plain']);
  });

  it('two swipes at once are two', () => {
    stream.push(Uint8Array.from([...IDTECH_FRAME, ...IDTECH_FRAME, ...bytes(`${ONE}${TWO}\r`)]));
    expect(kinds()).toEqual(['IDTECH', 'IDTECH', 'plain']);
  });

  it('a frame that breaks off is unreadable, and the next one is read', () => {
    stream.push(IDTECH_FRAME.subarray(0, 100));
    vi.advanceTimersByTime(200);
    stream.push(IDTECH_FRAME);
    expect(kinds()).toEqual(['unreadable', 'IDTECH']);
  });

  it('noise of the line is nothing, and an endless text ends', () => {
    stream.push(Uint8Array.from([0, 13]));
    stream.push(bytes('\r\n\r\n'));
    vi.advanceTimersByTime(200);
    expect(swipes).toEqual([]);
    for (let i = 0; i < 20; i++) stream.push(bytes('x'.repeat(1000)));
    vi.advanceTimersByTime(200);
    expect(kinds()).toEqual(['unreadable']);
  });

  it('what was begun and cleared is gone', () => {
    stream.push(bytes(ONE));
    stream.clear();
    stream.push(bytes(`${TWO}\r`));
    expect(swipes).toMatchObject([{ kind: 'plain', track2: TWO }]);
    expect(swipes[0]).not.toHaveProperty('track1');
  });

  it('random bytes in random pieces are never a card', () => {
    const random = chance(3);
    for (let round = 0; round < 300; round++) {
      stream.push(Uint8Array.from({ length: 1 + Math.floor(random() * 300) }, () => Math.floor(random() * 256)));
      vi.advanceTimersByTime(Math.floor(random() * 300));
    }
    expect(kinds().filter((kind) => kind !== 'unreadable')).toEqual([]);
  });
});
