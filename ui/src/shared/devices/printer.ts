import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { readPrinter, writePrinter, type LocalKind, type PrinterChoice, type PrinterKind } from './printer-choice';

/** Why a printer does not print, as far as it can be told. */
export type Trouble = 'OFF' | 'LOST' | 'STALLED' | 'PAPER' | 'COVER' | 'ERROR' | 'FORBIDDEN' | 'STRANGE';

export type PrinterState = { kind: 'off' | 'connecting' | 'ready' } | { kind: 'failed'; trouble: Trouble };

/** A document that did not get through. */
export class PrintFailure extends Error {
  override readonly name = 'PrintFailure';
  readonly trouble: Trouble;
  /** Some of it may be on paper: only a look at the paper tells. */
  readonly begun: boolean;

  constructor(trouble: Trouble, begun: boolean, cause?: unknown) {
    super(trouble, cause === undefined ? undefined : { cause });
    this.trouble = trouble;
    this.begun = begun;
  }
}

/** What a device calls itself; the id finds it again without asking. */
export interface PrinterName {
  id: string;
  /** Empty when it has none. */
  name: string;
}

export interface SendOptions {
  /** The printer is asked for paper and cover before and after: not in the words of every command set. */
  asks: boolean;
  /** Called with the part that is through, 0 to 1. */
  onProgress?: (part: number) => void;
}

/**
 * A printer that this device talks to itself. Drivers are made once and live outside
 * the screens, so that a printer stays connected from one screen to the next.
 */
export interface DevicePrinter {
  readonly state: ReadonlySignal<PrinterState>;
  /** Lets the user pick one in the browser's own list, inside a press; null when they closed it. Throws PrintFailure. */
  choose: (speed: number) => Promise<PrinterName | null>;
  /** Connects one picked before, without asking; false when that cannot be done. */
  connect: (id: string, speed: number) => Promise<boolean>;
  disconnect: () => Promise<void>;
  /** Sends a document, one after another. Throws PrintFailure. */
  send: (document: Uint8Array, options: SendOptions) => Promise<void>;
}

/** Drivers are fetched when they are first wanted. */
const DRIVERS: Record<LocalKind, () => Promise<DevicePrinter>> = {
  serial: async () => (await import('./printer-serial')).bluetoothSerialPrinter,
  cable: async () => (await import('./printer-serial')).cablePrinter,
  bluetooth: async () => (await import('./printer-bluetooth')).bluetoothPrinter,
  usb: async () => (await import('./printer-usb')).usbPrinter,
};

export const isLocal = (kind: PrinterKind): kind is LocalKind => kind in DRIVERS;

const chosen = signal<PrinterChoice | null>(readPrinter());
const driver = signal<DevicePrinter | null>(null);

/** The printer chosen on this device, with its paper; null when there is none. */
export const chosenPrinter: ReadonlySignal<PrinterChoice | null> = computed(() => chosen.value);

const READY: PrinterState = { kind: 'ready' };
const OFF: PrinterState = { kind: 'off' };

/** How the chosen printer stands. What this device does not hold itself counts as ready. */
export const printerState: ReadonlySignal<PrinterState> = computed(() => {
  const choice = chosen.value;
  if (!choice) return OFF;
  return isLocal(choice.kind) ? (driver.value?.state.value ?? OFF) : READY;
});

function keep(choice: PrinterChoice | null): void {
  chosen.value = choice;
  writePrinter(choice);
}

/** Fetches the drivers before a press needs them: a browser's list opens only right after one. */
export function warmDrivers(kinds: readonly PrinterKind[]): void {
  for (const kind of kinds) if (isLocal(kind)) void DRIVERS[kind]().catch(() => undefined);
}

/**
 * Picks a printer of this kind for this device, in the browser's own list where it has
 * one. Gives whether one was picked. Throws PrintFailure when it cannot be connected;
 * the printer of before stays then.
 */
export async function choosePrinter(kind: PrinterKind, named: PrinterName = { id: '', name: '' }): Promise<boolean> {
  const paper = paperOf(chosen.value ?? USUAL);
  if (!isLocal(kind)) {
    await leave();
    keep({ ...paper, kind, ...named });
    return true;
  }
  const next = await DRIVERS[kind]();
  const picked = await next.choose(paper.speed);
  if (!picked) return false;
  if (driver.value !== next) await leave();
  driver.value = next;
  keep({ ...paper, kind, ...picked });
  return true;
}

type Paper = Pick<PrinterChoice, 'columns' | 'mode' | 'hangul' | 'drawer' | 'auto' | 'speed'>;

const USUAL: Paper = { columns: 32, mode: 'CP949', hangul: 'FULL', drawer: false, auto: false, speed: 9600 };

function paperOf({ columns, mode, hangul, drawer, auto, speed }: Paper): Paper {
  return { columns, mode, hangul, drawer, auto, speed };
}

/** Changes how this device prints. */
export function changePrinter(change: Partial<Paper> & { name?: string }): void {
  if (chosen.value) keep({ ...chosen.value, ...change });
}

async function leave(): Promise<void> {
  const before = driver.value;
  driver.value = null;
  await before?.disconnect();
}

/** Lets go of the printer of this device. */
export async function forgetPrinter(): Promise<void> {
  keep(null);
  await leave();
}

/** Connects the chosen printer without asking; false when the user must pick it again. */
export async function reconnectPrinter(): Promise<boolean> {
  const choice = chosen.value;
  if (!choice) return false;
  if (!isLocal(choice.kind)) return true;
  const next = await DRIVERS[choice.kind]();
  if (chosen.value?.kind !== choice.kind) return false;
  driver.value = next;
  return next.connect(choice.id, choice.speed);
}

/** Sends a document to the printer this device holds. Throws PrintFailure. */
export async function sendToPrinter(document: Uint8Array, onProgress?: (part: number) => void): Promise<void> {
  if (!(await reconnectPrinter()) || !driver.value) {
    const state = printerState.value;
    throw new PrintFailure(state.kind === 'failed' ? state.trouble : 'OFF', false);
  }
  await driver.value.send(document, { asks: chosen.value?.mode !== 'STAR_LINE', ...(onProgress ? { onProgress } : {}) });
}
