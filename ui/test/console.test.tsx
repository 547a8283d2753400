import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { conditions, open, opened, setQuery } from '../src/console/address';
import { Filters } from '../src/console/filters';
import { bindKeys, onKey } from '../src/console/keys';
import type { List } from '../src/console/list';
import { shortened } from '../src/console/parts';
import { menu, routes } from '../src/console/routes';
import { IDLE, idleLeft, WARNING } from '../src/console/session';
import { Table, type Column } from '../src/console/table';
import { en } from '../src/shared/i18n/console/en';
import { ko } from '../src/shared/i18n/console/ko';
import { findRoute, navigate, place } from '../src/shared/router/router';

const press = (key: string, init: KeyboardEventInit & { now?: number; on?: Element } = {}): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, 'target', { value: init.on ?? document.body });
  onKey(event, init.now ?? 0);
  return event;
};

let root: HTMLElement;
beforeEach(() => {
  document.body.innerHTML = '<div id="root"></div>';
  root = document.getElementById('root')!;
  navigate('/payments', { replace: true });
});
afterEach(() => {
  act(() => render(null, root));
  vi.useRealTimers();
});

describe('keys', () => {
  it('run what is bound, the latest binding first, until one takes it', () => {
    const ran: string[] = [];
    const undo = [bindKeys({ j: () => void ran.push('old') }), bindKeys({ j: () => (ran.push('new'), ran.length > 1 ? false : undefined) })];
    expect(press('j').defaultPrevented).toBe(true);
    press('j');
    expect(ran).toEqual(['new', 'new', 'old']);
    for (const each of undo) each();
    expect(press('j').defaultPrevented).toBe(false);
  });

  it('g and a letter go together, within patience', () => {
    const go = vi.fn();
    const undo = bindKeys({ 'g p': go });
    press('g', { now: 1000 });
    press('p', { now: 1200 });
    expect(go).toHaveBeenCalledTimes(1);
    press('g', { now: 5000 });
    press('p', { now: 9000 });
    press('p', { now: 9001 });
    expect(go).toHaveBeenCalledTimes(1);
    undo();
  });

  it('a Korean keyboard means the same keys', () => {
    const walk = vi.fn();
    const undo = bindKeys({ j: walk });
    press('ㅓ', { code: 'KeyJ' });
    expect(walk).toHaveBeenCalledTimes(1);
    undo();
  });

  it.each([
    ['in a field', () => press('j', { on: document.body.appendChild(document.createElement('input')) })],
    ['in a choice', () => press('j', { on: document.body.appendChild(document.createElement('select')) })],
    ['with Control', () => press('j', { ctrlKey: true })],
    [
      'under a dialog',
      () => {
        document.body.appendChild(document.createElement('dialog')).setAttribute('open', '');
        press('j');
      },
    ],
  ])('leave what is typed %s alone', (_, type) => {
    const walk = vi.fn();
    const undo = bindKeys({ j: walk });
    type();
    expect(walk).not.toHaveBeenCalled();
    undo();
  });

  it('of the menu are unlike each other, and lead to a page', () => {
    const entries = menu.flatMap((group) => group.entries);
    expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
    for (const { path, name } of entries) expect(findRoute(routes, path)?.route.name).toBe(name);
  });
});

interface Row {
  id: string;
  won: number;
}
const columns: Column<Row>[] = [
  { key: 'id', title: 'ID', cell: (row) => row.id },
  { key: 'won', title: 'Won', end: true, sort: 'amount', cell: (row) => row.won },
];
const list = (over: Partial<List<Row>> = {}): List<Row> => ({
  rows: ['a', 'b', 'c'].map((id, i) => ({ id, won: i })),
  failure: undefined,
  loading: false,
  more: false,
  fetchMore: () => undefined,
  reload: () => undefined,
  ...over,
});
const show = (given: Partial<Parameters<typeof Table<Row>>[0]> = {}): void =>
  void act(() => render(<Table label="rows" columns={columns} list={list()} rowKey={(row) => row.id} empty={{ title: 'none', text: 'at all' }} {...given} />, root));
const focused = (): string => document.activeElement?.textContent ?? '';

describe('table', () => {
  it('is walked with j, k, the arrows, Home and End, and stays within its rows', () => {
    show({ onOpen: () => undefined });
    const walked = ['j', 'j', 'k', 'ArrowDown', 'ArrowDown', 'j', 'Home', 'k', 'End'].map((key) => {
      press(key);
      return focused();
    });
    expect(walked).toEqual(['a', 'b', 'a', 'b', 'c', 'c', 'a', 'a', 'c']);
    expect(root.querySelectorAll('[data-row][tabindex="0"]').length).toBe(1);
  });

  it('begins its walk at the row that stands open', () => {
    show({ onOpen: () => undefined, opened: 'b' });
    press('j');
    expect(focused()).toBe('c');
  });

  it('opens by a press on a row, but not on what has an act of its own', () => {
    const onOpen = vi.fn();
    show({ onOpen, columns: [...columns, { key: 'act', title: '', cell: () => <a href="#x">x</a> }] });
    root.querySelector<HTMLElement>('tbody tr td:nth-child(2)')!.click();
    expect(onOpen).toHaveBeenCalledTimes(1);
    root.querySelector<HTMLElement>('tbody a')!.click();
    expect(onOpen).toHaveBeenCalledTimes(1);
    root.querySelector<HTMLElement>('[data-row]')!.click();
    expect(onOpen).toHaveBeenCalledTimes(2);
  });

  it('says how it is ordered, and turns the order', () => {
    const onOrder = vi.fn();
    show({ order: { by: 'amount', down: true }, onOrder });
    expect([...root.querySelectorAll('th')].map((th) => th.getAttribute('aria-sort'))).toEqual([null, 'descending']);
    root.querySelector<HTMLElement>('.head-sort')!.click();
    expect(onOrder).toHaveBeenCalledWith({ by: 'amount', down: false });
  });

  it('tells empty, failed, loading and further pages apart', () => {
    show({ list: list({ rows: [] }) });
    expect(root.textContent).toContain('none');
    show({ list: list({ rows: [], failure: new Error('x') }) });
    expect(root.querySelector('[role=alert]')).not.toBeNull();
    show({ list: list({ rows: [], loading: true }) });
    expect(root.querySelectorAll('.bone').length).toBe(8);
    const fetchMore = vi.fn();
    show({ list: list({ more: true, fetchMore }) });
    expect(root.textContent).toContain(ko.table.countMore(3));
    [...root.querySelectorAll('button')].find((button) => button.textContent === ko.table.more)!.click();
    expect(fetchMore).toHaveBeenCalledTimes(1);
    show({ list: list({ more: true, failure: new Error('x') }) });
    expect(root.querySelectorAll('tbody tr').length).toBe(3);
    expect(root.querySelector('[role=alert]')).not.toBeNull();
  });
});

describe('conditions', () => {
  it('stand in the address; a changed one closes what was open, an opened row changes none', () => {
    setQuery({ q: 'A 1', status: 'DONE' });
    open('pay_1');
    expect([conditions(['q', 'status', 'day']), opened()]).toEqual([{ q: 'A 1', status: 'DONE' }, 'pay_1']);
    setQuery({ status: '' });
    expect([conditions(['q', 'status']), opened()]).toEqual([{ q: 'A 1' }, '']);
    expect(place.value.path).toBe('/payments');
  });

  it('are typed with a rest before the list is asked, and taken back by their chips', () => {
    vi.useFakeTimers();
    const filters = [
      { name: 'q', label: 'Reference' },
      { name: 'status', label: 'Status', options: [{ value: 'DONE', text: 'done' }] },
    ];
    const draw = (): void => void act(() => render(<Filters filters={filters} />, root));
    draw();
    const input = root.querySelector('input')!;
    act(() => {
      input.value = 'AB';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    act(() => void vi.advanceTimersByTime(399));
    expect(conditions(['q'])).toEqual({});
    act(() => void vi.advanceTimersByTime(1));
    expect(conditions(['q'])).toEqual({ q: 'AB' });
    act(() => setQuery({ status: 'DONE' }));
    draw();
    const chips = [...root.querySelectorAll<HTMLElement>('.filter-chip')];
    expect(chips.map((chip) => chip.textContent)).toEqual(['ReferenceAB', 'Statusdone', ko.filter.clear]);
    act(() => chips[1]!.click());
    expect(conditions(['q', 'status'])).toEqual({ q: 'AB' });
  });
});

it('the end of a session is expected a minute early, for the server notes requests to the minute', () => {
  expect(idleLeft(0, 0)).toBe(IDLE - 60_000);
  expect(idleLeft(IDLE - 60_000 - WARNING, 0)).toBe(WARNING);
  expect(idleLeft(IDLE - 60_000, 0)).toBe(0);
});

it.each([
  ['pay_01hv9k2n4q8r6t0w3y5z7a9c1e', 'pay_…7a9c1e'],
  ['pay_1', 'pay_1'],
  ['10182345', '10182345'],
])('the id %s is shown as %s', (id, want) => expect(shortened(id)).toBe(want));

it('both languages of the console name the same pages', () => {
  expect(Object.keys(en.nav.pages)).toEqual(Object.keys(ko.nav.pages));
});
