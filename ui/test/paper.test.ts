import { beforeEach, describe, expect, it } from 'vitest';
import { dotsOf, NoPicture } from '../src/shared/devices/paper';
import { pageStyle, paperOf } from '../src/shared/devices/paper-print';
import { readPrinter, writePrinter, type PrinterChoice } from '../src/shared/devices/printer-choice';

const BEGIN = [0x1b, 0x40, 0x1c, 0x26];
const END = [0x1c, 0x2e, 0x1b, 0x64, 3, 0x1d, 0x56, 0x42, 0];
const band = (stride: number, ...bits: number[]): number[] => [0x1d, 0x76, 0x30, 0, stride, 0, bits.length / stride, 0, ...bits];

describe('the picture in a document', () => {
  it('is its bands, one beneath the other', () => {
    const drawer = [0x1b, 0x70, 0, 25, 250];
    const dots = dotsOf(Uint8Array.from([...BEGIN, ...drawer, ...band(2, 1, 2, 3, 4), ...band(2, 5, 6), ...END]));
    expect([dots.width, dots.height, [...dots.bits]]).toEqual([16, 3, [1, 2, 3, 4, 5, 6]]);
  });

  it.each([
    ['text', [...BEGIN, 0x41, 0x0a]],
    ['nothing', [...BEGIN, ...END]],
    ['an end within a band', [...BEGIN, ...band(2, 1, 2).slice(0, -1)]],
    ['bands of two widths', [...band(2, 1, 2), ...band(1, 1)]],
    ['an end within a command', [0x1d, 0x76]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => dotsOf(Uint8Array.from(bytes))).toThrow(NoPicture);
  });

  it('never reads past its end, whatever it holds', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 8;
    for (let turn = 0; turn < 3000; turn++) {
      const bytes = Uint8Array.from([...(turn % 2 ? BEGIN : band(1, 7)), ...Array.from({ length: random() % 40 }, () => [0x1b, 0x1d, 0x1c, 0x76, 0x30, 0, random() & 0xff][random() % 7]!)]);
      try {
        const { width, height, bits } = dotsOf(bytes);
        expect(bits.length).toBe((width / 8) * height);
      } catch (failure) {
        expect(failure).toBeInstanceOf(NoPicture);
      }
    }
  });
});

describe('the page for the print window', () => {
  it('is as wide as the paper and as high as the slip', () => {
    expect(pageStyle({ width: 384, height: 800 })).toContain('@page { size: 58mm 106mm; margin: 0 }');
    expect(pageStyle({ width: 576, height: 801 })).toContain('@page { size: 80mm 107mm; margin: 0 }');
    expect(paperOf({ width: 504 })).toBe(80);
  });
});

describe('the printer of this device', () => {
  beforeEach(() => localStorage.clear());

  it('is kept with its paper', () => {
    const choice: PrinterChoice = { kind: 'usb', id: '4b8:202:', name: '프린터', columns: 48, mode: 'RASTER', hangul: 'KS_X_1001', drawer: true, auto: true, speed: 115200 };
    writePrinter(choice);
    expect(readPrinter()).toEqual(choice);
    writePrinter(null);
    expect(readPrinter()).toBeNull();
  });

  it.each(['{', 'null', '7', '{"kind":"fax"}'])('is none when %s was kept', (kept) => {
    localStorage.setItem('innopay.printer', kept);
    expect(readPrinter()).toBeNull();
  });

  it('takes the usual for what it cannot read', () => {
    localStorage.setItem('innopay.printer', '{"kind":"serial","columns":33,"mode":7,"auto":"yes","speed":1}');
    expect(readPrinter()).toEqual({ kind: 'serial', id: '', name: '', columns: 32, mode: 'CP949', hangul: 'FULL', drawer: false, auto: false, speed: 9600 });
  });
});
