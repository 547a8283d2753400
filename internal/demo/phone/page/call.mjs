// A call: what is heard and pressed, as the screen shows it.
import * as api from './api.mjs';
import { sleep } from './dom.mjs';
import { connect } from './voice.mjs';

/** How often a line that does not answer is asked again before the call counts as broken. */
const TRIES = 5;
const AGAIN = 1000;

/**
 * One call of the line. Tells of `change`. What is pressed where the line asks for secrets is only
 * counted.
 */
export class Call extends EventTarget {
  /** @type {'calling' | 'open' | 'ended' | 'failed'} */
  state = 'calling';
  step = '';
  secret = false;
  said = '';
  /** What was pressed since the line spoke last; secrets as dots. */
  typed = '';
  started = 0;
  ended = 0;
  /** @type {import('./voice.mjs').Voice | undefined} */
  #voice;
  #path = '';
  #left = new AbortController();

  /** @param {string} number whose phone calls @param {boolean} withheld */
  constructor(number, withheld) {
    super();
    addEventListener('pagehide', () => this.hangUp(), { signal: this.#left.signal });
    void this.#run(number, withheld);
  }

  /** @param {string} number @param {boolean} withheld */
  async #run(number, withheld) {
    try {
      const { webrtc } = await api.line();
      const { id, voice } = await connect(number, withheld, webrtc);
      this.#path = `/phone/${number}/call/${id}`;
      this.#voice = voice;
    } catch {
      this.#end('failed');
      return;
    }
    if (this.#left.signal.aborted) {
      void this.#leave();
      return;
    }
    this.state = 'open';
    this.started = Date.now();
    this.#changed();
    await this.#follow();
  }

  async #follow() {
    let after = 0;
    for (let failed = 0; failed < TRIES && this.state === 'open'; ) {
      try {
        const { events, ended } = await api.callEvents(this.#path, after, this.#left.signal);
        failed = 0;
        for (const event of events) {
          after = event.seq;
          this.#take(event);
        }
        if (ended) break;
      } catch {
        failed += 1;
        await sleep(AGAIN, this.#left.signal);
      }
    }
    this.#end('ended');
  }

  /** @param {import('./api.mjs').CallEvent} event */
  #take({ kind, step = '', secret = false, text = '', audio = '' }) {
    if (kind === 'STEP') {
      this.step = step;
      this.secret = secret;
      this.typed = '';
    } else if (kind === 'SAID') {
      this.said = text;
      this.typed = '';
      this.#voice?.said(audio);
    } else {
      this.#voice?.hushed();
    }
    this.#changed();
  }

  /** @param {string} keys */
  press(keys) {
    if (this.state !== 'open') return;
    for (const key of keys) {
      this.#voice?.ear.blip(key);
      this.#voice?.press(this.#path, key);
      this.typed += this.secret ? '•' : key;
    }
    this.#changed();
  }

  hangUp() {
    if (this.state === 'ended' || this.state === 'failed') return;
    this.#left.abort();
    if (this.#path) void this.#leave();
    this.#end('ended');
  }

  async #leave() {
    await api.hangUp(this.#path).catch(() => undefined); // it ends by itself before long
  }

  /** @param {'ended' | 'failed'} state */
  #end(state) {
    if (this.state === 'ended' || this.state === 'failed') return;
    this.state = state;
    this.ended = Date.now();
    this.#left.abort();
    this.secret = false;
    this.typed = '';
    this.#voice?.close();
    this.#changed();
  }

  /** How long it has lasted, in seconds. */
  get seconds() {
    return this.started ? Math.floor(((this.ended || Date.now()) - this.started) / 1000) : 0;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @typedef {{ at: string, to: string, seconds: number, answered: boolean }} Past */

/** How many calls a phone remembers. */
const REMEMBERED = 20;

/** @param {string} number */
const keyOf = (number) => `innopay.phone.calls.${number}`;

/**
 * The calls of a phone in this tab, newest first.
 * @param {string} number
 * @returns {Past[]}
 */
export function past(number) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(number)) ?? '[]');
  } catch {
    return [];
  }
}

/** @param {string} number @param {Past} call */
export function remember(number, call) {
  sessionStorage.setItem(keyOf(number), JSON.stringify([call, ...past(number)].slice(0, REMEMBERED)));
}
