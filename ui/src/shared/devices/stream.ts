import { textOf } from './frame';
import { idtechLength } from './idtech';

/** A pause that ends what a reader sends without an end of its own, in milliseconds. */
const GAP = 150;
/** The most that is kept of one swipe, in bytes: more is no card. */
const MAX_KEPT = 4096;
/** Less than this is noise of the line. */
const MIN_KEPT = 4;

const CR = 0x0d;
const LF = 0x0a;
const ETX = 0x03;

/** What a reader sent of one swipe. */
export type Sent = { bytes: Uint8Array } | { text: string };

/**
 * Puts together what arrives from a line in pieces (Web Serial, Bluetooth): frames of
 * bytes by their length, texts by the end of their line, both by a pause. What is kept
 * lives here until the swipe is whole and is gone with it.
 */
export class SwipeStream {
  #kept: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #whole: (sent: Sent) => void;

  /** whole is called for each swipe, in order. */
  constructor(whole: (sent: Sent) => void) {
    this.#whole = whole;
  }

  /** The next bytes of the line. */
  push(bytes: Uint8Array): void {
    clearTimeout(this.#timer);
    for (const byte of bytes) this.#add(byte);
    if (this.#kept.length > 0) this.#timer = setTimeout(() => this.#end(), GAP);
  }

  /** Forgets what is kept. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#kept = [];
  }

  #add(byte: number): void {
    if (this.#kept.length < MAX_KEPT) this.#kept.push(byte);
    const length = idtechLength(Uint8Array.from(this.#kept.slice(0, 4)));
    if (length > 0) {
      if (this.#kept.length === length) this.#emit();
    } else if (length < 0 && (byte === CR || byte === LF || byte === ETX)) this.#line();
  }

  /** A reader may end each track with its own line: track 1 alone waits for track 2. */
  #line(): void {
    const text = textOf(Uint8Array.from(this.#kept)).trim();
    if (text === '') this.#kept = [];
    else if (!/^%[^;@|]*$/.test(text)) this.#emit();
  }

  #end(): void {
    if (this.#kept.length < MIN_KEPT) this.#kept = [];
    else this.#emit();
  }

  #emit(): void {
    const bytes = Uint8Array.from(this.#kept);
    this.clear();
    const length = idtechLength(bytes);
    this.#whole(length < 0 ? { text: textOf(bytes).trim() } : { bytes });
  }
}

