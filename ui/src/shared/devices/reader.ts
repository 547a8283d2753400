import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { readChoice, writeChoice } from '../state/choice';

/** What a reader made of one swipe. Tracks live in local variables from here to the payment. */
export type SwipeResult =
  | {
      kind: 'plain';
      masked: { first6: string; last4: string; name: string };
      /** The card has a chip, which comes first by law. */
      chip: boolean;
      track1?: string;
      track2: string;
      device: DeviceName;
    }
  | { kind: 'unreadable' };

/** What the payment's record says of the reader. */
export interface DeviceName {
  model: string;
  serial?: string;
}

export type ReaderState = 'off' | 'connecting' | 'ready' | 'failed';

/**
 * A card reader. Drivers are made once and live outside the screens, so that a reader
 * stays connected from one screen to the next.
 */
export interface CardReader {
  readonly state: ReadonlySignal<ReaderState>;
  /** Percent; null when the reader does not tell. */
  readonly battery: ReadonlySignal<number | null>;
  connect: () => Promise<void>;
  disconnect: () => Promise<void>;
  /** Hands swipes to the handler until the function it gives is called. */
  onSwipe: (handler: (swipe: SwipeResult) => void) => () => void;
}

export type ReaderKind = 'keyboard' | 'simulated';

/** Which models (기종) there are; a simulated one only where nothing is real. */
export function readerKinds(simulated: boolean): readonly ReaderKind[] {
  return simulated ? ['keyboard', 'simulated'] : ['keyboard'];
}

const STORE = 'innopay.reader';
const NONE = 'none';

const chosen = signal<ReaderKind | null>(null);
const open = signal<CardReader | null>(null);

/** The model chosen on this device; null when cards are keyed in. */
export const chosenReader: ReadonlySignal<ReaderKind | null> = computed(() => chosen.value);

/** The reader of the chosen model, once connected or on its way. */
export const reader: ReadonlySignal<CardReader | null> = computed(() => open.value);

/** Drivers are fetched when they are first wanted. */
const DRIVERS: Record<ReaderKind, () => Promise<CardReader>> = {
  keyboard: async () => (await import('./keyboard')).keyboardReader,
  simulated: async () => (await import('./simulated')).simulatedReader,
};

/** Chooses the model of this device and connects it; null goes back to keying in. */
export async function chooseReader(kind: ReaderKind | null): Promise<void> {
  const before = open.value;
  chosen.value = kind;
  open.value = null;
  writeChoice(STORE, kind ?? NONE);
  await before?.disconnect();
  if (!kind) return;
  const driver = await DRIVERS[kind]();
  if (chosen.value !== kind) return;
  open.value = driver;
  await driver.connect();
}

/** Connects the reader chosen on this device before, where it may be used. Does nothing the second time. */
export async function startReader(simulated: boolean): Promise<void> {
  if (chosen.value) return;
  const kinds = readerKinds(simulated);
  const kept = readChoice<ReaderKind | typeof NONE>(STORE, kinds, NONE);
  if (kept !== NONE) await chooseReader(kept);
}
