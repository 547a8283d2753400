import { computed, effect, signal, untracked } from '@preact/signals';
import { chosenPrinter, reconnectPrinter, type Trouble } from '../shared/devices/printer';
import { ownSettings } from './own';
import { forgetPrint, keptPrints } from './print-keep';

/** A slip of the shop. cash: the drawer may open with it. */
export type Slip =
  | { kind: 'payment'; id: string; cancelId?: string | undefined; cash?: boolean }
  | { kind: 'cashReceipt'; id: string }
  /** id: its day. */
  | { kind: 'closing'; id: string; version: number };

/** What is printed. */
export type Subject = Slip | { kind: 'test' };

/** A slip as a picture, for the device's own ways; sizes in dots. */
export interface Picture {
  blob: Blob;
  width: number;
  height: number;
}

/** Where one printing stands. */
export type PrintPhase =
  | { kind: 'idle' }
  /** part: how much of it is through, 0 to 1. */
  | { kind: 'working'; step: 'asking' | 'sending' | 'queued'; part: number }
  | { kind: 'done' }
  /** The print window was opened: what became of it nobody tells. */
  | { kind: 'opened' }
  /** To be given away by hand: browsers open that window only right after a press. */
  | { kind: 'picture'; picture: Picture }
  /** Something may be on paper: only a look at it tells. */
  | { kind: 'unsure'; why: string }
  /** open: the server may be printing it all the same; else nothing is on paper. */
  | { kind: 'failed'; failure: unknown; trouble?: Trouble; why: string; open?: boolean }
  /** There is no printer here, or it has to be picked again. */
  | { kind: 'unconnected' };

/** The printing of one slip at this device, whatever screen is shown. */
export class Printing {
  readonly subject: Subject;
  readonly phase = signal<PrintPhase>({ kind: 'idle' });
  /** How often it was printed as far as this device knows. */
  readonly printed = signal(0);
  /** How many see how it stands: with none, its end is told elsewhere. */
  watchers = 0;
  /** It began by itself once: who comes back to its screen presses the button. */
  began = false;

  constructor(subject: Subject) {
    this.subject = subject;
  }
}

/** Whether a phase waits for somebody. */
export const needsAct = ({ kind }: PrintPhase): boolean => kind === 'failed' || kind === 'unsure' || kind === 'unconnected' || kind === 'picture';

/** So many slips are remembered; of older ones is forgotten that they were printed here. */
const MOST = 200;

const known = new Map<string, Printing>();

/** The printing of a slip: the same one from every screen. */
export function printingOf(subject: Subject): Printing {
  const name = JSON.stringify(subject.kind === 'payment' ? [subject.id, subject.cancelId] : subject.kind === 'cashReceipt' ? [subject.id] : subject.kind === 'closing' ? ['closing', subject.id, subject.version] : []);
  const found = known.get(name);
  if (found) return found;
  const [oldest] = known.keys();
  if (known.size >= MOST && oldest !== undefined) known.delete(oldest);
  const made = new Printing(subject);
  known.set(name, made);
  return made;
}

/** Whether the shop prints. */
export const shopPrints = computed(() => ownSettings.value?.printer ?? false);

/** Brings back what was to come out of this device's printer before a reload and is not known to have. */
function restorePrints(): void {
  for (const { subject, sending } of keptPrints()) {
    const printing = printingOf(subject);
    if (printing.phase.peek().kind !== 'idle') continue;
    if (sending) {
      // The paper may have it: whoever prints it again prints a copy.
      forgetPrint(subject);
      printing.printed.value += 1;
    }
    printing.began = true;
    printing.phase.value = sending ? { kind: 'unsure', why: '' } : { kind: 'failed', failure: undefined, why: '' };
    if (printing.watchers === 0) printNews.value = printing;
  }
}

/** Connects the printer of this device once the shop prints, as far as that needs no press. Gives what ends it. */
export function followPrinter(): () => void {
  restorePrints();
  return effect(() => {
    if (shopPrints.value && chosenPrinter.value) void untracked(reconnectPrinter).catch(() => undefined);
  });
}

/** A receipt whose printing needs a look, while its screen is not shown. */
export const printNews = signal<Printing | null>(null);

/** Gives up what did not come out: it counts no more, and the next print of the slip is the original. */
export async function dropPrint(printing: Printing): Promise<void> {
  const { drop } = await import('./print-job');
  await drop(printing);
}

/** Prints; the code for it is fetched when it is first wanted. */
export async function startPrint(printing: Printing): Promise<void> {
  const { print } = await import('./print-job');
  await print(printing);
}
