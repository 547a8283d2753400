import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PrintFailure } from '../src/shared/devices/printer';
import { LIMITS, LinkPrinter, type Found, type Heard, type Link, type Transport } from '../src/shared/devices/printer-link';

/** A printer at the end of a link, as the tests want it to behave. */
class Fake implements Transport {
  pieces: Uint8Array[] = [];
  closed = 0;
  opens = 0;
  heard: Heard | undefined;
  allowed: Found | undefined;
  returned: () => void = () => undefined;
  /** What becomes of each write. */
  take: (piece: Uint8Array) => Promise<void> = () => Promise.resolve();
  openable = (): Promise<void> => Promise.resolve();
  close = (): Promise<void> => Promise.resolve();
  speaks = false;
  readonly found: Found = { id: 'p1', name: '프린터', open: (heard) => this.#open(heard) };

  choose = (): Promise<Found | null> => Promise.resolve(this.found);
  known = (id: string): Promise<Found | undefined> => Promise.resolve(this.allowed?.id === id ? this.allowed : undefined);
  onReturn(handler: () => void): void {
    this.returned = handler;
  }

  async #open(heard: Heard): Promise<Link> {
    this.opens += 1;
    await this.openable();
    this.heard = heard;
    return {
      chunk: 4,
      speaks: this.speaks,
      write: async (piece) => {
        await this.take(piece);
        this.pieces.push(piece.slice());
      },
      close: () => {
        this.closed += 1;
        return this.close();
      },
    };
  }

  get bytes(): number[] {
    return this.pieces.flatMap((piece) => [...piece]);
  }
}

const bytes = (length: number, first = 0): Uint8Array => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff);
const quiet = { asks: false };
const failureOf = (work: Promise<unknown>): Promise<PrintFailure> =>
  work.then(
    () => Promise.reject(new Error('it worked')),
    (cause: unknown) => {
      if (!(cause instanceof PrintFailure)) throw cause;
      return cause;
    },
  );

let fake: Fake;
let printer: LinkPrinter;

beforeEach(() => {
  vi.useFakeTimers();
  fake = new Fake();
  printer = new LinkPrinter(fake);
});
afterEach(() => void vi.useRealTimers());

describe('a printer on a link', () => {
  it('gets a document in pieces that the link can carry, in order, the next only when the last was taken', async () => {
    await printer.choose(9600);
    expect(printer.state.value).toEqual({ kind: 'ready' });
    const free: (() => void)[] = [];
    fake.take = () => new Promise((done) => free.push(done));
    const parts: number[] = [];
    const sent = printer.send(bytes(10), { asks: false, onProgress: (part) => parts.push(part) });
    await vi.advanceTimersByTimeAsync(0);
    expect(free.length).toBe(1);
    free.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.pieces.map(({ length }) => length)).toEqual([4]);
    free.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    free.shift()?.();
    await sent;
    expect(fake.pieces.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(fake.bytes).toEqual([...bytes(10)]);
    expect(parts).toEqual([0.4, 0.8, 1]);
  });

  it('prints one document after another, and the second also when the first failed', async () => {
    await printer.choose(9600);
    fake.take = (piece) => (piece[0] === 0 ? new Promise((done) => setTimeout(done, 50)) : Promise.resolve());
    await Promise.all([Promise.resolve(vi.advanceTimersByTimeAsync(500)), printer.send(bytes(6), quiet), printer.send(bytes(6, 100), quiet)]);
    expect(fake.bytes).toEqual([...bytes(6), ...bytes(6, 100)]);
    fake.take = () => Promise.reject(new Error('gone'));
    const first = failureOf(printer.send(bytes(2), quiet));
    const second = failureOf(printer.send(bytes(2), quiet));
    expect([(await first).begun, (await second).begun]).toEqual([true, false]);
  });

  it('gives up when nothing moves for too long, lets the link go, and may have printed', async () => {
    await printer.choose(9600);
    fake.take = (piece) => (piece[0] === 0 ? Promise.resolve() : new Promise(() => undefined));
    const failed = failureOf(printer.send(bytes(10), quiet));
    await vi.advanceTimersByTimeAsync(LIMITS.write);
    expect(await failed).toMatchObject({ trouble: 'STALLED', begun: true });
    expect(printer.state.value).toEqual({ kind: 'failed', trouble: 'STALLED' });
    expect(fake.closed).toBe(1);
  });

  it('ends the write under way when the connection goes', async () => {
    await printer.choose(9600);
    fake.take = () => new Promise(() => undefined);
    const failed = failureOf(printer.send(bytes(10), quiet));
    await vi.advanceTimersByTimeAsync(0);
    fake.heard?.lost();
    expect(await failed).toMatchObject({ trouble: 'LOST', begun: true });
    expect(printer.state.value).toEqual({ kind: 'failed', trouble: 'LOST' });
  });

  it('has printed nothing when the link was gone before', async () => {
    await printer.choose(9600);
    fake.heard?.lost();
    expect(await failureOf(printer.send(bytes(3), quiet))).toMatchObject({ trouble: 'LOST', begun: false });
    expect(fake.pieces).toEqual([]);
  });

  it.each([
    [0x12 | 0x20, 'PAPER'],
    [0x12 | 0x04, 'COVER'],
    [0x12 | 0x40, 'ERROR'],
  ] as const)('prints nothing while the printer says %i', async (status, trouble) => {
    fake.speaks = true;
    await printer.choose(9600);
    fake.take = () => Promise.resolve(fake.heard?.bytes(Uint8Array.of(status)));
    expect(await failureOf(printer.send(bytes(3), { asks: true }))).toMatchObject({ trouble, begun: false });
    expect(fake.bytes).toEqual([0x10, 0x04, 0x02]);
    expect(printer.state.value).toEqual({ kind: 'failed', trouble });
    // Paper was put in: the same link goes on.
    fake.take = () => Promise.resolve(fake.heard?.bytes(Uint8Array.of(0x12)));
    await printer.send(bytes(3), { asks: true });
    expect(printer.state.value).toEqual({ kind: 'ready' });
    expect(fake.opens).toBe(1);
  });

  it('is not sure of a document after which the paper is out', async () => {
    fake.speaks = true;
    await printer.choose(9600);
    let asked = 0;
    fake.take = (piece) => Promise.resolve(piece[0] === 0x10 ? fake.heard?.bytes(Uint8Array.of(asked++ === 0 ? 0x12 : 0x32)) : undefined);
    expect(await failureOf(printer.send(bytes(3), { asks: true }))).toMatchObject({ trouble: 'PAPER', begun: true });
  });

  it('asks a printer that does not answer once only', async () => {
    fake.speaks = true;
    await printer.choose(9600);
    const sent = printer.send(bytes(3, 0x40), { asks: true });
    await vi.advanceTimersByTimeAsync(LIMITS.answer);
    await sent;
    await printer.send(bytes(3, 0x40), { asks: true });
    expect(fake.bytes.filter((byte) => byte === 0x10).length).toBe(1);
  });

  it('says when it cannot be opened, or opens too late', async () => {
    fake.openable = () => Promise.reject(new Error('off'));
    expect(await failureOf(printer.choose(9600))).toMatchObject({ trouble: 'OFF', begun: false });
    let open: () => void = () => undefined;
    fake.openable = () => new Promise((done) => (open = done));
    const failed = failureOf(printer.choose(9600));
    await vi.advanceTimersByTimeAsync(LIMITS.open);
    expect((await failed).trouble).toBe('OFF');
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.closed).toBe(1);
    expect(printer.state.value).toEqual({ kind: 'failed', trouble: 'OFF' });
  });

  it('connects what was allowed before without asking, and only that', async () => {
    expect(await printer.connect('p1', 9600)).toBe(false);
    fake.allowed = fake.found;
    expect(await Promise.all([printer.connect('p1', 9600), printer.connect('p1', 9600)])).toEqual([true, true]);
    expect(fake.opens).toBe(1);
    expect(await printer.connect('other', 9600)).toBe(false);
  });

  it('comes back by itself when the device does, unless it was let go', async () => {
    await printer.choose(9600);
    fake.heard?.lost();
    fake.returned();
    await vi.advanceTimersByTimeAsync(0);
    expect(printer.state.value).toEqual({ kind: 'ready' });
    await printer.disconnect();
    expect(printer.state.value).toEqual({ kind: 'off' });
    fake.returned();
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.opens).toBe(2);
  });

  it('opens a device only after it was let go, and waits for that no longer than a while', async () => {
    await printer.choose(9600);
    let letGo: () => void = () => undefined;
    fake.close = () => new Promise((done) => (letGo = done));
    fake.heard?.lost();
    const again = printer.connect('p1', 9600);
    await vi.advanceTimersByTimeAsync(0);
    expect(fake.opens).toBe(1);
    letGo();
    expect(await again).toBe(true);
    fake.close = () => new Promise(() => undefined);
    fake.heard?.lost();
    const late = printer.connect('p1', 9600);
    await vi.advanceTimersByTimeAsync(LIMITS.close);
    expect(await late).toBe(true);
    expect(fake.opens).toBe(3);
  });

  it('takes the object that the browser has now for a device that came back', async () => {
    await printer.choose(9600);
    fake.heard?.lost();
    const open = vi.fn(fake.found.open);
    fake.allowed = { ...fake.found, open };
    fake.returned();
    await vi.advanceTimersByTimeAsync(0);
    expect(open).toHaveBeenCalled();
    expect(printer.state.value).toEqual({ kind: 'ready' });
  });

  it('opens anew for another speed', async () => {
    fake.allowed = fake.found;
    await printer.connect('p1', 9600);
    await printer.connect('p1', 115200);
    expect([fake.opens, fake.closed]).toEqual([2, 1]);
  });
});
