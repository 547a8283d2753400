import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test, vi } from 'vitest';
import PrivacyPage, { agreedTo, answerTo, saidText } from '../src/merchant/pages/settings/privacy';
import { terms, type Consent, type ConsentAnswer, type Terms } from '../src/shared/api/join';
import { locale } from '../src/shared/i18n/i18n';

const DOC: Terms = { kind: 'MARKETING', version: 2, title: '소식 받기', required: false, effectiveFrom: '2026-03-01' };
const SERVICE: Terms = { ...DOC, kind: 'SERVICE', title: '이용약관', required: true };
const said = (agreed: boolean, version = 2): Consent => ({ kind: 'MARKETING', version, agreed, at: '2026-03-02T03:04:05Z' });

afterEach(() => {
  vi.restoreAllMocks();
  locale.value = 'ko';
});

/** The page with what the server says, and what it is sent. */
async function shown(consents: Consent[], fails = false): Promise<{ page: HTMLElement; sent: ConsentAnswer[] }> {
  const sent: ConsentAnswer[] = [];
  vi.spyOn(terms, 'list').mockResolvedValue([SERVICE, DOC]);
  vi.spyOn(terms, 'asked').mockResolvedValue({ pending: [], consents });
  vi.spyOn(terms, 'answer').mockImplementation((answers) => {
    sent.push(...answers);
    return fails ? Promise.reject(new Error('away')) : Promise.resolve({ pending: [], consents: answers.map((each) => ({ ...each, at: '2026-03-05T00:00:00Z' })) });
  });
  const page = document.createElement('div');
  await act(async () => render(<PrivacyPage />, page));
  await vi.waitFor(() => expect(page.querySelector('.skeleton')).toBeNull());
  return { page, sent };
}

/** Presses the switch and waits until the server has answered. */
async function press(page: HTMLElement): Promise<void> {
  await act(async () => switchOf(page).click());
  await vi.waitFor(() => expect(switchOf(page).hasAttribute('disabled')).toBe(false));
}

const switchOf = (page: HTMLElement): HTMLElement => page.querySelector<HTMLElement>('[role=switch]')!;

describe('optional consent', () => {
  test('counts for the version that holds', () => {
    expect(agreedTo(DOC, said(true))).toBe(true);
    expect(agreedTo(DOC, said(true, 1))).toBe(false);
    expect(agreedTo(DOC, said(false))).toBe(false);
    expect(agreedTo(DOC, undefined)).toBe(false);
    expect(answerTo([said(true)], 'MARKETING')?.agreed).toBe(true);
    expect(answerTo([said(true)], 'PRIVACY')).toBeUndefined();
  });

  test('tells when it was given or taken back, in both languages', () => {
    for (const language of ['ko', 'en'] as const) {
      locale.value = language;
      expect(saidText(said(true))).toContain('2026');
      expect(saidText(said(true))).not.toBe(saidText(said(false)));
      expect(saidText(undefined)).not.toContain('2026');
    }
  });

  test('is switched on and off, and only what may be refused is shown', async () => {
    const { page, sent } = await shown([said(true)]);
    expect(page.querySelectorAll('[role=switch]')).toHaveLength(1);
    expect(switchOf(page).getAttribute('aria-checked')).toBe('true');
    await press(page);
    expect(sent).toEqual([{ kind: 'MARKETING', version: 2, agreed: false }]);
    expect(switchOf(page).getAttribute('aria-checked')).toBe('false');
    expect(page.textContent).toContain(saidText({ ...said(false), at: '2026-03-05T00:00:00Z' }));
    await press(page);
    expect(sent.at(-1)).toEqual({ kind: 'MARKETING', version: 2, agreed: true });
  });

  test('stays as it was when it could not be saved', async () => {
    const { page } = await shown([said(true)], true);
    await press(page);
    expect(switchOf(page).getAttribute('aria-checked')).toBe('true');
    expect(page.querySelector('[role=alert], .notice')).not.toBeNull();
  });

  test('the data can be downloaded', async () => {
    const { page } = await shown([]);
    expect(page.querySelector('a[download]')?.getAttribute('href')).toBe('/v1/personal-data');
  });
});
