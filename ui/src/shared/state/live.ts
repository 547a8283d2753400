import { signal } from '@preact/signals';

/** What the server says of one payment: read it again. */
export interface Change {
  type: string;
  paymentId: string;
  version: number;
  /** Of a request, or of a payment that a request waits for. */
  requestId?: string;
  /** How the payment was asked for, where the server says so. */
  channel?: string;
  /** Of a cash receipt; its paymentId is empty when it stands alone. */
  cashReceiptId?: string;
}

/** Told a change, or null when something may have been missed: then everything is read again. */
type Hearer = (change: Change | null) => void;

const CLOSED = 2;
/** Pauses before a stream that the server refused is tried again, in milliseconds. */
const PAUSES = [2000, 5000, 15_000, 60_000];
/** How many events are remembered, to tell repeats apart. */
const MEMORY = 300;

/** Whether changes are heard at this moment. */
export const live = signal(false);

const hearers = new Set<Hearer>();

/** Hears of changes until the returned function is called. */
export function onChange(hear: Hearer): () => void {
  hearers.add(hear);
  return () => hearers.delete(hear);
}

/** What concerns the shop or the session, and no payment. */
export interface Word {
  /** The settings have this version now; 0 when something may have been missed. */
  settings?: number;
  /** Somebody registered at the shop, or was decided upon. */
  staff?: true;
  /** Somebody ended this session from elsewhere. */
  ended?: true;
  /** A notice of the operator began or was withdrawn. */
  notices?: true;
  /** The ticket that was answered, closed or written to; empty when something may have been missed. */
  ticket?: string;
  /** Products that changed: stock, sold out, price. None: more than a few, or something may have been missed. */
  products?: readonly string[];
  /** Something happened to the person's own login. */
  security?: string;
}

const listeners = new Set<(word: Word) => void>();

/** Hears of the shop's settings, its mail from the operator, and of the session's end until the returned function is called. */
export function onWord(hear: (word: Word) => void): () => void {
  listeners.add(hear);
  return () => listeners.delete(hear);
}

function say(word: Word): void {
  for (const hear of [...listeners]) hear(word);
}

function tell(change: Change | null): void {
  for (const hear of [...hearers]) hear(change);
  if (!change) say({ settings: 0, staff: true, notices: true, products: [], ticket: '' });
}

/**
 * Follows the payments of the merchant over one stream. A lost connection comes back by
 * itself and is told what it missed; after a refused one everything is read again.
 */
export class Live {
  #open: () => EventSource;
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refusals = 0;
  #gap = false;
  #seen: string[] = [];

  constructor(open: () => EventSource = () => new EventSource('/v1/events')) {
    this.#open = open;
  }

  start(): void {
    if (this.#source) return;
    const source = this.#open();
    this.#source = source;
    source.onopen = () => {
      live.value = true;
      this.#refusals = 0;
      if (this.#gap) tell(null);
      this.#gap = false;
    };
    source.onerror = () => {
      live.value = false;
      if (source.readyState === CLOSED) this.#later();
    };
    source.addEventListener('payment', (event) => this.#hear(event as MessageEvent<string>));
    source.addEventListener('request', (event) => this.#hear(event as MessageEvent<string>));
    source.addEventListener('cashReceipt', (event) => this.#hear(event as MessageEvent<string>));
    source.addEventListener('settings', (event) => say({ settings: (JSON.parse((event as MessageEvent<string>).data) as { version: number }).version }));
    source.addEventListener('notices', () => say({ notices: true }));
    source.addEventListener('catalog', (event) => say({ products: (JSON.parse((event as MessageEvent<string>).data) as { productIds: string[] }).productIds }));
    source.addEventListener('ticket', (event) => say({ ticket: (JSON.parse((event as MessageEvent<string>).data) as { ticketId: string }).ticketId }));
    source.addEventListener('staff', () => say({ staff: true }));
    source.addEventListener('security', (event) => say({ security: (JSON.parse((event as MessageEvent<string>).data) as { what: string }).what }));
    source.addEventListener('ended', () => {
      this.stop();
      say({ ended: true });
    });
    source.addEventListener('reset', () => tell(null));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    live.value = false;
  }

  #hear(event: MessageEvent<string>): void {
    if (this.#seen.includes(event.lastEventId)) return;
    this.#seen = [...this.#seen.slice(-MEMORY), event.lastEventId];
    const change = JSON.parse(event.data) as Change;
    tell(change);
  }

  /** The server refused: too many streams, or the session ended. */
  #later(): void {
    this.stop();
    this.#gap = true;
    const pause = PAUSES[Math.min(this.#refusals, PAUSES.length - 1)];
    this.#refusals += 1;
    this.#timer = setTimeout(() => this.start(), pause);
  }
}
