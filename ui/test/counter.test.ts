import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { amount, clearSale, draft, edit, pressKey, undoKey } from '../src/merchant/pages/card/draft';
import { NO_REASON, readyReason } from '../src/merchant/pages/card/reason';
import { keyedCard, paymentRequest, swipedCard, type Sale } from '../src/merchant/pages/card/request';
import type { Merchant } from '../src/shared/api/types';
import { chosenReader, chooseReader, reader, readerKinds, startReader, type ReadCard, type ReaderPolicy, type SwipeResult } from '../src/shared/devices/reader';
import { simulatedReader } from '../src/shared/devices/simulated';
import { EMPTY_SUM, MAX_LINES, pressSum, totalOf, type SumPress } from '../src/shared/money/keypad';
import { MAX_AMOUNT } from '../src/shared/money/money';
import { forgetAmounts, recentAmounts, rememberAmount } from '../src/shared/state/amounts';

beforeEach(() => localStorage.clear());

describe('the sum', () => {
  const after = (...keys: SumPress[]): { lines: readonly number[]; now: number } => keys.reduce(pressSum, EMPTY_SUM);
  const digits = (text: string): SumPress => ({ kind: 'digit', digits: text });
  const next: SumPress = { kind: 'next' };

  it('adds amounts up, takes one out and takes the last one back', () => {
    const sum = after(digits('4000'), next, digits('2500'), next, digits('300'));
    expect(totalOf(sum)).toBe(6_800);
    expect(totalOf(pressSum(sum, { kind: 'drop', index: 0 }))).toBe(2_800);
    expect(after(digits('4000'), next, { kind: 'erase' })).toEqual({ lines: [], now: 4_000 });
  });

  it.each([
    ['plus without an amount', [next]],
    ['plus twice', [digits('5'), next, next]],
    ['clear of nothing', [{ kind: 'clear' }]],
    ['a line that is not there', [digits('5'), { kind: 'drop', index: 0 }]],
  ] as [string, SumPress[]][])('%s changes nothing', (_, keys) => {
    const before = keys.slice(0, -1).reduce(pressSum, EMPTY_SUM);
    expect(pressSum(before, keys.at(-1) as SumPress)).toBe(before);
  });

  it('never passes the largest amount, nor the most lines', () => {
    const full = after({ kind: 'add', won: MAX_AMOUNT }, next);
    expect(totalOf(pressSum(full, digits('1')))).toBe(MAX_AMOUNT);
    let many = EMPTY_SUM;
    for (let i = 0; i <= MAX_LINES + 1; i++) many = pressSum(pressSum(many, digits('1')), next);
    expect(many.lines).toHaveLength(MAX_LINES);
  });
});

describe('the draft', () => {
  afterEach(clearSale);

  it('takes back press by press, a clear too', () => {
    pressKey({ kind: 'digit', digits: '12' });
    pressKey({ kind: 'add', won: 1_000 });
    pressKey({ kind: 'clear' });
    pressKey({ kind: 'clear' });
    expect(amount.value).toBe(0);
    undoKey();
    expect(amount.value).toBe(1_012);
    undoKey();
    expect(amount.value).toBe(12);
    undoKey();
    undoKey();
    expect(draft.value.past).toEqual([]);
    expect(amount.value).toBe(0);
  });

  it('puts the service fee on top of a price, never on nothing', () => {
    edit({ serviceFee: 500 });
    expect(amount.value).toBe(0);
    pressKey({ kind: 'digit', digits: '5000' });
    expect(amount.value).toBe(5_500);
  });
});

describe('the request', () => {
  const merchant = (taxType: Merchant['taxType']): Merchant => ({ taxType, authenticationLevel: 'FULL' }) as Merchant;
  const sale = (more: Partial<Sale> = {}): Sale => ({ draft: { ...draft.value, serviceFee: 1_000, buyerName: ' 홍길동 ', months: 0 }, lines: [], price: 10_000, taxFree: 0, orderName: 'x', fixedBuyer: undefined, ...more });
  const card = keyedCard({ number: '4111111111111111', expiry: '1235', identity: '900101', password: '12' }, 'FULL');

  it.each([
    ['TAXABLE', 0],
    ['TAX_FREE', 10_000],
  ] as const)('of a %s merchant with a service fee adds up', (taxType, taxFreeAmount) => {
    expect(paymentRequest(sale(), merchant(taxType), card, 'order-1', null)).toMatchObject({ amount: 11_000, serviceFee: 1_000, taxFreeAmount });
  });

  it('names the typed buyer, or the fixed one in its place', () => {
    expect(paymentRequest(sale(), merchant('TAXABLE'), card, 'o', null).buyer).toEqual({ name: '홍길동' });
    const fixed = paymentRequest(sale({ fixedBuyer: { name: '구매자 1', phone: '01000001234' } }), merchant('TAXABLE'), card, 'o', null);
    expect(fixed.buyer).toEqual({ name: '구매자 1', phone: '01000001234' });
  });

  it('of a swipe carries tracks, reason and reader, and no keyed figures', () => {
    const swiped: ReadCard = { kind: 'plain', masked: { first6: '411111', last4: '1111', name: '' }, chip: false, track2: ';x?', device: { model: 'M', serial: 'S' } };
    expect(swipedCard(swiped, 'why')).toEqual({ entry: 'SWIPE', track2: ';x?', fallbackReason: 'why', device: { model: 'M', serial: 'S' } });
  });

  it('of an encrypted swipe carries format and key serial number', () => {
    const swiped: ReadCard = { kind: 'encrypted', format: 'IDTECH', ksn: 'K', masked: { first6: '4111', last4: '', name: '' }, chip: null, track1: 'A1', track2: 'A2', device: { model: 'M' } };
    expect(swipedCard(swiped, 'why')).toEqual({ entry: 'SWIPE_ENCRYPTED', format: 'IDTECH', ksn: 'K', track1: 'A1', track2: 'A2', fallbackReason: 'why', device: { model: 'M' } });
  });
});

describe('the reason for a swipe', () => {
  const TRIED = 'CHIP_FAILED IC 칩을 읽지 못함';
  it.each([
    ['', '', false, 'ASK', ''],
    ['unread', '', true, 'ASK', TRIED],
    ['unread', '', true, 'REFUSE', TRIED],
    ['unread', '', null, 'REFUSE', TRIED],
    ['none', '', false, 'REFUSE', '칩이 없는 카드'],
    ['none', '', null, 'ASK', '칩이 없는 카드'],
    ['none', '', true, 'ASK', ''],
    ['other', '  ', true, 'ASK', ''],
    ['other', ' 점검 중 ', true, 'ASK', '점검 중'],
    ['other', ' 점검 중 ', true, 'REFUSE', ''],
    ['other', '010-0000-1234', false, 'ASK', ''],
    ['other', '12 345', false, 'ASK', '12 345'],
  ] as const)('%s %j, chip %s, policy %s: %j', (kind, text, chip, policy, ready) => {
    expect(readyReason({ kind, text }, chip, policy)).toBe(ready);
    expect(readyReason(NO_REASON, chip, policy)).toBe('');
  });
});

describe('the last amounts', () => {
  it('are three different ones, newest first, and gone after a log-out', () => {
    for (const won of [1_000, 2_000, 1_000, 3_000, 4_000]) rememberAmount(won);
    expect(recentAmounts()).toEqual([4_000, 3_000, 1_000]);
    forgetAmounts();
    expect(recentAmounts()).toEqual([]);
  });

  it('survive storage somebody else wrote to', () => {
    localStorage.setItem('innopay.amounts', '[1,-1,"x",null,2.5,7]');
    expect(recentAmounts()).toEqual([1, 7]);
    localStorage.setItem('innopay.amounts', '{');
    expect(recentAmounts()).toEqual([]);
  });
});

describe('readers', () => {
  const card = { number: '9990011000000011', expiryMonth: '12', expiryYear: '35' };
  const policy = (more: Partial<ReaderPolicy> = {}): ReaderPolicy => ({ simulated: false, plainTrack: true, formats: [], ...more });
  afterEach(async () => {
    await chooseReader(null);
    vi.useRealTimers();
  });

  it('simulated ones exist only where nothing is real', async () => {
    expect(readerKinds(policy())).toEqual(['keyboard']);
    localStorage.setItem('innopay.reader', 'simulated');
    await startReader(policy());
    expect(chosenReader.value).toBeNull();
    await startReader(policy({ simulated: true }));
    expect(chosenReader.value).toBe('simulated');
  });

  it('are those that the browser can reach and the server takes', () => {
    expect(readerKinds(policy({ formats: ['MAGTEK'] }))).toEqual(['magtek', 'keyboard']);
    expect(readerKinds(policy({ plainTrack: false }))).toEqual([]);
    vi.stubGlobal('navigator', { hid: {}, serial: {} });
    expect(readerKinds(policy({ plainTrack: false, formats: ['IDTECH'] }))).toEqual(['idtech', 'idtechHid', 'serial']);
    expect(readerKinds(policy())).toEqual(['serial', 'keyboard']);
    vi.unstubAllGlobals();
  });

  it('one that is no longer allowed is not taken up again', async () => {
    localStorage.setItem('innopay.reader', 'keyboard');
    await startReader(policy({ plainTrack: false, formats: ['MAGTEK'] }));
    expect(chosenReader.value).toBeNull();
  });

  it('the chosen one is this device\'s, connected again after a reload', async () => {
    await chooseReader('keyboard');
    expect(localStorage.getItem('innopay.reader')).toBe('keyboard');
    expect(reader.value?.state.value).toBe('ready');
    expect(reader.value?.battery.value).toBeNull();
    const keyboard = reader.value;
    await chooseReader('simulated');
    expect(keyboard?.state.value).toBe('off');
    await chooseReader(null);
    expect([reader.value, localStorage.getItem('innopay.reader')]).toEqual([null, 'none']);
  });

  it('the simulated one reads what it is given, and its battery runs down', async () => {
    vi.useFakeTimers();
    simulatedReader.charge();
    await simulatedReader.connect();
    const swipes: SwipeResult[] = [];
    const off = simulatedReader.onSwipe((swipe) => swipes.push(swipe));
    simulatedReader.draw(card, true);
    simulatedReader.drawBadly();
    off();
    simulatedReader.draw(card, false);
    expect(swipes).toMatchObject([{ kind: 'plain', chip: true, masked: { first6: '999001', last4: '0011' }, device: { model: 'SIMULATED' } }, { kind: 'unreadable' }]);
    expect(simulatedReader.battery.value).toBe(94);
    vi.advanceTimersByTime(5 * 60_000);
    expect(simulatedReader.battery.value).toBe(89);
    await simulatedReader.disconnect();
    vi.advanceTimersByTime(60 * 60_000);
    expect(simulatedReader.battery.value).toBe(89);
  });
});
