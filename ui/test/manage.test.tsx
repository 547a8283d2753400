import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImportReport, Product } from '../src/shared/api/types';
import { goods, groups } from '../src/shared/api/goods';
import { formatOf } from '../src/shared/api/exchange';
import { ApiFailure } from '../src/shared/api/failure';
import { ToastArea, UNDO_TIME } from '../src/shared/design/toast';
import { rights } from '../src/shared/state/rights';
import { session, startSession } from '../src/shared/state/session';
import { Restocked } from '../src/merchant/pages/products/exchange/counts';
import { stateAfter } from '../src/merchant/pages/products/exchange/state';
import { displaced, moved, placeOf, shiftOf, within, type Row } from '../src/merchant/pages/products/manage/move';
import { useOrder } from '../src/merchant/pages/products/manage/order';
import { notRemoved, removeLater, removing } from '../src/merchant/removals';

describe('an order', () => {
  it('changes by moving one, and by nothing that leads nowhere', () => {
    expect(moved(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd']);
    expect(moved(['a', 'b', 'c', 'd'], 3, 1)).toEqual(['a', 'd', 'b', 'c']);
    const list = ['a', 'b'];
    for (const [from, to] of [[0, 0], [0, -1], [1, 2], [5, 0]] as const) expect(moved(list, from, to)).toBe(list);
  });

  it('of a part leaves everything else where it is', () => {
    expect(within(['a', '1', 'b', '2', 'c'], ['c', 'a', 'b'])).toEqual(['c', '1', 'a', '2', 'b']);
    expect(within(['a', 'b'], [])).toEqual(['a', 'b']);
  });

  it('tells the server of those that stand elsewhere', () => {
    expect(displaced(['a', 'b', 'c', 'd'], ['a', 'c', 'b', 'd'])).toEqual(['c', 'b']);
    expect(displaced(['a'], ['a'])).toEqual([]);
  });
});

describe('a dragged row', () => {
  const rows: Row[] = [0, 60, 120, 180].map((top) => ({ top, height: 50 }));

  it.each([
    [1, 0, 1],
    [1, 34, 1],
    [1, 61, 2],
    [1, 500, 3],
    [1, -61, 0],
    [1, -500, 0],
    [3, -130, 1],
  ])('from place %i by %i px goes to place %i', (from, by, to) => expect(placeOf(rows, from, by)).toBe(to));

  it('has the rows on its way make room, with the gap between them', () => {
    expect([0, 1, 2, 3].map((at) => shiftOf(rows, 0, 2, at))).toEqual([0, -60, -60, 0]);
    expect([0, 1, 2, 3].map((at) => shiftOf(rows, 3, 1, at))).toEqual([0, 60, 60, 0]);
  });
});

interface Thing {
  id: string;
  name: string;
}

describe('a list put into order', () => {
  const read: readonly Thing[] = ['a', 'b', 'c'].map((id) => ({ id, name: id }));
  let saves: { ids: readonly string[]; done: (failure?: unknown) => void }[];
  let list: ReturnType<typeof useOrder<Thing>>;
  const root = document.createElement('div');
  const save = (ids: readonly string[]): Promise<void> => new Promise((resolve, reject) => saves.push({ ids, done: (failure) => (failure === undefined ? resolve() : reject(failure as Error)) }));
  function Probe(): null {
    list = useOrder(read, save);
    return null;
  }
  const order = (): string => list.items.map(({ id }) => id).join('');
  const settle = (at: number, failure?: unknown): Promise<void> => act(async () => void (await Promise.resolve(saves[at]?.done(failure))));

  beforeEach(async () => {
    saves = [];
    await act(() => render(<Probe />, root));
  });
  afterEach(() => render(null, root));

  it('is seen at once and saved one after another, without those that were overtaken', async () => {
    await act(() => list.reorder(moved(list.items, 0, 1), 'x'));
    expect(order()).toBe('bac');
    await act(() => list.reorder(moved(list.items, 1, 2), 'x'));
    await act(() => list.reorder(moved(list.items, 0, 1), 'x'));
    expect(order()).toBe('cba');
    expect(saves.map(({ ids }) => ids)).toEqual([['b', 'a']]);
    await settle(0);
    expect(saves.map(({ ids }) => ids)).toEqual([
      ['b', 'a'],
      ['c', 'b', 'a'],
    ]);
  });

  it('goes back to what the server has when it is not saved', async () => {
    await act(() => list.reorder(moved(list.items, 0, 1), 'x'));
    await settle(0);
    await act(() => list.reorder(moved(list.items, 0, 2), 'x'));
    await settle(1, new Error('gone'));
    expect(order()).toBe('bac');
    expect(list.failure).toBeInstanceOf(Error);
  });

  it('is taken back by the toast', async () => {
    const area = document.createElement('div');
    await act(() => render(<ToastArea />, area));
    await act(() => list.reorder(moved(list.items, 0, 1), '옮겼어요'));
    await settle(0);
    await act(() => area.querySelector<HTMLButtonElement>('.toast-act')?.click());
    expect(order()).toBe('abc');
    expect(saves.at(-1)?.ids).toEqual(['a', 'b']);
    render(null, area);
  });
});

describe('a deletion', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    removing.value = new Set();
    notRemoved.value = null;
  });
  afterEach(() => vi.useRealTimers());
  const thing = { id: 'prd_1', name: '라떼' };
  const undo = async (): Promise<void> => {
    const area = document.createElement('div');
    await act(() => render(<ToastArea />, area));
    await act(() => area.querySelector<HTMLButtonElement>('.toast-act')?.click());
    render(null, area);
  };

  it('is out of sight at once and done when nobody took it back', async () => {
    const run = vi.fn(() => Promise.resolve());
    removeLater(thing, '삭제했어요', run);
    expect([...removing.value]).toEqual(['prd_1']);
    await vi.advanceTimersByTimeAsync(UNDO_TIME - 1);
    expect(run).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(run).toHaveBeenCalledExactlyOnceWith(false);
    expect([...removing.value]).toEqual(['prd_1']);
  });

  it('is not done when it was taken back', async () => {
    const run = vi.fn(() => Promise.resolve());
    removeLater(thing, '삭제했어요', run);
    await undo();
    await vi.advanceTimersByTimeAsync(2 * UNDO_TIME);
    expect(run).not.toHaveBeenCalled();
    expect(removing.value.size).toBe(0);
  });

  it('is done at once when the page is closed', () => {
    const run = vi.fn(() => Promise.resolve());
    removeLater(thing, '삭제했어요', run);
    window.dispatchEvent(new Event('pagehide'));
    window.dispatchEvent(new Event('pagehide'));
    expect(run).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('that fails brings the thing back and says so', async () => {
    removeLater(thing, '삭제했어요', () => Promise.reject(new Error('no')));
    await vi.advanceTimersByTimeAsync(UNDO_TIME);
    expect(removing.value.size).toBe(0);
    expect(notRemoved.value?.name).toBe('라떼');
  });
});

describe('deleting at the server', () => {
  let answers: (() => Response)[];
  let sent: string[];
  beforeEach(() => {
    sent = [];
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      const { pathname, search } = new URL(url);
      sent.push(`${init.method} ${pathname}${search} ${init.keepalive === true}`);
      return Promise.resolve(answers.shift()!());
    });
  });
  afterEach(() => void vi.unstubAllGlobals());
  const gone = (): Response => new Response(null, { status: 204 });
  const refused = (status: number, code: string) => (): Response => new Response(JSON.stringify({ status, code, message: code }), { status, headers: { 'Content-Type': 'application/problem+json' } });
  const read = (over: Partial<Product>) => (): Response => new Response(JSON.stringify({ ...product, ...over }), { headers: { 'Content-Type': 'application/json' } });
  const product: Product = { id: 'prd_1', name: '라떼', price: 1, taxFree: false, soldOut: false, favourite: false, sort: 0, stock: 5, available: true, version: 3 };

  it('goes on when only sales changed the product', async () => {
    answers = [refused(409, 'CHANGED_MEANWHILE'), read({ stock: 0, available: false, version: 4 }), gone];
    await goods.removeUnlessChanged(product, false);
    expect(sent).toEqual(['DELETE /v1/products/prd_1?version=3 false', 'GET /v1/products/prd_1 false', 'DELETE /v1/products/prd_1?version=4 false']);
  });

  it('stops when somebody changed it, and is content when it is gone', async () => {
    answers = [refused(409, 'CHANGED_MEANWHILE'), read({ price: 2, version: 4 })];
    await expect(goods.removeUnlessChanged(product, false)).rejects.toBeInstanceOf(ApiFailure);
    answers = [refused(404, 'PRODUCT_NOT_FOUND')];
    await goods.removeUnlessChanged(product, true);
    expect(sent.at(-1)).toBe('DELETE /v1/products/prd_1?version=3 true');
    answers = [refused(404, 'CATEGORY_NOT_FOUND')];
    await groups.remove({ id: 'cat_1', name: '커피', sort: 0, version: 1 }, false);
  });
});

describe('a file of products', () => {
  it.each([
    ['goods.xlsx', 'xlsx'],
    ['GOODS.CSV', 'csv'],
    ['goods.xls', null],
    ['goods', null],
  ])('%s is %s', (name, format) => expect(formatOf(name)).toBe(format));

  it('is seen before it is taken, and again when it was not taken after all', () => {
    const file = new File([], 'a.csv');
    const report = (imported: boolean): ImportReport => ({ rows: 1, created: 1, updated: 0, unchanged: 0, categories: 0, errorCount: 0, errors: [], imported });
    expect(stateAfter(file, report(false), true).kind).toBe('seen');
    expect(stateAfter(file, report(false), false).kind).toBe('seen');
    expect(stateAfter(file, report(true), false).kind).toBe('done');
  });
});

describe('a file that sets stocks', () => {
  it.each([
    [0, ''],
    [2, '상품 2개의 재고가 파일에 적힌 수로 바뀌어요'],
  ])('says so of %i', (restocked, said) => {
    const box = document.createElement('div');
    act(() => render(<Restocked report={{ rows: 2, created: 0, updated: 2, unchanged: 0, restocked, categories: 0, errorCount: 0, errors: [], imported: false }} />, box));
    expect(box.textContent.slice(0, said.length || undefined)).toBe(said);
    render(null, box);
  });
});

describe('rights', () => {
  afterEach(() => void (session.value = null));
  const login = (role: 'OWNER' | 'STAFF', permissions?: typeof rights.value): void =>
    void (session.value = { id: 'ses_1', merchantId: 'mer_1', user: { id: 'usr_1', loginId: 'x', name: 'x', role }, ...(permissions ? { permissions } : {}) });

  it('are those the server said, and everything for owners', () => {
    login('OWNER', { discount: false, cancel: false, cancelLimit: 1, editProducts: false });
    expect(rights.value).toEqual({ discount: true, cancel: true, cancelLimit: 0, editProducts: true });
    login('STAFF', { discount: false, cancel: true, cancelLimit: 50_000, editProducts: true });
    expect(rights.value).toEqual({ discount: false, cancel: true, cancelLimit: 50_000, editProducts: true });
  });

  it('are read anew when the server refuses something', async () => {
    const said = (discount: boolean): object => ({ id: 'ses_1', merchantId: 'mer_1', user: { id: 'usr_1', loginId: 'x', name: 'x', role: 'STAFF' }, permissions: { discount, cancel: true, cancelLimit: 0, editProducts: true } });
    const answers = [() => new Response(JSON.stringify(said(true))), () => new Response('{}', { status: 403, headers: { 'Content-Type': 'application/json' } }), () => new Response(JSON.stringify(said(false)))];
    vi.stubGlobal('fetch', () => Promise.resolve(answers.shift()!()));
    await startSession();
    expect(rights.value.discount).toBe(true);
    await expect(goods.order(['a'])).rejects.toBeInstanceOf(ApiFailure);
    await vi.waitFor(() => expect(rights.value.discount).toBe(false));
    vi.unstubAllGlobals();
  });

  it('let nobody of the staff edit products while nothing was said', () => {
    login('STAFF');
    expect(rights.value).toEqual({ discount: true, cancel: true, cancelLimit: 0, editProducts: false });
  });
});
