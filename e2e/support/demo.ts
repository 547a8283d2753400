import { randomUUID } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long the demo may take to be ready, and to end, in milliseconds. */
const READY = 30_000;
const ENDED = 15_000;
/** How long a text may take, with tries that failed before. */
const TEXTED = 25_000;

export interface DemoCard {
  number: string;
  expiryMonth: string;
  expiryYear: string;
  birthOrBusinessNumber: string;
  passwordTwoDigits: string;
  behaviour: string;
}

export interface DemoMerchant {
  id: string;
  name: string;
  businessNumber: string;
  taxType: 'TAXABLE' | 'TAX_FREE' | 'MIXED';
  logins: { role: 'OWNER' | 'STAFF'; loginId: string; password: string }[];
  cancelPassword: string;
  secretKey: string;
}

/** One line of the acquirer's journal. */
export interface JournalEntry {
  seq: number;
  type: 'AUTHORIZE' | 'CAPTURE' | 'VOID' | 'REFUND' | 'REVERSE' | 'INQUIRE';
  merchantId: string;
  amount: number;
  approvalNumber?: string;
  result: 'APPROVED' | 'DECLINED' | 'NO_ORIGINAL' | 'ALREADY' | 'REFUSED';
}

/** A text as it lies on a simulated phone. */
export interface Text {
  id: string;
  from: string;
  to: string;
  kind: 'SMS' | 'LMS' | 'ALIMTALK';
  text: string;
}

/** What DIR/demo.json tells about a running demo. */
interface DemoFile {
  baseUrl: string;
  simulatorUrl: string;
  /** Where the demo's own receipt printer listens. */
  printer: string;
  /** The operator of the console. */
  operator: { loginId: string; password: string; totpSecret: string };
  merchants: DemoMerchant[];
  buyers: { name: string; phone: string }[];
  cards: DemoCard[];
}

/** A demo of the real binary on a folder of its own. */
export class Demo {
  readonly file: DemoFile;
  #child: ChildProcess;
  #dir: string;

  private constructor(file: DemoFile, child: ChildProcess, dir: string) {
    this.file = file;
    this.#child = child;
    this.#dir = dir;
  }

  /** Starts the binary and waits until it is ready. INNOPAY names another binary. */
  static async start(): Promise<Demo> {
    const dir = await mkdtemp(join(tmpdir(), 'innopay-e2e-'));
    const [file, child] = await run(dir, '127.0.0.1:0');
    return new Demo(file, child, dir);
  }

  /** Kills the server as a power cut would, and starts it again on the same folder and address. */
  async restart(): Promise<void> {
    await gone(this.#child, 'SIGKILL');
    [, this.#child] = await run(this.#dir, new URL(this.file.baseUrl).host);
  }

  /** Tells the simulated acquirer what goes wrong with the next messages. */
  async script(faults: { on: string; do: string; times: number }[]): Promise<void> {
    await this.#fault('acquirer', faults);
  }

  /** Takes back what was to go wrong at the simulated acquirer. */
  async heal(): Promise<void> {
    const answer = await fetch(`${this.file.simulatorUrl}/simulator/acquirer/faults`, { method: 'DELETE', signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`faults: ${answer.status}`);
  }

  /** Tells the simulated message gateway what goes wrong, with the next texts or for some time. */
  async scriptTexts(faults: { do: 'DOWN' | 'REJECT'; times?: number; forMs?: number }[]): Promise<void> {
    await this.#fault('messenger', faults);
  }

  async #fault(who: 'acquirer' | 'messenger', script: object[]): Promise<void> {
    await json(`${this.file.simulatorUrl}/simulator/${who}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ script }),
    });
  }

  /** Draws a card through one of the demo's encrypting readers: what it types, or its bytes as hex digits. */
  swipe(drawn: { card: string; format: 'MAGTEK' | 'IDTECH'; transport?: 'KEYBOARD' | 'HID'; chip?: boolean }): Promise<{ frame: string }> {
    return json(`${this.file.baseUrl}/simulator/reader/swipe`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(drawn) });
  }

  /** The texts that lie on a phone, oldest first. */
  async texts(number: string): Promise<Text[]> {
    const { messages } = await json<{ messages: Text[] }>(`${this.file.simulatorUrl}/simulator/phone/${number}/messages`);
    return messages;
  }

  /** Waits for a text with these words on a phone. */
  async text(number: string, ...words: string[]): Promise<Text> {
    const until = Date.now() + TEXTED;
    let after = '';
    while (Date.now() < until) {
      const { messages } = await json<{ messages: Text[] }>(`${this.file.simulatorUrl}/simulator/phone/${number}/messages?wait=5s${after && `&after=${after}`}`);
      const found = messages.find(({ text }) => words.every((word) => text.includes(word)));
      if (found) return found;
      after = messages.at(-1)?.id ?? after;
    }
    throw new Error(`no text on ${number} with ${words.join(', ')}`);
  }

  /** Ends the demo as its user would, and removes its folder. */
  async stop(): Promise<void> {
    await gone(this.#child, 'SIGTERM');
    await rm(this.#dir, { recursive: true, force: true });
  }

  /** The merchant of a tax type. */
  merchant(taxType: DemoMerchant['taxType']): DemoMerchant {
    const found = this.file.merchants.find((merchant) => merchant.taxType === taxType);
    if (!found) throw new Error(`no ${taxType} merchant`);
    return found;
  }

  /** A card the acquirer treats in a given way. */
  card(behaviour: string): DemoCard {
    const found = this.file.cards.find((card) => card.behaviour === behaviour);
    if (!found) throw new Error(`no card for ${behaviour}`);
    return found;
  }

  /** Asks the API as the merchant's own system would; a body is posted under a key of its own. */
  async api<T>(merchant: DemoMerchant, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { authorization: `Basic ${Buffer.from(`${merchant.secretKey}:`).toString('base64')}` };
    const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    if (body !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'idempotency-key': randomUUID() });
    return json<T>(this.file.baseUrl + path, { ...post, headers });
  }

  /** Changes something as the merchant's own system would. */
  async put(merchant: DemoMerchant, path: string, body: unknown): Promise<void> {
    const headers = { authorization: `Basic ${Buffer.from(`${merchant.secretKey}:`).toString('base64')}`, 'content-type': 'application/json' };
    await json(this.file.baseUrl + path, { method: 'PUT', headers, body: JSON.stringify(body) });
  }

  /** Removes something as the merchant's own system would. */
  async remove(merchant: DemoMerchant, path: string): Promise<void> {
    const authorization = `Basic ${Buffer.from(`${merchant.secretKey}:`).toString('base64')}`;
    const answer = await fetch(this.file.baseUrl + path, { method: 'DELETE', headers: { authorization }, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  /** The acquirer's own journal: what it did to its books, whatever the server thinks. */
  async journal(): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for (;;) {
      const after = entries.at(-1)?.seq ?? 0;
      const page = await json<{ entries: JournalEntry[] }>(`${this.file.simulatorUrl}/simulator/acquirer/journal?after=${after}&limit=500`);
      if (page.entries.length === 0) return entries;
      entries.push(...page.entries);
    }
  }
}

async function json<T>(url: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Starts the binary on a folder and waits until it is ready. */
async function run(dir: string, listen: string): Promise<[DemoFile, ChildProcess]> {
  const binary = resolve(import.meta.dirname, process.env['INNOPAY'] ?? '../../bin/innopay');
  const log = await open(join(dir, 'demo.log'), 'a');
  const child = spawn(binary, ['demo', '--listen', listen, '--data', dir], { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  try {
    return [await Promise.race([ready(dir, child), failed]), child];
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error(`the demo did not start: ${await readFile(join(dir, 'demo.log'), 'utf8')}`, { cause });
  }
}

/** Sends a signal and waits until the process is gone, by force when it does not go. */
async function gone(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const exited = new Promise<void>((done) => (child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()) : done()));
  child.kill(signal);
  await Promise.race([exited, sleep(ENDED, undefined, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

async function ready(dir: string, child: ChildProcess): Promise<DemoFile> {
  const until = Date.now() + READY;
  while (Date.now() < until && child.exitCode === null) {
    await sleep(100);
    try {
      const file = JSON.parse(await readFile(join(dir, 'demo.json'), 'utf8')) as DemoFile;
      if ((await fetch(`${file.baseUrl}/readyz`, { signal: AbortSignal.timeout(2000) })).ok) return file;
    } catch {
      // Not written yet, or not listening yet.
    }
  }
  throw new Error(child.exitCode === null ? 'not ready in time' : `exit code ${child.exitCode}`);
}
