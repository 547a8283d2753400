import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { readChoice, writeChoice } from '../state/choice';

/** Whose way of sending an encrypted swipe; the server decrypts each. */
export type EncryptedFormat = 'MAGTEK' | 'IDTECH';

/** What may be shown of a card: what the reader leaves to see, empty where it leaves nothing. */
export interface Masked {
  first6: string;
  last4: string;
  name: string;
}

/** What a reader made of one swipe. Tracks live in local variables from here to the payment. */
export type SwipeResult =
  | {
      kind: 'plain';
      masked: Masked;
      /** The card has a chip, which comes first by law. */
      chip: boolean;
      track1?: string;
      track2: string;
      device: DeviceName;
    }
  | {
      kind: 'encrypted';
      format: EncryptedFormat;
      masked: Masked;
      /** Null when the reader masks the service code: then the server alone will know. */
      chip: boolean | null;
      /** Hexadecimal: key serial number, and the tracks encrypted under it. */
      ksn: string;
      track1?: string;
      track2: string;
      device: DeviceName;
    }
  | { kind: 'unreadable' };

/** A swipe that can be paid with. */
export type ReadCard = Exclude<SwipeResult, { kind: 'unreadable' }>;

/** What the payment's record says of the reader. */
export interface DeviceName {
  model: string;
  serial?: string;
}

export type ReaderState = 'off' | 'connecting' | 'ready' | 'failed';

/**
 * Why a reader is not ready: nothing was picked, the browser forbids it, another
 * program has it, it went away, it is not here yet, it has no line for swipes, or
 * something else.
 */
export type ReaderProblem = 'unpicked' | 'blocked' | 'busy' | 'lost' | 'absent' | 'mute' | 'failed';

/**
 * A card reader. Drivers are made once and live outside the screens, so that a reader
 * stays connected from one screen to the next.
 */
export interface CardReader {
  readonly state: ReadonlySignal<ReaderState>;
  /** The last trouble; null after a connection. */
  readonly problem: ReadonlySignal<ReaderProblem | null>;
  /** Percent; null when the reader does not tell. */
  readonly battery: ReadonlySignal<number | null>;
  /** How the device calls itself; empty when it does not. */
  readonly name: ReadonlySignal<string>;
  /** ask: lets the browser ask which device, after a press; else the one picked before is taken, silently. Never throws. */
  connect: (ask: boolean) => Promise<void>;
  disconnect: () => Promise<void>;
  /** Hands swipes to the newest handler until the function it gives is called. */
  onSwipe: (handler: (swipe: SwipeResult) => void) => () => void;
}

/** How a model is joined to this device. */
export type ReaderLink = 'keyboard' | 'hid' | 'serial' | 'bluetooth' | 'none';

export type ReaderKind = 'keyboard' | 'magtek' | 'magtekHid' | 'idtech' | 'idtechHid' | 'serial' | 'bluetooth' | 'simulated';

interface Model {
  link: ReaderLink;
  /** How it sends swipes: always in one format, always as they are on the card, or as the device has it. */
  sends: EncryptedFormat | 'PLAIN' | 'EITHER';
  driver: () => Promise<CardReader>;
}

/** The models (기종), their drivers fetched when they are first wanted. */
const MODELS: Record<ReaderKind, Model> = {
  magtek: { link: 'keyboard', sends: 'MAGTEK', driver: async () => (await import('./keyboard')).magtekKeyboard },
  idtech: { link: 'keyboard', sends: 'IDTECH', driver: async () => (await import('./keyboard')).idtechKeyboard },
  magtekHid: { link: 'hid', sends: 'MAGTEK', driver: async () => (await import('./hid')).magtekHid },
  idtechHid: { link: 'hid', sends: 'IDTECH', driver: async () => (await import('./hid')).idtechHid },
  bluetooth: { link: 'bluetooth', sends: 'EITHER', driver: async () => (await import('./bluetooth')).bluetoothReader },
  serial: { link: 'serial', sends: 'EITHER', driver: async () => (await import('./serial')).serialReader },
  keyboard: { link: 'keyboard', sends: 'PLAIN', driver: async () => (await import('./keyboard')).keyboardReader },
  simulated: { link: 'none', sends: 'EITHER', driver: async () => (await import('./simulated')).simulatedReader },
};

/** What decides which models there are. */
export interface ReaderPolicy {
  /** Nothing is real here. */
  simulated: boolean;
  /** The operator lets readers send card numbers as they are. */
  plainTrack: boolean;
  /** Which encrypted swipes the server can open. */
  formats: readonly EncryptedFormat[];
}

/** Whether this browser can reach devices over a link at all. */
export function canReach(link: ReaderLink): boolean {
  return link === 'keyboard' || link === 'none' || link in navigator;
}

/** Whether the server takes what a model sends. */
function isTaken({ sends }: Model, { plainTrack, formats }: ReaderPolicy): boolean {
  if (sends === 'PLAIN') return plainTrack;
  if (sends === 'EITHER') return plainTrack || formats.length > 0;
  return formats.includes(sends);
}

/** The models that can work here. */
export function readerKinds(policy: ReaderPolicy): readonly ReaderKind[] {
  return (Object.keys(MODELS) as ReaderKind[]).filter((kind) => (kind !== 'simulated' || policy.simulated) && isTaken(MODELS[kind], policy) && canReach(MODELS[kind].link));
}

/** How a model is joined. */
export const linkOf = (kind: ReaderKind): ReaderLink => MODELS[kind].link;

/** Whether a model sends card numbers as they are. */
export const isPlain = (kind: ReaderKind): boolean => MODELS[kind].sends === 'PLAIN';

const STORE = 'innopay.reader';
const NONE = 'none';

const chosen = signal<ReaderKind | null>(null);
const open = signal<CardReader | null>(null);

/** The model chosen on this device; null when cards are keyed in. */
export const chosenReader: ReadonlySignal<ReaderKind | null> = computed(() => chosen.value);

/** The reader of the chosen model, once connected or on its way. */
export const reader: ReadonlySignal<CardReader | null> = computed(() => open.value);

/** Chooses the model of this device and connects it, asking for the device itself; null goes back to keying in. */
export function chooseReader(kind: ReaderKind | null): Promise<void> {
  return take(kind, true);
}

async function take(kind: ReaderKind | null, ask: boolean): Promise<void> {
  const before = open.value;
  chosen.value = kind;
  open.value = null;
  writeChoice(STORE, kind ?? NONE);
  await before?.disconnect();
  if (!kind) return;
  const driver = await MODELS[kind].driver();
  if (chosen.value !== kind) return;
  open.value = driver;
  await driver.connect(ask);
}

/** Connects the reader chosen on this device before, where it may be used. Does nothing the second time. */
export async function startReader(policy: ReaderPolicy): Promise<void> {
  if (chosen.value) return;
  const kinds = readerKinds(policy);
  const kept = readChoice<ReaderKind | typeof NONE>(STORE, kinds, NONE);
  if (kept !== NONE) await take(kept, false);
}
