import { signal } from '@preact/signals';
import type { TestCard } from '../api/api';
import { readText } from './read';
import type { CardReader, ReaderProblem, ReaderState, SwipeResult } from './reader';

const DEVICE = { model: 'SIMULATED', serial: 'SIM-0001' };
/** Percent at the start, and what a swipe and a minute cost. */
const FULL = 73;
const PER_SWIPE = 2;
const PER_MINUTE = 1;
const MINUTE = 60_000;

/** What the stripe of a card says: with a chip the service code is 201, else 101. */
function stripe(card: Omit<TestCard, 'behaviour'>, chip: boolean): string {
  const rest = `${card.expiryYear}${card.expiryMonth}${chip ? '201' : '101'}0000`;
  return `%B${card.number}^TEST/CARD^${rest}?;${card.number}=${rest}?`;
}

/** A reader without hardware, for trying out: its cards come from the simulated acquirer. */
class SimulatedReader implements CardReader {
  readonly state = signal<ReaderState>('off');
  readonly problem = signal<ReaderProblem | null>(null);
  readonly battery = signal<number | null>(null);
  readonly name = signal('');
  #handlers: ((swipe: SwipeResult) => void)[] = [];
  #drain: ReturnType<typeof setInterval> | undefined;

  connect(): Promise<void> {
    this.state.value = 'ready';
    this.battery.value ??= FULL;
    clearInterval(this.#drain);
    this.#drain = setInterval(() => this.#use(PER_MINUTE), MINUTE);
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    this.state.value = 'off';
    clearInterval(this.#drain);
    return Promise.resolve();
  }

  onSwipe(handler: (swipe: SwipeResult) => void): () => void {
    this.#handlers.push(handler);
    return () => {
      this.#handlers = this.#handlers.filter((each) => each !== handler);
    };
  }

  /** Draws a card through the slot of a reader that does not encrypt. */
  draw(card: Omit<TestCard, 'behaviour'>, chip: boolean): void {
    this.#tell(readText(stripe(card, chip), DEVICE));
  }

  /** A frame as an encrypting device types it. */
  receive(frame: string): void {
    this.#tell(readText(frame, { model: DEVICE.model }));
  }

  /** Draws a card that cannot be read. */
  drawBadly(): void {
    this.#tell({ kind: 'unreadable' });
  }

  charge(): void {
    this.battery.value = 100;
  }

  #tell(swipe: SwipeResult): void {
    this.#use(PER_SWIPE);
    this.#handlers.at(-1)?.(swipe);
  }

  #use(percent: number): void {
    this.battery.value = Math.max(1, (this.battery.value ?? FULL) - percent);
  }
}

export const simulatedReader = new SimulatedReader();
