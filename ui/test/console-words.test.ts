import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { en } from '../src/shared/i18n/console/en';
import { ko } from '../src/shared/i18n/console/ko';

/** The constants of a Go type in a file of the server. */
function constants(file: string, type: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
  return [...text.matchAll(new RegExp(`^\\t\\w+ +${type} = "([A-Z_]+)"`, 'gm'))].map((found) => found[1] ?? '');
}

it('says of every message what it is for', () => {
  const purposes = constants('internal/message/message.go', 'Purpose');
  expect(purposes).toContain('PASSWORD_RESET');
  for (const words of [ko, en]) expect(Object.keys(words.deliveries.purposes).sort()).toEqual([...purposes].sort());
});

it('names every area of the checks', () => {
  const areas = constants('internal/health/health.go', 'Area');
  expect(areas).toContain('CERTIFICATE');
  for (const words of [ko, en]) expect(Object.keys(words.home.areas).sort()).toEqual([...areas].sort());
});
