import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Guard } from '../src/shared/devices/guard';
import { IDTECH_HEX, IDTECH_TYPED, MAGTEK_TYPED } from './frames';

const TRACK1 = '%B9990011000000011^HONG/GILDONG^35121010000000000?';
const TRACK2 = ';9990011000000011=35121010000000000?';
const SWIPE = `${TRACK1}${TRACK2}`;

let guard: Guard;
let stop: () => void;
let dropped: number;
let swipes: string[];
/** Keys that reached the app, in the bubbling phase of the window. */
let heard: string[];
let now: number;
const listener = (event: Event): void => void heard.push((event as KeyboardEvent).key);

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<button id="key">1</button><input id="text"><input id="number" inputmode="numeric"><dialog id="dialog"><input id="inside"></dialog>';
  dropped = 0;
  swipes = [];
  heard = [];
  now = 1000;
  guard = new Guard(() => dropped++);
  stop = guard.install(window);
  window.addEventListener('keydown', listener);
  guard.onSwipe((text) => swipes.push(text));
});
afterEach(() => {
  stop();
  window.removeEventListener('keydown', listener);
  vi.useRealTimers();
});

const field = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;
const focus = (id: string): void => document.getElementById(id)?.focus();

/** Lets time pass. */
function pass(ms: number): void {
  now += ms;
  vi.advanceTimersByTime(ms);
}

/** Presses one key where the focus is, as a browser would: a field gets the character unless it was prevented. */
function key(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const target = document.activeElement ?? document.body;
  const down = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  Object.defineProperty(down, 'timeStamp', { value: now });
  target.dispatchEvent(down);
  if (!down.defaultPrevented && key.length === 1 && target instanceof HTMLInputElement && !more.ctrlKey) {
    target.setRangeText(key, target.selectionStart ?? 0, target.selectionEnd ?? 0, 'end');
    target.dispatchEvent(new InputEvent('input', { bubbles: true, data: key }));
  }
  const up = new KeyboardEvent('keyup', { key, bubbles: true, cancelable: true, ...more });
  Object.defineProperty(up, 'timeStamp', { value: now });
  target.dispatchEvent(up);
  return down;
}

function type(text: string, every = 2): void {
  for (const each of text) {
    key(each === '\n' ? 'Enter' : each);
    pass(every);
  }
}

describe('a swipe', () => {
  it.each(['key', 'text', 'number'])('reaches the subscriber and nothing else, with the focus at %s', (id) => {
    focus(id);
    type(`${SWIPE}\n`);
    expect(swipes).toEqual([SWIPE]);
    expect(heard).toEqual([]);
    expect(field('text').value + field('number').value).toBe('');
  });

  it('is dropped with a word when nobody waits for one', () => {
    const off = guard.onSwipe(() => undefined);
    off();
    type(`${SWIPE}\n`);
    expect([dropped, swipes, heard]).toEqual([1, [], []]);
  });

  it('goes to the newest subscriber only', () => {
    const newer: string[] = [];
    const off = guard.onSwipe((text) => newer.push(text));
    type(`${SWIPE}\n`);
    off();
    expect([newer.length, swipes.length]).toEqual([1, 0]);
  });

  it.each([
    ['in track 1', 20],
    ['between the tracks', TRACK1.length],
    ['in track 2', TRACK1.length + 12],
  ])('whose keys a busy device holds back %s is whole by their times', (_, at) => {
    focus('number');
    type(SWIPE.slice(0, at));
    vi.advanceTimersByTime(500);
    type(`${SWIPE.slice(at)}\n`);
    expect([swipes, heard, field('number').value]).toEqual([[SWIPE], [], '']);
  });

  it('that broke off is told as such after a while, and at once when a person goes on', () => {
    type(TRACK1.slice(0, 20));
    pass(500);
    expect(swipes).toEqual([]);
    pass(1000);
    expect(swipes).toEqual([TRACK1.slice(0, 20)]);
    pass(2000);
    type(TRACK1.slice(0, 30));
    pass(300);
    key('7');
    expect(swipes[1]).toBe(TRACK1.slice(0, 30));
  });

  it('needs no Enter: a pause ends it', () => {
    type(TRACK2);
    expect(swipes).toEqual([]);
    pass(130);
    expect(swipes).toEqual([TRACK2]);
  });

  it('may end each track with Enter', () => {
    type(`${TRACK1}\n${TRACK2}\n`);
    expect(swipes).toEqual([`${TRACK1}\n${TRACK2}`]);
  });

  it('may be followed by another at once, and by a person', () => {
    focus('text');
    type(`${TRACK2}\n${SWIPE}\n`);
    pass(200);
    type('abc', 150);
    expect(swipes).toEqual([TRACK2, SWIPE]);
    expect(field('text').value).toBe('abc');
  });

  it.each([50, 100, 300])('stumbling for %i ms behind its first key is taken out of the field again', (gap) => {
    focus('text');
    field('text').value = 'ab';
    const told: string[] = [];
    field('text').addEventListener('input', () => told.push(field('text').value));
    key(';');
    pass(gap);
    type(`${TRACK2.slice(1)}\n`);
    expect(swipes).toEqual([TRACK2]);
    expect(field('text').value).toBe('ab');
    expect(told.at(-1)).toBe('ab');
  });

  it('is kept whole when keys repeat, come with caps lock, or at 10 ms', () => {
    const odd = ';1111111111111111=35121010000?';
    type(`${odd}\n`, 10);
    key('CapsLock');
    pass(50);
    type('%b9990011000000011^hong/gildong^3512101?\n;9990011000000011=3512101?\n');
    expect(swipes[0]).toBe(odd);
    expect(swipes).toHaveLength(2);
  });

  it('broken off in the middle leaks nothing of its rest', () => {
    focus('text');
    type(SWIPE.slice(0, 12));
    pass(300);
    type(`${SWIPE.slice(12)}\n`);
    pass(2000);
    expect(swipes[0]).toBe(SWIPE.slice(0, 12));
    expect(field('text').value).toBe('');
    expect(heard).toEqual([]);
    type('9', 200);
    expect(field('text').value).toBe('9');
  });

  it('survives a busy page: the time of the keys counts, not of their handling', () => {
    focus('number');
    type(SWIPE.slice(0, 30));
    // The page hangs for a second; the keys typed meanwhile come with their own times.
    const typedAt = now;
    for (const [i, each] of [...SWIPE.slice(30)].entries()) {
      now = typedAt + i;
      key(each);
    }
    now += 1;
    key('Enter');
    expect(swipes).toEqual([SWIPE]);
    expect(field('number').value).toBe('');
  });

  it('that could not be read is told as it came', () => {
    type('%E?;E?\n');
    type(`;12#$${'x'.repeat(2500)}\n`);
    expect(swipes[0]).toBe('%E?;E?');
    expect(swipes[1]?.length).toBe(2048);
    expect(heard).toEqual([]);
  });

  it('reaches the subscriber while a dialog is open', () => {
    (document.getElementById('dialog') as HTMLDialogElement).open = true;
    focus('inside');
    type(`${SWIPE}\n`);
    expect(swipes).toEqual([SWIPE]);
    expect(field('inside').value).toBe('');
  });

  it('is read under an input method that names no characters', () => {
    focus('text');
    const place = (code: string, shiftKey = false): void => {
      key('Process', { code, shiftKey, isComposing: true });
      if (document.activeElement === field('text')) {
        field('text').value += 'ㅠ';
        field('text').dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }));
      }
      pass(2);
    };
    const told: string[] = [];
    field('text').addEventListener('input', () => told.push(field('text').value));
    key('%');
    pass(2);
    place('KeyB', true);
    for (const digit of '9990011000000011') place(`Digit${digit}`);
    place('Slash', true);
    type(`${TRACK2}\n`);
    expect(swipes).toEqual([`%B9990011000000011?${TRACK2}`]);
    expect(field('text').value).toBe('');
    expect(told).toEqual([]);
  });

  it('swallows commands a reader sends for control bytes', () => {
    type(TRACK2);
    expect(key('j', { ctrlKey: true }).defaultPrevented).toBe(true);
    type('\n');
    expect(swipes).toHaveLength(1);
  });

  it('keeps releases of its keys from a button', () => {
    focus('key');
    const ups: string[] = [];
    document.getElementById('key')?.addEventListener('keyup', (event) => ups.push(event.key));
    type(`%B9990011000000011^A B^3512101?\n`);
    expect(ups).toEqual([]);
  });
});

describe('a person', () => {
  it.each([
    ['an address', 'me@shop.example', 90],
    ['an address, fast', 'me@shop.example', 35],
    ['per cent', '50% off; 2 left', 60],
    ['a sentinel alone', '%', 300],
    ['sentinels only', ';;@@%%', 80],
    ['figures behind a sentinel', ';12345678 %b123456', 70],
    ['figures behind a sentinel, rolled over the keys', '@1234567', 34],
  ])('loses no key in a text field: %s', (_, text, every) => {
    focus('text');
    type(text, every);
    pass(300);
    expect(field('text').value).toBe(text);
    expect(swipes).toEqual([]);
  });

  it('holding a sentinel down gets it once per repeat', () => {
    focus('text');
    key(';');
    for (let i = 0; i < 3; i++) {
      pass(33);
      key(';', { repeat: true });
    }
    pass(300);
    expect(field('text').value).toBe(';;;;');
  });

  it('pressing a sentinel outside fields is no swipe', () => {
    focus('key');
    key('%');
    pass(300);
    type('12', 100);
    expect([swipes, dropped, heard]).toEqual([[], 0, ['1', '2']]);
  });
});

describe('a barcode', () => {
  let codes: string[];
  beforeEach(() => {
    codes = [];
    guard.onBarcode((code) => codes.push(code));
  });

  it('goes to its subscriber, not to the app, with the focus outside fields', () => {
    focus('key');
    type('8801234567893\n');
    expect([codes, heard]).toEqual([['8801234567893'], []]);
  });

  it('leaves a field as it was', () => {
    focus('text');
    field('text').value = 'milk';
    const told: string[] = [];
    field('text').addEventListener('input', () => told.push(field('text').value));
    type('ABC-1234\n');
    expect(codes).toEqual(['ABC-1234']);
    expect(field('text').value).toBe('milk');
    expect(told.at(-1)).toBe('milk');
    expect(heard).not.toContain('Enter');
  });

  it('is told apart from a card swiped right behind it', () => {
    focus('key');
    type(`8801234567893\n${SWIPE}\n`);
    expect([codes, swipes]).toEqual([['8801234567893'], [SWIPE]]);
  });

  it('leaves a person every key, in order, outside fields and in them', () => {
    focus('key');
    type('1234567', 90);
    key('Enter');
    pass(100);
    expect(heard).toEqual([...'1234567', 'Enter']);
    heard.length = 0;
    type('12\n', 20);
    pass(100);
    expect(heard).toEqual(['1', '2', 'Enter']);
    focus('text');
    type('a1', 20);
    key('Backspace');
    type('1234567\n', 90);
    expect(field('text').value).toBe('a11234567');
    expect(codes).toEqual([]);
  });

  it('passes untouched when nobody asks for codes', () => {
    guard.onBarcode(() => undefined)();
    focus('text');
    type('8801234567893\n');
    expect(field('text').value).toBe('8801234567893');
    expect(heard).toEqual([...'8801234567893', 'Enter']);
  });
});

describe('a frame without a sentinel', () => {
  it.each([
    ['in hexadecimal', IDTECH_HEX],
    ['with its masked tracks as they are', IDTECH_TYPED],
  ])('%s reaches the subscriber whole, wherever the focus is', (_, frame) => {
    const off = guard.expectFrames();
    for (const id of ['key', 'text', 'number']) {
      swipes = [];
      focus(id);
      type(`${frame}\n`);
      pass(500);
      expect(swipes).toEqual([frame]);
      expect(field('text').value + field('number').value).toBe('');
    }
    expect(heard.filter((key) => key === 'Enter')).toEqual([]);
    off();
  });

  it('of a reader whose keys are used up is a swipe that cannot be read, and no amount', () => {
    const off = guard.expectFrames();
    focus('number');
    type('0700\n');
    pass(500);
    heard = [];
    focus('key');
    type('0700\n');
    pass(500);
    expect([swipes, heard, field('number').value]).toEqual([['0700', '0700'], [], '']);
    off();
  });

  it('is told from a barcode that begins alike', () => {
    const off = guard.expectFrames();
    const codes: string[] = [];
    const stopCodes = guard.onBarcode((code) => codes.push(code));
    focus('key');
    type('0212345678901\n');
    type(`${IDTECH_HEX}\n`);
    pass(500);
    expect(codes).toEqual(['0212345678901']);
    expect(swipes).toEqual([IDTECH_HEX]);
    stopCodes();
    off();
  });

  it('a nought of a person is theirs, at once or a moment later', () => {
    const off = guard.expectFrames();
    focus('key');
    key('0');
    pass(100);
    key('2');
    pass(100);
    key('0');
    key('Enter');
    pass(100);
    expect(heard).toEqual(['0', '2', '0', 'Enter']);
    focus('number');
    type('0298', 120);
    expect(field('number').value).toBe('0298');
    expect(swipes).toEqual([]);
    off();
  });

  it('is nobody\'s while no such reader is chosen', () => {
    focus('number');
    type('02980180', 2);
    pass(200);
    expect(field('number').value).toBe('02980180');
  });
});

describe('a swipe with many fields', () => {
  it('is kept whole', () => {
    focus('number');
    type(`${MAGTEK_TYPED}\n`);
    expect(swipes).toEqual([MAGTEK_TYPED]);
    expect(field('number').value).toBe('');
  });
});
