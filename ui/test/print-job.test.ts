import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signal } from '@preact/signals';
import { ApiFailure, NoAnswer } from '../src/shared/api/failure';
import { printers, prints, type Print } from '../src/shared/api/printers';
import * as devices from '../src/shared/devices/printer';
import type { PrinterChoice } from '../src/shared/devices/printer-choice';
import * as toasts from '../src/shared/design/toast';
import { drop, print } from '../src/merchant/print-job';
import { keptPrints } from '../src/merchant/print-keep';
import { followPrinter, Printing, printingOf, printNews } from '../src/merchant/printing';
import { forgetKept } from '../src/shared/state/kept';

const choice = signal<PrinterChoice | null>(null);
const state = signal<devices.PrinterState>({ kind: 'ready' });

vi.mock('../src/shared/devices/printer', async (original) => ({
  ...(await original<typeof devices>()),
  get chosenPrinter() {
    return choice;
  },
  get printerState() {
    return state;
  },
  sendToPrinter: vi.fn(),
}));

const LOCAL: PrinterChoice = { kind: 'serial', id: 'bluetooth', name: '', columns: 32, mode: 'CP949', hangul: 'FULL', drawer: true, auto: false, speed: 9600 };
const SERVER: PrinterChoice = { ...LOCAL, kind: 'server', id: 'prn_1', name: '계산대' };
const DOCUMENT = btoa('\x1b@receipt');
const handed = (number = 1): Print => ({ id: `prt_${number}`, paymentId: 'pay_1', copy: number > 1, number, status: 'HANDED', document: DOCUMENT, at: '' });
const sale = { kind: 'payment', id: 'pay_1', cash: true } as const;

let printing: Printing;
let keys: string[];
const send = vi.mocked(devices.sendToPrinter);

beforeEach(() => {
  printing = new Printing(sale);
  keys = [];
  choice.value = LOCAL;
  state.value = { kind: 'ready' };
  send.mockReset().mockResolvedValue(undefined);
  localStorage.clear();
  printNews.value = null;
  vi.spyOn(toasts, 'toast');
  vi.spyOn(prints, 'ofPayment').mockImplementation((_id, _body, key) => {
    keys.push(key);
    return Promise.resolve(handed(new Set(keys).size));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a print on the printer of this device', () => {
  it('carries the document as it is, and the next press is another print', async () => {
    await print(printing);
    expect(send.mock.calls[0]?.[0]).toEqual(Uint8Array.from('\x1b@receipt', (character) => character.charCodeAt(0)));
    expect(printing.phase.value).toEqual({ kind: 'done' });
    expect(prints.ofPayment).toHaveBeenCalledWith('pay_1', { columns: 32, mode: 'CP949', hangul: 'FULL', locale: 'ko', drawer: true }, keys[0]);
    await print(printing);
    // A copy, and the drawer stays shut.
    expect(prints.ofPayment).toHaveBeenLastCalledWith('pay_1', { columns: 32, mode: 'CP949', hangul: 'FULL', locale: 'ko' }, keys[1]);
    expect(keys[1]).not.toBe(keys[0]);
    expect(toasts.toast).toHaveBeenNthCalledWith(1, '영수증을 출력했어요');
    expect(toasts.toast).toHaveBeenNthCalledWith(2, '사본을 출력했어요');
    expect(printing.printed.value).toBe(2);
  });

  it('remains the original as long as nothing can be on paper', async () => {
    send.mockRejectedValueOnce(new devices.PrintFailure('PAPER', false));
    state.value = { kind: 'failed', trouble: 'PAPER' };
    await print(printing);
    expect(printing.phase.value).toMatchObject({ kind: 'failed', trouble: 'PAPER' });
    expect(printing.printed.value).toBe(0);
    await print(printing);
    expect(keys[1]).toBe(keys[0]);
    expect(printing.phase.value).toEqual({ kind: 'done' });
  });

  it('is the original on another printer too, when nothing of it is on the first one\'s paper', async () => {
    const withdraw = vi.spyOn(prints, 'withdraw').mockRejectedValueOnce(new NoAnswer('x')).mockResolvedValue(handed());
    send.mockRejectedValueOnce(new devices.PrintFailure('OFF', false));
    await print(printing);
    expect(withdraw).not.toHaveBeenCalled();
    choice.value = { ...LOCAL, columns: 48 };
    await print(printing);
    // Nobody knows whether it counts still: nothing is asked for anew.
    expect(printing.phase.value.kind).toBe('failed');
    expect(keys.length).toBe(1);
    await print(printing);
    expect(withdraw).toHaveBeenNthCalledWith(2, 'prt_1');
    expect(keys[1]).not.toBe(keys[0]);
    expect(printing.phase.value).toEqual({ kind: 'done' });
    choice.value = LOCAL;
    await print(printing);
    // What came out stands.
    expect(withdraw).toHaveBeenCalledTimes(2);
  });

  it('asks for a look at the paper when it broke off midway, and the next one is a copy', async () => {
    send.mockRejectedValueOnce(new devices.PrintFailure('LOST', true));
    await print(printing);
    expect(printing.phase.value.kind).toBe('unsure');
    await print(printing);
    expect(keys[1]).not.toBe(keys[0]);
  });

  it('has the printer picked again when the browser forgot it', async () => {
    send.mockRejectedValueOnce(new devices.PrintFailure('OFF', false));
    state.value = { kind: 'off' };
    await print(printing);
    expect(printing.phase.value).toEqual({ kind: 'unconnected' });
  });

  it('asks nobody for anything without a printer', async () => {
    choice.value = null;
    await print(printing);
    expect(printing.phase.value).toEqual({ kind: 'unconnected' });
    expect(keys).toEqual([]);
  });

  it('repeats under the same key when the answer was lost, and under another once refused', async () => {
    const failing = vi.spyOn(prints, 'ofPayment');
    failing.mockImplementationOnce((_id, _body, key) => (keys.push(key), Promise.reject(new NoAnswer('x'))));
    failing.mockImplementationOnce((_id, _body, key) => (keys.push(key), Promise.reject(new ApiFailure(409, { code: 'PRINT_TOO_LONG' }, 0))));
    for (let i = 0; i < 3; i++) await print(printing);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(printing.phase.value).toEqual({ kind: 'done' });
  });

  it('tells it elsewhere when its screen was left', async () => {
    send.mockRejectedValue(new devices.PrintFailure('LOST', true));
    printing.watchers = 1;
    await print(printing);
    expect(printNews.value).toBeNull();
    printing.watchers = 0;
    await print(printing);
    expect(printNews.value).toBe(printing);
  });

  it('does one thing at a time', async () => {
    await Promise.all([print(printing), print(printing)]);
    expect(keys.length).toBe(1);
  });
});

describe('a print of the server', () => {
  const queued: Print = { id: 'prt_1', copy: false, number: 1, status: 'QUEUED', printerId: 'prn_1', at: '' };

  beforeEach(() => {
    choice.value = SERVER;
    vi.useFakeTimers();
    vi.spyOn(prints, 'ofPayment').mockImplementation((_id, _body, key) => (keys.push(key), Promise.resolve(queued)));
  });

  const printed = async (...ends: Partial<Print>[]): Promise<void> => {
    const get = vi.spyOn(prints, 'get');
    for (const end of ends) get.mockResolvedValueOnce({ ...queued, ...end } as Print);
    const done = print(printing);
    await vi.advanceTimersByTimeAsync(10_000);
    await done;
  };

  it('is followed to its end', async () => {
    await printed({}, {}, { status: 'PRINTED' });
    expect(prints.ofPayment).toHaveBeenCalledWith('pay_1', { printerId: 'prn_1', locale: 'ko', drawer: true }, keys[0]);
    expect(printing.phase.value).toEqual({ kind: 'done' });
  });

  it('that failed does not count; one that is not known does', async () => {
    await printed({ status: 'FAILED', failure: { code: 'PRINTER_NO_PAPER', message: '용지가 떨어졌어요.' } });
    expect(printing.phase.value).toMatchObject({ kind: 'failed', why: '용지가 떨어졌어요.' });
    expect(printing.printed.value).toBe(0);
    await printed({ status: 'UNKNOWN', failure: { code: 'PRINT_INTERRUPTED', message: '끊겼어요.' } });
    expect(printing.phase.value).toEqual({ kind: 'unsure', why: '끊겼어요.' });
    expect([printing.printed.value, new Set(keys).size]).toEqual([1, 2]);
  });

  it('tests the printer by its own page', async () => {
    printing = printingOf({ kind: 'test' });
    vi.spyOn(printers, 'test').mockResolvedValue({ ...queued, status: 'PRINTED' });
    await printed();
    expect(printers.test).toHaveBeenCalledWith('prn_1');
    expect(printing.phase.value).toEqual({ kind: 'done' });
  });
});

describe('a print that did not come out, after a reload', () => {
  /** The app starts anew: of the slip it knows what it kept. */
  let sales = 0;
  const begun = async (trouble?: devices.PrintFailure): Promise<{ id: string; key: string }> => {
    const id = `pay_reload_${++sales}`;
    printing = new Printing({ kind: 'payment', id });
    if (trouble) send.mockRejectedValueOnce(trouble);
    state.value = { kind: 'failed', trouble: 'PAPER' };
    await print(printing);
    return { id, key: keys.at(-1) ?? '' };
  };
  const reloaded = (id: string): Printing => {
    followPrinter()();
    return printingOf({ kind: 'payment', id });
  };

  it('is the original still: it is said on every screen, and repeated with the same key', async () => {
    const { id, key } = await begun(new devices.PrintFailure('PAPER', false));
    const again = reloaded(id);
    expect(again.phase.value).toMatchObject({ kind: 'failed' });
    expect(printNews.value).toBe(again);
    await print(again);
    expect(keys.at(-1)).toBe(key);
    expect(again.phase.value).toEqual({ kind: 'done' });
    expect(keptPrints()).toEqual([]);
  });

  it('is taken back, so that the next one is the original', async () => {
    const withdraw = vi.spyOn(prints, 'withdraw').mockRejectedValueOnce(new NoAnswer('x')).mockResolvedValue(handed());
    const { id, key } = await begun(new devices.PrintFailure('PAPER', false));
    const again = reloaded(id);
    await expect(drop(again)).rejects.toThrow();
    expect(keptPrints().length).toBe(1); // nobody knows whether it counts still
    await drop(again);
    expect(withdraw).toHaveBeenLastCalledWith('prt_1');
    expect([again.phase.value.kind, keptPrints().length]).toEqual(['idle', 0]);
    await print(again);
    expect(keys.at(-1)).not.toBe(key);
  });

  it('asks for a look at the paper when the reload came while it was sent', async () => {
    let id = '';
    send.mockImplementationOnce(() => new Promise(() => undefined));
    id = `pay_reload_${++sales}`;
    void print(new Printing({ kind: 'payment', id }));
    await vi.waitFor(() => expect(keptPrints().map(({ sending }) => sending)).toEqual([true]));
    const key = keys.at(-1);
    const again = reloaded(id);
    expect(again.phase.value).toEqual({ kind: 'unsure', why: '' });
    await print(again);
    expect(keys.at(-1)).not.toBe(key);
  });

  it('is forgotten at log-out, after a day, and when what is kept is no longer readable', async () => {
    await begun(new devices.PrintFailure('PAPER', false));
    expect(keptPrints().length).toBe(1);
    const kept = localStorage.getItem('innopay.prints') ?? '';
    localStorage.setItem('innopay.prints', kept.replace(/"at":\d+/, `"at":${Date.now() - 25 * 3_600_000}`));
    expect(keptPrints()).toEqual([]);
    localStorage.setItem('innopay.prints', '{]');
    expect(keptPrints()).toEqual([]);
    localStorage.setItem('innopay.prints', kept);
    forgetKept();
    expect(keptPrints()).toEqual([]);
  });

  it('leaves nothing once it came out, or broke off midway', async () => {
    await begun();
    expect(keptPrints()).toEqual([]);
    await begun(new devices.PrintFailure('LOST', true));
    expect(keptPrints()).toEqual([]);
  });
});

it('knows the same slip again from every screen', () => {
  expect(printingOf({ kind: 'payment', id: 'a' })).toBe(printingOf({ kind: 'payment', id: 'a', cash: true }));
  expect(printingOf({ kind: 'payment', id: 'a', cancelId: 'b' })).not.toBe(printingOf({ kind: 'payment', id: 'a' }));
});
