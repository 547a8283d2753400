import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Demo } from './demo';

/** How the fake printer behaves; changed by the page while a journey goes on. */
export interface FakePort {
  /** Everything that was written, in order. */
  bytes: number[];
  /** What it answers when it is asked for its status (DLE EOT 2): 0x12 all is well, 0x32 no paper. */
  status: number;
  /** It is pulled off after so many more bytes. */
  breaksAfter: number;
  /** How often the browser's list was opened. */
  asked: number;
  port: EventTarget;
}

declare global {
  interface Window {
    /** Of fake-port.js. */
    fakePort: FakePort;
    /** Of fake-phone.js: what was shared, and how often the print window was opened. */
    fakePhone: { given: string[]; printed: number };
  }
}

/** Puts a Bluetooth printer with the Serial Port Profile into every page that the window opens from now on. */
export const plugIn = (page: Page): Promise<unknown> => page.addInitScript({ path: join(import.meta.dirname, 'fake-port.js') });

/** Takes away what phones without ways to devices lack, and gives them the sheet of apps, which keeps what it got. */
export const likeIphone = (page: Page): Promise<unknown> => page.addInitScript({ path: join(import.meta.dirname, 'fake-phone.js') });

/** A line of text on paper, or something else that was drawn. */
export type Printed = { text: string } | { picture: [width: number, height: number] } | { code: string } | { cut: true } | { drawer: true };

const [LF, DLE, ESC, FS, GS] = [0x0a, 0x10, 0x1b, 0x1c, 0x1d];

/**
 * What a printer with Hangul (FS &, CP949) puts on paper, one after the other. Throws at
 * a command that the documents of the server do not use.
 */
export async function decode(page: Page, bytes: readonly number[]): Promise<Printed[]> {
  const out: Printed[] = [];
  let line: number[] = [];
  const lines: number[][] = [];
  let hangul = false;
  const at = (i: number): number => bytes[i] ?? -1;
  for (let i = 0; i < bytes.length; ) {
    const [first, second] = [at(i), at(i + 1)];
    if (first === LF) {
      out.push({ text: String(lines.push(line) - 1) });
      line = [];
      i += 1;
    } else if (first === DLE) i += 3;
    else if (first === ESC && second === 0x40) i += 2;
    else if (first === ESC && second === 0x70) {
      out.push({ drawer: true });
      i += 5;
    } else if (first === ESC && (second === 0x45 || second === 0x61 || second === 0x64)) i += 3;
    else if (first === FS && (second === 0x26 || second === 0x2e)) {
      hangul = second === 0x26;
      i += 2;
    } else if (first === GS && second === 0x21) i += 3;
    else if (first === GS && second === 0x56) {
      out.push({ cut: true });
      i += 4;
    } else if (first === GS && second === 0x28) {
      const length = at(i + 3) + 256 * at(i + 4);
      if (at(i + 6) === 0x50) out.push({ code: String.fromCharCode(...bytes.slice(i + 8, i + 5 + length)) });
      i += 5 + length;
    } else if (first === GS && second === 0x76) {
      const [stride, rows] = [at(i + 4) + 256 * at(i + 5), at(i + 6) + 256 * at(i + 7)];
      out.push({ picture: [stride * 8, rows] });
      i += 8 + stride * rows;
    } else if (first < 0x20) throw new Error(`unknown command ${first} ${second} at ${i}`);
    else {
      if (first >= 0x80 && !hangul) throw new Error(`Hangul outside of FS & at ${i}`);
      const wide = first >= 0x80 ? 2 : 1;
      line.push(...bytes.slice(i, i + wide));
      i += wide;
    }
  }
  // Chromium's euc-kr is CP949 with all its 11,172 syllables; Node's is not.
  const texts = await page.evaluate((all) => all.map((each) => new TextDecoder('euc-kr', { fatal: true }).decode(Uint8Array.from(each))), lines);
  return out.map((each) => ('text' in each ? { text: texts[Number(each.text)] ?? '' } : each));
}

/** Everything that is text on the paper, without blanks and the ends of lines. */
export const solid = (printed: readonly Printed[]): string => printed.map((each) => ('text' in each ? each.text : '')).join('').replace(/\s/g, '');

/** A slip that came out of the demo's virtual printer. */
export interface Paper {
  id: string;
  at: string;
  url: string;
  /** What is written on it. */
  text: string;
}

/** What came out of the demo's virtual printer, oldest first. */
export async function papers(demo: Demo): Promise<Paper[]> {
  const answer = await fetch(`${demo.file.baseUrl}/simulator/printer/papers`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`papers: ${answer.status}`);
  return ((await answer.json()) as { papers: Paper[] }).papers;
}

/** Tells the demo's virtual printer what goes wrong with its next documents. */
export async function scriptPrinter(demo: Demo, ...faults: ('PAPER_OUT' | 'CUT')[]): Promise<void> {
  const answer = await fetch(`${demo.file.baseUrl}/simulator/printer/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ script: faults.map((fault) => ({ do: fault })) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
}

/** A Star printer that asks the server for work, as its firmware does (CloudPRNT). */
export class AskingPrinter {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Asks once; a job is fetched and confirmed. Gives its type and bytes, or undefined when there was none. */
  async ask(statusCode = '200 OK', code = '200 OK'): Promise<{ type: string; body: Buffer } | undefined> {
    const poll = await this.#send(this.#url, { method: 'POST', body: JSON.stringify({ status: '23 6 0 0 0 0 0 0 0', printerMAC: '00:11:62:00:00:01', statusCode, printingInProgress: false }) });
    const { jobReady, mediaTypes = [], jobToken = '' } = (await poll.json()) as { jobReady: boolean; mediaTypes?: string[]; jobToken?: string };
    if (!jobReady) return undefined;
    const token = encodeURIComponent(jobToken);
    const job = await this.#send(`${this.#url}?type=${encodeURIComponent(mediaTypes[0] ?? '')}&token=${token}`);
    const body = Buffer.from(await job.arrayBuffer());
    await this.#send(`${this.#url}?code=${encodeURIComponent(code)}&token=${token}`, { method: 'DELETE' });
    return { type: job.headers.get('content-type') ?? '', body };
  }

  async #send(url: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000), headers: { 'content-type': 'application/json' } });
    if (!answer.ok) throw new Error(`CloudPRNT: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

/** Whether a PNG is what it says, with its size in dots. */
export function sizeOfPng(bytes: Uint8Array): [width: number, height: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) throw new Error('no PNG');
  return [view.getUint32(16), view.getUint32(20)];
}
