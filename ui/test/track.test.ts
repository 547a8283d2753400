import { describe, expect, it } from 'vitest';
import { readTracks } from '../src/shared/devices/track';

const ONE = '%B9990011000000011^HONG/GILDONG^35121010000000000?';
const TWO = ';9990011000000011=35121010000000000?';

describe('readTracks', () => {
  it('reads both tracks', () => {
    expect(readTracks(ONE + TWO)).toEqual({ track1: ONE, track2: TWO, first6: '999001', last4: '0011', name: 'HONG GILDONG', chip: false });
  });

  it.each([
    ['track 2 alone', TWO],
    ["MagTek's mark of track 2", TWO.replace(';', '@')],
    ['a third track', `${TWO}+12345=67890?`],
  ])('takes %s', (_, typed) => expect(readTracks(typed)).toMatchObject({ track2: TWO, name: '' }));

  it('takes caps lock turned around', () => {
    expect(readTracks((ONE + TWO).toLowerCase())).toMatchObject({ track1: ONE, name: 'HONG GILDONG' });
  });

  it.each([
    ['101', false],
    ['201', true],
    ['601', true],
    ['520', false],
  ])('service code %s: chip %s', (code, chip) => expect(readTracks(`;9990011000000011=3512${code}0?`)?.chip).toBe(chip));

  it.each([
    ['nothing', ''],
    ['track 1 alone', ONE],
    ['a read error', '%E?;E?'],
    ['a short number', ';99900110000=3512101?'],
    ['no month', ';9990011000000011=3513101?'],
    ['no service code', ';9990011000000011=3512?'],
    ['no end', TWO.slice(0, -1)],
    ['a key in the middle', TWO.replace('=', 'x=')],
    ['too long', `;9990011000000011=3512101${'0'.repeat(40)}?`],
    ['two cards', `${ONE};4111111111111111=3512101?`],
  ])('refuses %s', (_, typed) => expect(readTracks(typed)).toBeNull());
});
