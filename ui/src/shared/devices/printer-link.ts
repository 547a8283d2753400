import { signal } from '@preact/signals';
import { PrintFailure, type DevicePrinter, type PrinterName, type PrinterState, type SendOptions, type Trouble } from './printer';

/** What a link tells of the printer at its other end. */
export interface Heard {
  /** The connection is gone. */
  lost: () => void;
  /** The printer said something. */
  bytes: (data: Uint8Array) => void;
}

/** An open way to a printer. */
export interface Link {
  /** The most bytes of one write; may change from write to write. */
  readonly chunk: number;
  /** Resolves once the printer's side took the piece: waiting for it is the flow control. */
  write: (piece: Uint8Array) => Promise<void>;
  /** Resolves once what was written left this device. */
  flush?: () => Promise<void>;
  /** What is wrong, asked outside the data; undefined when nothing is or it does not tell. */
  status?: () => Promise<Trouble | undefined>;
  /** The printer's words come back by Heard.bytes. */
  readonly speaks: boolean;
  /** Never throws. */
  close: () => Promise<void>;
}

/** A printer that could be opened. */
export interface Found extends PrinterName {
  open: (heard: Heard, speed: number) => Promise<Link>;
}

/** One of the browser's ways to printers. */
export interface Transport {
  /** Asks the user; null when they closed the list. */
  choose: () => Promise<Found | null>;
  /** One that the user allowed before. */
  known: (id: string) => Promise<Found | undefined>;
  /** Calls the handler whenever a device came back. */
  onReturn: (handler: () => void) => void;
}

/** How long a printer may take, in milliseconds: to connect, for one piece, to say how it is, to let go. */
export const LIMITS = { open: 15_000, write: 15_000, answer: 400, close: 3_000 };

/** DLE EOT 2: why are you off line? Printers answer it at once, whatever else they do. */
const ASK_STATUS = Uint8Array.of(0x10, 0x04, 0x02);
/** Bits that are fixed in the answer to it, by which it is known. */
const STATUS_MASK = 0x93;
const STATUS_MARK = 0x12;
const COVER = 0x04;
const PAPER_END = 0x20;
const FAULT = 0x40;

class TimedOut extends Error {}

/** The work's result, or TimedOut after so long. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut('timed out')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Opens, cuts documents into pieces, waits for each, and tells what went wrong: the same for every transport. */
export class LinkPrinter implements DevicePrinter {
  readonly state = signal<PrinterState>({ kind: 'off' });
  #transport: Transport;
  #found: Found | null = null;
  #link: Link | null = null;
  #opening: Promise<void> | null = null;
  /** A link that is still being let go: before that the device does not open again. */
  #closing: Promise<unknown> = Promise.resolve();
  /** The job under way, then the ones that wait. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Ends the piece under way when the connection goes. */
  #lost: (() => void) | null = null;
  #answer: ((status: number) => void) | null = null;
  /** It was asked and said nothing: it is not asked again on this link. */
  #silent = false;
  /** Let go on purpose: it does not come back by itself. */
  #left = true;
  #speed = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.onReturn(() => {
      if (!this.#left && !this.#link && this.#found) void this.connect(this.#found.id, this.#speed);
    });
  }

  async choose(speed: number): Promise<PrinterName | null> {
    const found = await this.#transport.choose();
    if (!found) return null;
    await this.#close();
    await this.#open(found, speed);
    return { id: found.id, name: found.name };
  }

  async connect(id: string, speed: number): Promise<boolean> {
    if (this.#link && this.#found?.id === id && this.#speed === speed) {
      // What was wrong with the paper may be right again: the next document asks.
      this.state.value = { kind: 'ready' };
      return true;
    }
    try {
      // One that was pulled off and put on again is another object than before.
      const found = (await this.#transport.known(id)) ?? (this.#found?.id === id ? this.#found : undefined);
      if (!found) return false;
      if (this.#link) await this.#close();
      await this.#open(found, speed);
      return true;
    } catch {
      // Why stands in the state.
      return false;
    }
  }

  async disconnect(): Promise<void> {
    this.#left = true;
    await this.#close();
    this.state.value = { kind: 'off' };
  }

  send(document: Uint8Array, options: SendOptions): Promise<void> {
    const job = this.#turn.then(() => this.#run(document, options));
    this.#turn = job.catch(() => undefined);
    return job;
  }

  /** Whoever asks meanwhile waits for the same opening. */
  #open(found: Found, speed: number): Promise<void> {
    this.#opening ??= this.#openNow(found, speed).finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #openNow(found: Found, speed: number): Promise<void> {
    this.state.value = { kind: 'connecting' };
    this.#found = found;
    this.#speed = speed;
    this.#left = false;
    this.#silent = false;
    await this.#closing;
    let link: Link | undefined;
    let gone = false;
    const lost = (): void => {
      gone = true;
      if (this.#link && this.#link === link) this.#drop('LOST');
    };
    const opening = found.open({ lost, bytes: (data) => this.#hear(data) }, speed);
    try {
      link = await within(LIMITS.open, opening);
    } catch (cause) {
      // One that opens after all has nobody who waits for it.
      opening.then((late) => late.close(), () => undefined);
      throw this.#fail(cause instanceof PrintFailure ? cause.trouble : 'OFF', false, cause);
    }
    if (gone || this.#left) {
      await link.close();
      throw this.#fail('LOST', false);
    }
    this.#link = link;
    this.state.value = { kind: 'ready' };
  }

  async #run(document: Uint8Array, { asks, onProgress }: SendOptions): Promise<void> {
    const link = this.#link;
    if (!link) throw new PrintFailure('LOST', false);
    const before = asks ? await this.#ask(link) : undefined;
    if (before) throw this.#fail(before, false);
    for (let at = 0; at < document.length; ) {
      const piece = document.subarray(at, at + link.chunk);
      await this.#step(link, () => link.write(piece), at > 0);
      at += piece.length;
      onProgress?.(at / document.length);
    }
    if (link.flush) await this.#step(link, () => link.flush?.() ?? Promise.resolve(), true);
    const after = asks ? await this.#ask(link) : undefined;
    if (after) throw this.#fail(after, true);
    if (this.#link === link) this.state.value = { kind: 'ready' };
  }

  /** One write, given up when the connection goes or nothing moves for too long. */
  async #step(link: Link, work: () => Promise<void>, begun: boolean): Promise<void> {
    if (this.#link !== link) throw new PrintFailure('LOST', begun);
    const lost = new Promise<never>((_, reject) => {
      this.#lost = () => reject(new PrintFailure('LOST', true));
    });
    try {
      await within(LIMITS.write, Promise.race([work(), lost]));
    } catch (cause) {
      const trouble = cause instanceof PrintFailure ? cause.trouble : cause instanceof TimedOut ? 'STALLED' : 'LOST';
      this.#drop(trouble);
      // Once handed over, a piece may be on paper whatever became of its write.
      throw new PrintFailure(trouble, true, cause);
    } finally {
      this.#lost = null;
    }
  }

  /** What keeps the printer from printing; undefined when nothing does or it does not tell. */
  async #ask(link: Link): Promise<Trouble | undefined> {
    if (this.#link !== link) return undefined;
    if (link.status) return within(LIMITS.answer, link.status()).catch(() => undefined);
    if (!link.speaks || this.#silent) return undefined;
    const answer = new Promise<number>((resolve) => (this.#answer = resolve));
    try {
      await within(LIMITS.answer, link.write(ASK_STATUS));
      return troubleIn(await within(LIMITS.answer, answer));
    } catch {
      this.#silent = true;
      return undefined;
    } finally {
      this.#answer = null;
    }
  }

  #hear(data: Uint8Array): void {
    const status = data.find((byte) => (byte & STATUS_MASK) === STATUS_MARK);
    if (status !== undefined) this.#answer?.(status);
  }

  #fail(trouble: Trouble, begun: boolean, cause?: unknown): PrintFailure {
    this.state.value = { kind: 'failed', trouble };
    return new PrintFailure(trouble, begun, cause);
  }

  /** The connection is no good any more. */
  #drop(trouble: Trouble): void {
    const link = this.#link;
    this.#link = null;
    this.state.value = { kind: 'failed', trouble };
    this.#lost?.();
    this.#shut(link);
  }

  async #close(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    this.#lost?.();
    this.#shut(link);
    await this.#closing;
  }

  #shut(link: Link | null): void {
    if (link) this.#closing = within(LIMITS.close, link.close()).catch(() => undefined);
  }
}

function troubleIn(status: number): Trouble | undefined {
  if (status & COVER) return 'COVER';
  if (status & PAPER_END) return 'PAPER';
  return status & FAULT ? 'ERROR' : undefined;
}
