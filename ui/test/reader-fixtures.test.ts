import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../src/shared/devices/frame';
import { readReport, readText } from '../src/shared/devices/read';

/** What the demo's readers send, as their own tests keep it. */
interface Fixture {
  name: string;
  format: 'MAGTEK' | 'IDTECH';
  transport: 'KEYBOARD' | 'HID';
  event: 'READ' | 'BAD_SWIPE' | 'EXHAUSTED';
  frame: string;
  ksn: string;
  track1: string;
  track2: string;
  first4: string;
  last4: string;
  serial: string;
  number: string;
}

const fixtures = JSON.parse(readFileSync('../internal/demo/swiper/testdata/frames.json', 'utf8')) as Fixture[];
const DEVICE = { model: 'TEST' };

describe('frames of the demo\'s readers', () => {
  it('are there', () => expect(fixtures.length).toBeGreaterThan(10));

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', (_, { format, transport, event, frame, ksn, track1, track2, first4, last4, serial, number }) => {
    const swipe = transport === 'KEYBOARD' ? readText(frame, DEVICE) : readReport(bytesOf(frame) ?? new Uint8Array(), DEVICE);
    if (event !== 'READ') {
      expect(swipe).toEqual({ kind: 'unreadable' });
      return;
    }
    expect(swipe).toMatchObject({ kind: 'encrypted', format, ksn, track1, track2, masked: { first6: first4, last4, name: expect.stringContaining('TEST') as string }, device: { serial } });
    expect(JSON.stringify(swipe)).not.toContain(number);
  });
});
