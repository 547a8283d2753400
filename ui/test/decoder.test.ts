import { afterEach, describe, expect, it, vi } from 'vitest';
import { openCamera, NoCamera } from '../src/shared/devices/camera';
import { isCode, openDecoder, Steady } from '../src/shared/devices/decoder';
import { startScanner } from '../src/shared/devices/scan';
import { decodeGrey } from '../src/shared/devices/zxing';

const LEFT = ['0001101', '0011001', '0010011', '0111101', '0100011', '0110001', '0101111', '0111011', '0110111', '0001011'];
const PARITY = ['LLLLLL', 'LLGLGG', 'LLGGLG', 'LLGGGL', 'LGLLGG', 'LGGLLG', 'LGGGLL', 'LGLGLG', 'LGLGGL', 'LGGLGL'];
const flip = (bits: string): string => [...bits].map((bit) => (bit === '1' ? '0' : '1')).join('');
const turn = (bits: string): string => [...bits].reverse().join('');

/** The lines of a number of 13 digits by the tables of GS1: 1 is black. */
function ean13(code: string): string {
  const digits = [...code].map(Number);
  const left = digits.slice(1, 7).map((digit, at) => (PARITY[digits[0]!]![at] === 'L' ? LEFT[digit]! : turn(flip(LEFT[digit]!))));
  const right = digits.slice(7).map((digit) => flip(LEFT[digit]!));
  return `101${left.join('')}01010${right.join('')}101`;
}

function ean8(code: string): string {
  const digits = [...code].map(Number);
  return `101${digits.slice(0, 4).map((digit) => LEFT[digit]!).join('')}01010${digits.slice(4).map((digit) => flip(LEFT[digit]!)).join('')}101`;
}

/** A photograph of lines: grey instead of black and white, noise, and a shadow from left to right. */
function photo(bits: string, { module = 4, height = 120, noise = 0, seed = 1 } = {}): [Uint8ClampedArray, number, number] {
  const width = (bits.length + 24) * module;
  let state = seed;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const grey = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = bits[Math.floor(x / module) - 12];
      grey[y * width + x] = (bit === '1' ? 40 : 200) - (40 * x) / width + (random() - 0.5) * noise;
    }
  }
  return [grey, width, height];
}

describe('the decoder of ours', () => {
  it.each(['2000000000015', '8801234567893', '9780201379624'])('reads the number of a shop: %s', (code) => {
    expect(decodeGrey(...photo(ean13(code)))).toBe(code);
    expect(decodeGrey(...photo(ean13(code), { module: 3, noise: 40 }))).toBe(code);
    expect(decodeGrey(...photo(turn(ean13(code))))).toBe(code);
  });

  it('reads a short number', () => {
    expect(decodeGrey(...photo(ean8('96385074')))).toBe('96385074');
  });

  it('reads no number whose check digit is wrong, and none where there is none', () => {
    expect(decodeGrey(...photo(ean13('2000000000016')))).toBeNull();
    expect(decodeGrey(...photo('0'.repeat(95)))).toBeNull();
    expect(decodeGrey(...photo('', { noise: 200 }))).toBeNull();
  });
});

describe('a code before the camera', () => {
  it('counts when two frames agree, and once until it was taken away', () => {
    const steady = new Steady();
    const frames: [string | null, number, string | null][] = [
      ['A1', 0, null],
      [null, 100, null],
      ['A1', 200, 'A1'],
      ['A1', 300, null],
      ['A1', 1_700, null],
      ['B2', 1_800, null],
      ['B2', 1_900, 'B2'],
      ['A1', 2_000, null],
      ['B2', 2_100, null],
      ['B2', 4_000, 'B2'],
      ['B2', 5_400, null],
    ];
    expect(frames.map(([code, at]) => steady.take(code, at))).toEqual(frames.map(([, , told]) => told));
  });

  it.each([
    ['2000000000015', true],
    ['AB-1', true],
    ['', false],
    ['가', false],
    ['a b', false],
    ['1'.repeat(49), false],
  ])('%s: %s', (text, is) => expect(isCode(text)).toBe(is));
});

describe('the camera', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  const asks = (answer: () => Promise<unknown>): void => void vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: answer } });

  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'none'],
    ['OverconstrainedError', 'none'],
    ['NotReadableError', 'busy'],
  ])('says why there is no picture: %s is %s', async (name, why) => {
    asks(() => Promise.reject(new DOMException('', name)));
    await expect(openCamera()).rejects.toSatisfy((failure) => failure instanceof NoCamera && failure.why === why);
  });

  it('has a light where its track says so, and is stopped when the decoder cannot be had', async () => {
    const stop = vi.fn();
    const applyConstraints = vi.fn(() => Promise.resolve());
    const track = { stop, applyConstraints, getCapabilities: () => ({ torch: true }) };
    asks(() => Promise.resolve({ getVideoTracks: () => [track], getTracks: () => [track] }));
    const camera = await openCamera();
    await camera.light?.(true);
    expect(applyConstraints).toHaveBeenCalledWith({ advanced: [{ torch: true }] });
    vi.doMock('../src/shared/devices/zxing', () => {
      throw new Error('offline');
    });
    await expect(startScanner(document.createElement('video'), () => undefined)).rejects.toThrow();
    expect(stop).toHaveBeenCalledOnce();
    vi.doUnmock('../src/shared/devices/zxing');
  });

  it('asks the browser for its own detector first, and only for what it knows', async () => {
    const made: unknown[] = [];
    class Detector {
      static getSupportedFormats = (): Promise<string[]> => Promise.resolve(['qr_code', 'ean_13', 'code_128']);
      constructor(options: unknown) {
        made.push(options);
      }
      detect = (): Promise<{ rawValue: string }[]> => Promise.resolve([{ rawValue: 'https://a.example' }, { rawValue: '2000000000015' }]);
    }
    vi.stubGlobal('BarcodeDetector', Detector);
    window.BarcodeDetector = Detector;
    const decoder = await openDecoder();
    expect(await decoder.read(document.createElement('video'))).toBe('2000000000015');
    expect(made).toEqual([{ formats: ['ean_13', 'code_128'] }]);
    delete window.BarcodeDetector;
  });
});

declare global {
  interface Window {
    BarcodeDetector?: unknown;
  }
}
