import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as api from '../src/console/api';
import { isQuiet, rateOf, rateText, sliceMark, sliceName } from '../src/console/pages/home/figures';
import { VolumePart } from '../src/console/pages/home/volume';
import { navigate } from '../src/shared/router/router';

vi.mock('../src/console/api', () => ({ volume: vi.fn(), unsettled: { list: vi.fn() } }));

const NONE = { sold: 0, amount: 0, canceledAmount: 0, approved: 0, declined: 0, unsent: 0, open: 0 };
const DAY: api.Volume = {
  from: '2028-02-29',
  to: '2028-02-29',
  hourly: true,
  whole: true,
  total: { sold: 3, amount: 165_000, canceledAmount: 11_000, approved: 2, declined: 1, unsent: 1, open: 1 },
  slices: Array.from({ length: 24 }, (_, i) => ({ at: new Date(Date.UTC(2028, 1, 28, 15 + i)).toISOString(), ...NONE })),
  channels: [
    { name: 'CARD', ...NONE, sold: 2, amount: 110_000, approved: 2, declined: 1 },
    { name: 'CASH', ...NONE, sold: 1, amount: 55_000 },
  ],
  acquirers: [{ name: 'iso8583', ...NONE, sold: 2, amount: 110_000, approved: 2, declined: 1 }],
};
DAY.slices[9] = { ...DAY.slices[9]!, sold: 3, amount: 165_000, approved: 2, declined: 1, unsent: 1, open: 1 };

let root: HTMLElement;
const settle = (): Promise<void> => act(async () => void (await new Promise((done) => setTimeout(done, 0))));
async function show(): Promise<string> {
  act(() => render(<VolumePart />, root));
  await settle();
  return root.textContent ?? '';
}

beforeEach(() => {
  document.body.innerHTML = '<div id="root"></div>';
  root = document.getElementById('root')!;
  navigate('/', { replace: true });
  vi.mocked(api.unsettled.list).mockResolvedValue({ rows: [{}, {}] as api.Unsettled[] });
});
afterEach(() => {
  act(() => render(null, root));
  vi.clearAllMocks();
});

describe('an approval rate', () => {
  test('is of what was decided, and never rounded up to all', () => {
    expect(rateOf(NONE)).toBeNull();
    expect(rateText(NONE)).toBe('–');
    expect(rateText({ approved: 2, declined: 1 })).toBe('66.7%');
    expect(rateText({ approved: 99_999, declined: 1 })).toBe('99.9%');
    expect(rateText({ approved: 5, declined: 0 })).toBe('100.0%');
    expect(rateText({ approved: 0, declined: 4 })).toBe('0.0%');
  });

  test('stands at the hour and the day of Seoul', () => {
    expect([sliceName('2028-02-29T00:00:00Z', true), sliceMark('2028-02-29T00:00:00Z', true)]).toEqual(['9시', '9']);
    expect([sliceName('2028-02-28T15:00:00Z', false), sliceMark('2028-02-28T15:00:00Z', false)]).toEqual(['2월 29일', '2/29']);
  });
});

describe('the volume', () => {
  test('shows the same in the chart and in the table beside it, with the unknown ones', async () => {
    vi.mocked(api.volume).mockResolvedValue(DAY);
    const text = await show();
    expect(vi.mocked(api.volume).mock.calls[0]![0]).toBe(1);
    for (const words of ['165,000', '66.7%', '11,000', '승인 2 · 거절 1', '보내지 못함 1']) expect(text).toContain(words);
    expect(root.querySelector('.tile.is-bad .tile-value')?.textContent).toBe('2');
    expect(root.querySelector('.tile a')?.getAttribute('href')).toMatch(/\/unsettled$/);
    expect(root.querySelectorAll('.volume-bar')).toHaveLength(24);
    expect(root.querySelectorAll('.volume-rate')).toHaveLength(1);
    const rows = [...root.querySelectorAll('.volume-table tbody tr')].map((row) => row.textContent);
    expect(rows).toEqual(['9시3165,00066.7%']);
    const groups = [...root.querySelectorAll('.volume-groups tbody tr')].map((row) => row.textContent);
    expect(groups).toEqual(['카드2110,00066.7%', '현금155,000–', 'iso85832110,00066.7%']);
  });

  test('goes to other days by the address, and says when not all was added up', async () => {
    vi.mocked(api.volume).mockResolvedValue(DAY);
    await show();
    vi.mocked(api.volume).mockResolvedValue({ ...DAY, hourly: false, whole: false, from: '2028-02-10', slices: DAY.slices.slice(0, 20) });
    await act(() => [...root.querySelectorAll('button')].find((each) => each.textContent === '최근 30일')!.click());
    await settle();
    expect(vi.mocked(api.volume).mock.calls.at(-1)![0]).toBe(30);
    expect(root.textContent).toContain('2028-02-10부터만');
  });

  test('says so when nothing happened, and when it cannot be known', async () => {
    vi.mocked(api.volume).mockResolvedValue({ ...DAY, total: NONE });
    vi.mocked(api.unsettled.list).mockResolvedValue({ rows: [] });
    expect(isQuiet({ ...DAY, total: NONE })).toBe(true);
    expect(await show()).toContain('이 기간에 거래가 없어요.');
    expect(root.querySelector('svg.volume-bars')).toBeNull();
    act(() => render(null, root));
    vi.mocked(api.volume).mockRejectedValue(new Error('no'));
    await show();
    expect(root.querySelector('.state button')).not.toBeNull();
  });
});
