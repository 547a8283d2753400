import { outcomeOpen } from '../shared/api/failure';
import { PressKey } from '../shared/api/key';
import { printers, prints, type Described, type Print, type PrintBody } from '../shared/api/printers';
import { closings } from '../shared/api/sales';
import { toast } from '../shared/design/toast';
import { chosenPrinter, isLocal, printerState, PrintFailure, sendToPrinter } from '../shared/devices/printer';
import type { PrinterChoice } from '../shared/devices/printer-choice';
import { locale, t } from '../shared/i18n/i18n';
import { printerWords } from '../shared/i18n/printer-words';
import { pollUntil } from '../shared/state/poll';
import { forgetPrint, keepPrint, keptPrint } from './print-keep';
import { needsAct, printNews, type Printing } from './printing';

/** With the pauses of pollUntil longer than the server lets a slip wait for its printer. */
const MOST_ASKS = 150;

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/**
 * One press after the other on the print button of a slip. As long as nothing can be on
 * paper a repeat bears the same key, and so is the same print with the same document;
 * after that it is another print, which says on the paper that it is a copy.
 */
class PrintJob {
  #of: Printing;
  #key: PressKey;
  /** What the key was used for: something else is another press. */
  #for: string;
  /** A print that was handed over and is not on paper. */
  #handed: string;

  constructor(of: Printing) {
    this.#of = of;
    // What was handed over before a reload is the same press still.
    const kept = of.subject.kind === 'test' ? undefined : keptPrint(of.subject);
    this.#key = new PressKey(undefined, kept?.key);
    this.#for = kept?.body ?? '';
    this.#handed = kept?.handed ?? '';
  }

  /** Keeps what was handed over, for the case of a reload; sending: the printer is being given it. */
  #keep(sending: boolean): void {
    const { subject } = this.#of;
    if (subject.kind !== 'test' && this.#handed) keepPrint(subject, { key: this.#key.value, body: this.#for, handed: this.#handed, sending });
  }

  #forget(): void {
    const { subject } = this.#of;
    this.#handed = '';
    if (subject.kind !== 'test') forgetPrint(subject);
  }

  /** Takes back what was handed over and is not on paper. */
  async drop(): Promise<void> {
    await this.#withdraw();
    this.#key.settle();
    this.#for = '';
    this.#of.phase.value = { kind: 'idle' };
  }

  async run(): Promise<void> {
    const choice = chosenPrinter.value;
    if (!choice) {
      this.#of.phase.value = { kind: 'unconnected' };
      return;
    }
    this.#working('asking');
    try {
      if (choice.kind === 'server') await this.#byServer(choice);
      else await this.#byDevice(choice);
    } catch (failure) {
      this.#failed(failure, choice.kind === 'server');
    }
  }

  #working(step: 'asking' | 'sending' | 'queued', part = 0): void {
    this.#of.phase.value = { kind: 'working', step, part };
  }

  async #byDevice({ kind, columns, mode, hangul, drawer }: PrinterChoice): Promise<void> {
    const local = isLocal(kind);
    const to = { columns, hangul, mode: local ? mode : ('RASTER' as const) };
    const { copy, document } = this.#of.subject.kind === 'test' ? { copy: false, document: await prints.test({ ...to, locale: locale.value }) } : await this.#post(to, drawer && local);
    const bytes = bytesOf(document ?? '');
    if (local) {
      this.#working('sending');
      this.#keep(true);
      await sendToPrinter(bytes, (part) => this.#working('sending', part));
      this.#done(copy);
    } else await this.#asPicture(bytes, kind);
  }

  async #asPicture(bytes: Uint8Array, kind: 'system' | 'share' | 'server'): Promise<void> {
    const { dotsOf, pngOf } = await import('../shared/devices/paper');
    const dots = dotsOf(bytes);
    const blob = await pngOf(dots);
    if (kind === 'share') {
      this.#settle();
      this.#of.phase.value = { kind: 'picture', picture: { blob, width: dots.width, height: dots.height } };
      return;
    }
    const { printPicture } = await import('../shared/devices/paper-print');
    await printPicture(blob, dots);
    // From here on it may be on paper.
    this.#settle();
    this.#of.phase.value = { kind: 'opened' };
  }

  async #byServer(choice: PrinterChoice): Promise<void> {
    const asked = this.#of.subject.kind === 'test' ? await printers.test(choice.id) : await this.#post({ printerId: choice.id }, true);
    const { status, failure, copy } = asked.status === 'QUEUED' ? await this.#settled(asked) : asked;
    if (status === 'FAILED') {
      // It does not count: the next print of the slip is the original still.
      this.#key.settle();
      this.#of.phase.value = { kind: 'failed', failure: undefined, why: failure?.message ?? '' };
    } else if (status === 'UNKNOWN' || status === 'QUEUED') {
      this.#settle();
      this.#of.phase.value = { kind: 'unsure', why: failure?.message ?? '' };
    } else this.#done(copy);
  }

  /** Follows a print of the server to its end. */
  async #settled(print: Print): Promise<Print> {
    this.#working('queued');
    const look = async (): Promise<Print | undefined> => {
      const now = await prints.get(print.id);
      return now.status === 'QUEUED' ? undefined : now;
    };
    return (await pollUntil(look, new AbortController().signal, MOST_ASKS)) ?? print;
  }

  async #post(to: { printerId: string } | Described, drawer: boolean): Promise<Print> {
    const { subject, printed } = this.#of;
    if (subject.kind === 'test') throw new TypeError('a test page is no slip');
    const cancelId = subject.kind === 'payment' ? subject.cancelId : undefined;
    // Money goes into the drawer once, with the first slip of a sale in cash.
    const cash = subject.kind === 'payment' && subject.cash === true && !cancelId && printed.value === 0;
    const body: PrintBody = { ...to, locale: locale.value, ...(cancelId ? { cancelId } : {}), ...(drawer && cash ? { drawer: true } : {}) };
    const now = JSON.stringify(body);
    if (this.#for !== now) {
      // On another printer it is another print: the original still, when nothing of this one is on paper.
      await this.#withdraw();
      this.#key.settle();
    }
    this.#for = now;
    const of = { payment: prints.ofPayment, cashReceipt: prints.ofCashReceipt, closing: closings.print }[subject.kind];
    const print = await of(subject.id, body, this.#key.value);
    this.#handed = print.status === 'HANDED' ? print.id : '';
    this.#keep(false);
    return print;
  }

  /** A print that the server does not know any more, or has as printed, stays as it is there. */
  async #withdraw(): Promise<void> {
    if (!this.#handed) return;
    await prints.withdraw(this.#handed).catch((failure: unknown) => {
      if (outcomeOpen(failure)) throw failure;
    });
    this.#forget();
  }

  #done(copy: boolean): void {
    this.#settle();
    this.#of.phase.value = { kind: 'done' };
    if (this.#of.subject.kind !== 'test') toast(copy ? t().print.doneCopy : t().print.done);
  }

  /** The next print is another one. */
  #settle(): void {
    this.#of.printed.value += 1;
    this.#forget();
    this.#key.settle();
  }

  #failed(failure: unknown, byServer: boolean): void {
    const { phase } = this.#of;
    if (failure instanceof PrintFailure) {
      const { trouble, begun } = failure;
      const why = printerWords().trouble[trouble];
      if (begun) this.#settle();
      else this.#keep(false);
      if (begun) phase.value = { kind: 'unsure', why };
      // It was never tried: the browser does not know the printer any more.
      else if (printerState.value.kind === 'off') phase.value = { kind: 'unconnected' };
      else phase.value = { kind: 'failed', failure: undefined, trouble, why };
      return;
    }
    const picture = failure instanceof Error && failure.name === 'NoPicture';
    // Refused for good: what is corrected is another press.
    const open = !picture && outcomeOpen(failure);
    if (!open && !picture) this.#key.settle();
    phase.value = { kind: 'failed', failure: picture ? undefined : failure, why: picture ? printerWords().noPicture : '', open: open && byServer };
  }
}

const jobs = new WeakMap<Printing, PrintJob>();

function jobOf(printing: Printing): PrintJob {
  const job = jobs.get(printing) ?? new PrintJob(printing);
  jobs.set(printing, job);
  return job;
}

/** Takes back what did not come out. Throws when the server cannot be asked: it is there to be repeated still. */
export async function drop(printing: Printing): Promise<void> {
  await jobOf(printing).drop();
}

/** Prints a slip on the printer of this device; nothing while it does already. Never throws: how it ended stands in the phase. */
export async function print(printing: Printing): Promise<void> {
  if (printing.phase.value.kind === 'working') return;
  const job = jobOf(printing);
  if (printNews.value === printing) printNews.value = null;
  await job.run();
  if (printing.watchers === 0 && needsAct(printing.phase.value)) printNews.value = printing;
}
