import { describe, expect, it } from 'vitest';
import { hexOf } from '../src/shared/devices/frame';
import { readFrame, readReport, readText } from '../src/shared/devices/read';
import type { SwipeResult } from '../src/shared/devices/reader';
import { chance, IDTECH_FRAME, IDTECH_HEX, IDTECH_TRACK2, IDTECH_TYPED, idtechBytes, idtechReportOf, MAGTEK_TRACK2, MAGTEK_TYPED, magtekReportOf } from './frames';

const DEVICE = { model: 'TEST' };
const UNREADABLE: SwipeResult = { kind: 'unreadable' };

const MAGTEK = { kind: 'encrypted', format: 'MAGTEK', ksn: 'FFFF9876543210E00008', track2: MAGTEK_TRACK2, chip: null, masked: { first6: '5452', last4: '7189', name: 'HOGAN PAUL' } };
const IDTECH = {
  kind: 'encrypted',
  format: 'IDTECH',
  ksn: '629949960E0000A00072',
  track2: IDTECH_TRACK2,
  chip: null,
  masked: { first6: '4124', last4: '9990', name: 'TEST BLUEFIN' },
  device: { model: 'TEST', serial: 'T134000064' },
};

describe('published swipes', () => {
  it.each([
    ['MagTek, typed', () => readText(MAGTEK_TYPED, DEVICE), MAGTEK],
    ['MagTek, typed with caps lock', () => readText(MAGTEK_TYPED.toLowerCase(), DEVICE), MAGTEK],
    ['MagTek, as a HID report', () => readReport(magtekReportOf(MAGTEK_TYPED), DEVICE), { ...MAGTEK, device: { model: 'TEST', serial: 'B1234567' } }],
    ['ID TECH, typed', () => readText(IDTECH_TYPED, DEVICE), IDTECH],
    ['ID TECH, typed in hexadecimal', () => readText(IDTECH_HEX, DEVICE), IDTECH],
    ['ID TECH, typed in small letters behind a preamble', () => readText(`#1 ${IDTECH_HEX.toLowerCase()}\n`, DEVICE), IDTECH],
    ['ID TECH, bytes', () => readFrame(IDTECH_FRAME, DEVICE), IDTECH],
    ['ID TECH, as a HID report', () => readReport(idtechReportOf(IDTECH_FRAME), DEVICE), IDTECH],
    ['ID TECH, as a bare HID report', () => readReport(Uint8Array.from([...IDTECH_FRAME, 0, 0, 0]), DEVICE), IDTECH],
  ])('%s', (_, read, expected) => expect(read()).toMatchObject(expected));
});

describe('what a reader leaves to see', () => {
  const typed = (shown2: string): SwipeResult => readText(MAGTEK_TYPED.replace(/;[^?]*\?/, shown2), DEVICE);
  it.each([
    ['a masked service code', ';5452000000007189=351200000000000000?', null],
    ['a chip by its service code', ';5452000000007189=351220100000000000?', true],
    ['a chip of the country', ';5452000000007189=351260100000000000?', true],
    ['a stripe alone', ';5452000000007189=351210100000000000?', false],
    ['no expiry', ';5452000000007189=?', null],
  ])('%s', (_, shown, chip) => expect(typed(shown)).toMatchObject({ chip }));

  it('six digits where the reader leaves six, and no noughts that may be its mask', () => {
    expect(typed(';5452310000007189=351200000000000000?')).toMatchObject({ masked: { first6: '545231' } });
    expect(typed(';5452300000007189=351200000000000000?')).toMatchObject({ masked: { first6: '54523' } });
  });

  it('nothing where it masks all', () => {
    const payload = [...IDTECH_FRAME.slice(3, -3)];
    // No masked tracks: the two bits are off and the bytes are not there.
    const bare = idtechBytes([...payload.slice(0, 5), (payload[5] ?? 0) & ~0x07, ...payload.slice(6, 7), ...payload.slice(7 + 86)]);
    expect(readFrame(bare, DEVICE)).toMatchObject({ ...IDTECH, masked: { first6: '', last4: '', name: '' } });
  });
});

describe('frames that are none', () => {
  const cut = MAGTEK_TYPED.split('|');
  const without = (field: number): string => cut.map((each, i) => (i === field ? '' : each)).join('|');
  it.each([
    ['no KSN', without(9)],
    ['no track 2', without(3)],
    ['no status', without(1)],
    ['half a block', cut.map((each, i) => (i === 3 ? each.slice(2) : each)).join('|')],
    ['a key in the middle', MAGTEK_TYPED.replace('724C', '72X4')],
    ['broken off before the track', cut.slice(0, 3).join('|')],
    ['broken off behind the masked tracks', cut[0] ?? ''],
    ['a KSN of noughts', cut.map((each, i) => (i === 9 ? '0'.repeat(20) : each)).join('|')],
  ])('MagTek: %s', (_, typed) => expect(readText(typed, DEVICE)).toEqual(UNREADABLE));

  it.each([
    ['one character changed', IDTECH_TYPED.replace('1F3806', '1F3807')],
    ['broken off', IDTECH_TYPED.slice(0, -8)],
    ['the older format', `02${IDTECH_HEX.slice(2, 6)}00${IDTECH_HEX.slice(8)}`],
    ['no KSN', hexOf(idtechBytes([...IDTECH_FRAME.slice(3, -3)].map((byte, i) => (i === 6 ? byte & 0x7f : byte))))],
    ['a length that does not fit', hexOf(idtechBytes([...IDTECH_FRAME.slice(3, -4)]))],
  ])('ID TECH: %s', (_, typed) => expect(readText(typed, DEVICE)).toEqual(UNREADABLE));

  it('a card that no track was decoded of', () => {
    const report = magtekReportOf(MAGTEK_TYPED);
    report[1] = 1;
    expect(readReport(report, DEVICE)).toEqual(UNREADABLE);
  });
});

describe('readers that do not encrypt', () => {
  const ONE = '%B9990011000000011^HONG/GILDONG^35121010000000000?';
  const TWO = ';9990011000000011=35121010000000000?';

  it('in the same formats are told from those that do', () => {
    const typed = [ONE + TWO, '0000', '', '', '', '', '', '', '', '', '', '', ''].join('|');
    expect(readText(typed, DEVICE)).toMatchObject({ kind: 'plain', track2: TWO });
    const report = new Uint8Array(337);
    report.set([0, 0, 1, ONE.length, TWO.length, 0, 0]);
    report.set(new TextEncoder().encode(ONE), 7);
    report.set(new TextEncoder().encode(TWO), 119);
    expect(readReport(report, DEVICE)).toMatchObject({ kind: 'plain', track1: ONE, track2: TWO, chip: false });
  });
});

describe('whatever comes', () => {
  const ROUNDS = 3000;

  it('no byte changed gives another card, in the frame with checks', () => {
    const random = chance(7);
    for (let round = 0; round < ROUNDS; round++) {
      const frame = Uint8Array.from(IDTECH_FRAME);
      const at = Math.floor(random() * frame.length);
      frame[at] = (frame[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      expect(readFrame(frame, DEVICE), `round ${round}`).toEqual(UNREADABLE);
    }
  });

  it('no part of an encrypted swipe is taken for a plain one', () => {
    const random = chance(11);
    for (let round = 0; round < ROUNDS; round++) {
      const typed = [...MAGTEK_TYPED];
      for (let i = 0; i < 3; i++) typed.splice(Math.floor(random() * typed.length), Math.floor(random() * 40));
      expect(readText(typed.join('').slice(0, Math.floor(random() * 700)), DEVICE).kind, `round ${round}`).not.toBe('plain');
    }
  });

  it('nothing throws, and what is read has whole blocks and a KSN', () => {
    const random = chance(13);
    const seeds = [IDTECH_FRAME, idtechReportOf(IDTECH_FRAME), magtekReportOf(MAGTEK_TYPED)];
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = [...(seeds[round % seeds.length] ?? [])];
      for (let i = 0; i < 1 + (round % 5); i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const some = Uint8Array.from(bytes.slice(0, random() < 0.3 ? Math.floor(random() * bytes.length) : bytes.length));
      const noise = String.fromCharCode(...some);
      for (const swipe of [readReport(some, DEVICE), readFrame(some, DEVICE), readText(noise, DEVICE), readText(hexOf(some), DEVICE)]) {
        if (swipe.kind !== 'encrypted') continue;
        expect(swipe.track2).toMatch(/^(?:[0-9A-F]{16})+$/);
        expect(swipe.ksn).toMatch(/^(?:[0-9A-F]{20}|[0-9A-F]{24})$/);
      }
    }
  });
});
