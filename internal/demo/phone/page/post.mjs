// What arrived, what was read, and the loops that ask for more.
import { mails, messages } from './api.mjs';
import { sleep } from './dom.mjs';

/** @typedef {import('./api.mjs').Message} Message */
/** @typedef {import('./api.mjs').Mail} Mail */

/** How long a quiet phone, the phones in the other pockets and the mailbox wait, in milliseconds. */
const QUIET = 1000;
const POCKET = 3000;
const MAIL = 2000;
/** An answer sooner than this was not waited for by the demo. */
const SOON = 800;

/** The mailbox in the list of what was read; messages stand there under their number. */
const MAILBOX = 'mail';

/**
 * Everything that arrived, newest last. Tells its listeners of `message` and `mail` when one arrives
 * after the first look, of `change` whenever something has to be drawn anew.
 */
export class Post extends EventTarget {
  /** @type {Map<string, Message[]>} */
  #messages = new Map();
  /** @type {Mail[]} */
  #mails = [];
  /** @type {Set<string>} numbers, and the mailbox, that were looked at once */
  #looked = new Set();
  #held = new AbortController();
  #number = '';
  connected = true;

  /** @param {string[]} numbers */
  constructor(numbers) {
    super();
    for (const number of numbers) this.#messages.set(number, []);
  }

  /** Asks until the page is left: at once for the chosen number, now and then for the others. */
  start() {
    void this.#hold();
    void this.#pocket();
    void this.#mailbox();
  }

  /** @param {string} number the phone that is looked at from now on */
  choose(number) {
    this.#number = number;
    this.#held.abort();
  }

  /** @param {string} number */
  messages(number) {
    return this.#messages.get(number) ?? [];
  }

  get mails() {
    return this.#mails;
  }

  /**
   * The conversations of a number, the newest first.
   * @param {string} number
   * @returns {{ from: string, messages: Message[], unread: number }[]}
   */
  threads(number) {
    const read = readOf(number);
    /** @type {Map<string, Message[]>} */
    const threads = new Map();
    for (const each of this.messages(number)) {
      const thread = threads.get(each.from) ?? [];
      threads.delete(each.from);
      threads.set(each.from, [...thread, each]);
    }
    return [...threads].reverse().map(([from, list]) => ({ from, messages: list, unread: list.filter((each) => !read.has(each.id)).length }));
  }

  /** @param {string} number */
  unread(number) {
    const read = readOf(number);
    return this.messages(number).filter((each) => !read.has(each.id)).length;
  }

  get unreadMails() {
    const read = readOf(MAILBOX);
    return this.#mails.filter((each) => !read.has(each.id)).length;
  }

  /** @param {Mail} mail */
  isRead(mail) {
    return readOf(MAILBOX).has(mail.id);
  }

  /** @param {string} number @param {string} from */
  readThread(number, from) {
    this.#read(
      number,
      this.messages(number).filter((each) => each.from === from),
    );
  }

  /** @param {Mail} mail */
  readMail(mail) {
    this.#read(MAILBOX, [mail]);
  }

  /** @param {string} box @param {{ id: string }[]} items */
  #read(box, items) {
    const read = readOf(box);
    const before = read.size;
    for (const each of items) read.add(each.id);
    if (read.size === before) return;
    sessionStorage.setItem(keyOf(box), JSON.stringify([...read]));
    this.#changed();
  }

  async #hold() {
    let whole = true;
    for (;;) {
      const number = this.#number;
      this.#held = new AbortController();
      const started = performance.now();
      try {
        const after = whole ? undefined : this.messages(number).at(-1)?.id;
        this.#take(number, await messages(number, after, this.#looked.has(number) && !whole, this.#held.signal));
        this.#connect(true);
        whole = false;
        if (performance.now() - started < SOON) await sleep(QUIET, this.#held.signal);
      } catch {
        // Whatever was missed meanwhile is asked for as a whole.
        whole = true;
        if (this.#held.signal.aborted) continue;
        this.#connect(false);
        await sleep(2 * QUIET, this.#held.signal);
      }
    }
  }

  async #pocket() {
    for (;;) {
      for (const number of this.#messages.keys()) {
        if (number === this.#number || document.hidden) continue;
        await messages(number, this.messages(number).at(-1)?.id, false).then(
          (found) => this.#take(number, found),
          () => undefined, // the chosen number tells that nobody answers
        );
      }
      await sleep(POCKET);
    }
  }

  async #mailbox() {
    for (;;) {
      if (!document.hidden) {
        await mails(this.#mails.at(-1)?.id).then(
          (found) => this.#takeMails(found),
          () => undefined,
        );
      }
      await sleep(MAIL);
    }
  }

  /** @param {string} number @param {Message[]} found */
  #take(number, found) {
    const list = this.messages(number);
    const there = new Set(list.map(({ id }) => id));
    const news = found.map((each) => ({ ...each, id: String(each.id) })).filter(({ id }) => !there.has(id));
    list.push(...news);
    if (this.#looked.has(number)) for (const each of news) this.dispatchEvent(new CustomEvent('message', { detail: { number, message: each } }));
    this.#looked.add(number);
    if (news.length > 0) this.#changed();
  }

  /** @param {Mail[]} found */
  #takeMails(found) {
    const there = new Set(this.#mails.map(({ id }) => id));
    const news = found.map((each) => ({ ...each, id: String(each.id) })).filter(({ id }) => !there.has(id));
    this.#mails.push(...news);
    if (this.#looked.has(MAILBOX)) for (const each of news) this.dispatchEvent(new CustomEvent('mail', { detail: each }));
    this.#looked.add(MAILBOX);
    if (news.length > 0) this.#changed();
  }

  /** @param {boolean} connected */
  #connect(connected) {
    if (this.connected === connected) return;
    this.connected = connected;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {string} box */
const keyOf = (box) => `innopay.phone.read.${box}`;

/**
 * The ids of what was read in this tab.
 * @param {string} box
 * @returns {Set<string>}
 */
function readOf(box) {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(keyOf(box)) ?? '[]'));
  } catch {
    return new Set();
  }
}
