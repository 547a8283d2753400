import { signal } from '@preact/signals';
import { toast } from '../design/toast';
import { t } from '../i18n/i18n';
import type { CardReader, ReaderProblem, ReaderState, SwipeResult } from './reader';

/** First pause before a lost reader is looked for again, in milliseconds; each next one is twice as long. */
const RETRY = 2000;
const MAX_RETRIES = 6;

/** A device that was opened, as far as every driver needs it. */
export interface Opened {
  name: string;
  close: () => Promise<void>;
}

/** What a driver cannot do, with its reason. */
export class ReaderFailure extends Error {
  override readonly name = 'ReaderFailure';
  readonly problem: ReaderProblem;

  constructor(problem: ReaderProblem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * What drivers of devices have in common: one connection at a time, its state and
 * reason, and the way back to a device that went away.
 */
export abstract class LineReader<Device> implements CardReader {
  readonly state = signal<ReaderState>('off');
  readonly problem = signal<ReaderProblem | null>(null);
  readonly battery = signal<number | null>(null);
  readonly name = signal('');
  #opened: Opened | null = null;
  #handlers: ((swipe: SwipeResult) => void)[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retries = 0;
  /** Grows with each connect and disconnect, so that what an older one still brings is dropped. */
  #turn = 0;

  /** Lets the user pick a device; null when none was picked. */
  protected abstract pick(): Promise<Device | null>;

  /** The device picked before, when the browser still allows it and it is the only one like it. */
  protected abstract recall(): Promise<Device | null>;

  /** Opens the device; swipes go to tell, its end to lost. */
  protected abstract open(device: Device, tell: (swipe: SwipeResult) => void, lost: () => void): Promise<Opened>;

  async connect(ask: boolean): Promise<void> {
    await this.#end();
    const turn = ++this.#turn;
    this.state.value = 'connecting';
    try {
      const device = ask ? await this.pick() : await this.recall();
      if (!device) throw new ReaderFailure(ask ? 'unpicked' : 'absent');
      const opened = await this.open(device, (swipe) => turn === this.#turn && this.#tell(swipe), () => this.#lost(turn));
      if (turn !== this.#turn) return void (await opened.close());
      this.#opened = opened;
      this.#retries = 0;
      this.name.value = opened.name;
      this.problem.value = null;
      this.state.value = 'ready';
    } catch (cause) {
      if (turn !== this.#turn) return;
      this.problem.value = problemOf(cause);
      // Nothing went wrong with a device that was never picked.
      this.state.value = this.problem.value === 'unpicked' ? 'off' : 'failed';
    }
  }

  async disconnect(): Promise<void> {
    this.#turn++;
    this.#retries = 0;
    this.problem.value = null;
    await this.#end();
    this.state.value = 'off';
  }

  onSwipe(handler: (swipe: SwipeResult) => void): () => void {
    this.#handlers.push(handler);
    return () => {
      this.#handlers = this.#handlers.filter((each) => each !== handler);
    };
  }

  #tell(swipe: SwipeResult): void {
    const handler = this.#handlers.at(-1);
    if (handler) handler(swipe);
    else toast(t().reader.elsewhere);
  }

  /** The device is back, as the browser says: connects to it unless something else goes on. */
  protected back(): void {
    if (this.state.value === 'failed') void this.connect(false);
  }

  #lost(turn: number): void {
    if (turn !== this.#turn || this.state.value !== 'ready') return;
    this.#turn++;
    void this.#end();
    this.problem.value = 'lost';
    this.state.value = 'failed';
    this.#again();
  }

  #again(): void {
    if (this.#retries >= MAX_RETRIES) return;
    this.#retry = setTimeout(() => {
      const turn = this.#turn + 1;
      void this.connect(false).then(() => {
        if (this.#turn !== turn || this.state.value !== 'failed') return;
        this.problem.value = 'lost';
        this.#again();
      });
    }, RETRY * 2 ** this.#retries++);
  }

  async #end(): Promise<void> {
    clearTimeout(this.#retry);
    const opened = this.#opened;
    this.#opened = null;
    this.battery.value = null;
    // A device that is gone cannot be closed, and need not be.
    await opened?.close().catch(() => undefined);
  }
}

/** Why something of a browser's device did not work. */
function problemOf(cause: unknown): ReaderProblem {
  if (cause instanceof ReaderFailure) return cause.problem;
  switch (cause instanceof DOMException ? cause.name : '') {
    case 'NotFoundError':
      return 'unpicked';
    case 'SecurityError':
    case 'NotAllowedError':
      return 'blocked';
    case 'InvalidStateError':
      return 'busy';
    case 'NetworkError':
      return 'absent';
    default:
      return 'failed';
  }
}
