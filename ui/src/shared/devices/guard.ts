import { characterOf, focusedField, GivenBack, insert, isModifier, isShortcut, restore, silence, type Snapshot } from './keys';

/**
 * The guard in front of the app for readers and scanners that type like a keyboard.
 * It stands in the capture phase of the window, before anything of the app hears of a
 * key, and tells four things apart:
 *
 * - a card's tracks (begin with %, ; or @): swallowed until Enter or a pause, whatever
 *   has the focus; the text goes to one subscriber and nowhere else;
 * - an encrypted frame in hexadecimal (begins with 02, has no sentinel), while a keyboard
 *   reader is this device's: held and swallowed like a track;
 * - a barcode (letters and digits faster than a person types, ended by Enter), while
 *   somebody asked for barcodes: handed on. In a text field the keys pass and the field
 *   is put back at the end; elsewhere they are held for a moment;
 * - a person's keys: what was held is given back where it belonged.
 *
 * Times are those of the keys themselves, so that a busy page does not make a swipe
 * look like a person.
 */

/** A pause that ends a swipe, in milliseconds. */
const SWIPE_GAP = 120;
/** How much longer keys that a busy device holds back are waited for, while a swipe is not whole. */
const LATE = 800;
/** Readers and scanners type faster than this from key to key, people slower. */
const MACHINE_GAP = 30;
/** How long the rest of a swipe that broke off is still kept from the app. */
const BROKEN_TAIL = 1000;
/** So many keys at machine speed prove a reader. */
const PROOF = 5;
/** The shortest barcode: a shorter one is typed as fast as it is scanned. */
const MIN_BARCODE = 6;
/** The most characters kept: more is no card, encrypted or not, and no barcode. */
const MAX_KEPT = 2048;

const SENTINEL = /^[%;@]$/;
/** A read error in the words of a reader: %E? ;E? */
const READ_ERROR = /^[%;@]E\?/i;
/** Ends as a swipe with track 2 does, or as a read error: no more keys need come. */
const WHOLE = /(?:[;@][^?|]*|^%E)\?\s*$/i;
/** How a track or a read error can begin. */
const LIKE_TRACK = /^(?:%(?:B\d*|E(?:\?.*)?)?|[;@](?:\d*|E(?:\?.*)?))$/i;
const CODE = /^[\x21-\x7e]$/;
/** How a frame in hexadecimal begins; no barcode in a shop is so long and begins so. */
const FRAME = /^02[0-9A-F]{2}0[0-4][08][0-4][0-9A-F]{12}$/i;
const FRAME_HEAD = 20;
/** All that an encrypting reader types whose keys are used up: its status. */
const SPENT = /^0[0-9A-F]{3}$/i;

/** What was given back to a text field looks like a track still: the next keys tell. */
const DOUBT = 1000;

type Handler = (text: string) => void;

interface Swipe {
  kind: 'swipe';
  text: string;
  /** Too fast and too long for a person. */
  proven: boolean;
  target: Snapshot | null;
  /** When the last key came. */
  last: number;
  /** Set once the text was handed on: keys until then belong to it still. */
  until: number | null;
  /** The pause came before the swipe was whole, and it is waited for. */
  late?: boolean;
}

interface Code {
  kind: 'code';
  text: string;
  target: Snapshot | null;
  last: number;
}

/** Given back as a person's, and put away again should machine speed follow. */
interface Doubt {
  kind: 'doubt';
  text: string;
  target: Snapshot;
  last: number;
  /** Keys in a row at machine speed. */
  fast: number;
}

export class Guard {
  #swipe: Handler | null = null;
  #barcode: Handler | null = null;
  /** How many readers there are whose frames begin without a sentinel. */
  #frames = 0;
  #burst: Swipe | Code | Doubt | null = null;
  /** Keys whose release must stay unheard too: a released space presses a button. */
  #down = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dropped: () => void;

  /** dropped is called when a card was swiped and nobody waits for one. */
  constructor(dropped: () => void) {
    this.#dropped = dropped;
  }

  /** Hands swipes to the handler, the newest one only, until the function it gives is called. */
  onSwipe(handler: Handler): () => void {
    this.#swipe = handler;
    return () => {
      if (this.#swipe === handler) this.#swipe = null;
    };
  }

  /** Hands barcodes to the handler, the newest one only, until the function it gives is called. */
  onBarcode(handler: Handler): () => void {
    this.#barcode = handler;
    return () => {
      if (this.#barcode === handler) this.#barcode = null;
    };
  }

  /** Looks for frames in hexadecimal among the keys, until the function it gives is called. */
  expectFrames(): () => void {
    this.#frames++;
    return () => void this.#frames--;
  }

  /** Stands guard on a window; gives the function that ends it. */
  install(on: Window): () => void {
    const down = (event: Event): void => this.#onDown(event as KeyboardEvent);
    const up = (event: Event): void => this.#onUp(event as KeyboardEvent);
    const input = (event: Event): void => this.#onInput(event);
    const table: [string, (event: Event) => void][] = [['keydown', down], ['keyup', up], ['keypress', input], ['beforeinput', input], ['input', input]];
    for (const [type, listener] of table) on.addEventListener(type, listener, { capture: true });
    return () => {
      for (const [type, listener] of table) on.removeEventListener(type, listener, { capture: true });
      this.#reset();
    };
  }

  #onDown(event: KeyboardEvent): void {
    if (event instanceof GivenBack) return;
    const burst = this.#burst;
    if (burst?.kind === 'swipe') this.#continueSwipe(burst, event);
    else if (burst?.kind === 'code') this.#continueCode(burst, event);
    else if (burst) this.#continueDoubt(burst, event);
    else this.#begin(event);
  }

  #onUp(event: KeyboardEvent): void {
    if (this.#down.delete(event.code || event.key)) silence(event);
  }

  /** What an input method still puts into a field while a card is read is taken out again. */
  #onInput(event: Event): void {
    const burst = this.#burst;
    if (burst?.kind !== 'swipe' || burst.until !== null) return;
    silence(event);
    if (event.type === 'input' && burst.target) restore(burst.target, false);
  }

  #swallow(event: KeyboardEvent): void {
    silence(event);
    this.#down.add(event.code || event.key);
  }

  #begin(event: KeyboardEvent): void {
    const character = characterOf(event);
    if (event.repeat || character === '' || isShortcut(event)) return;
    const target = focusedField();
    if (SENTINEL.test(character)) {
      this.#swallow(event);
      this.#burst = { kind: 'swipe', text: character, proven: false, target, last: event.timeStamp, until: null };
      this.#wait(SWIPE_GAP);
    } else if ((this.#barcode && CODE.test(character)) || (this.#frames > 0 && character === '0')) {
      if (!target) this.#swallow(event);
      const burst: Code = { kind: 'code', text: character, target, last: event.timeStamp };
      this.#burst = burst;
      this.#wait(patience(burst));
    }
  }

  #continueSwipe(burst: Swipe, event: KeyboardEvent): void {
    const gap = event.timeStamp - burst.last;
    if (burst.until === null ? gap >= SWIPE_GAP : gap >= MACHINE_GAP && event.timeStamp >= burst.until) {
      this.#finish();
      // A broken swipe is not over with its pause: what follows may still be of the card.
      this.#onDown(event);
      return;
    }
    if (isModifier(event)) return;
    const character = characterOf(event);
    if (burst.until === null && !burst.proven && isPerson(burst, event, gap, character)) {
      this.#giveBack(burst);
      this.#onDown(event);
      return;
    }
    this.#swallow(event);
    burst.last = event.timeStamp;
    if (burst.until !== null) this.#tail(burst, event, character);
    else if (event.key === 'Enter') this.#enter(burst);
    else this.#add(burst, event, character);
  }

  /** Behind its end: the last keys of the same swipe, or the first of the next. */
  #tail(burst: Swipe, event: KeyboardEvent, character: string): void {
    if (SENTINEL.test(character)) Object.assign(burst, { text: character, until: null, proven: false, target: focusedField() });
    else if (event.key === 'Enter') burst.until = event.timeStamp;
    this.#waitFor(burst);
  }

  #enter(burst: Swipe): void {
    // A reader may end each track with Enter: track 1 alone waits for track 2.
    if (/[;@]|^0/.test(burst.text)) this.#deliver(burst, MACHINE_GAP);
    else burst.text += '\n';
    this.#waitFor(burst);
  }

  #add(burst: Swipe, event: KeyboardEvent, character: string): void {
    if (burst.text.length < MAX_KEPT) burst.text += character;
    burst.late = false;
    burst.proven ||= burst.text.length >= PROOF || READ_ERROR.test(burst.text);
    // The input method of a field would go on composing: without the focus it cannot.
    if (burst.target && (event.isComposing || event.key === 'Process')) burst.target.field.blur();
    this.#wait(SWIPE_GAP);
  }

  #continueCode(burst: Code, event: KeyboardEvent): void {
    if (isModifier(event)) return;
    const fast = event.timeStamp - burst.last < MACHINE_GAP && !event.repeat && !isShortcut(event);
    const character = characterOf(event);
    if (fast && event.key === 'Enter' && burst.text.length >= MIN_BARCODE && this.#barcode) {
      this.#swallow(event);
      this.#reset();
      if (burst.target) restore(burst.target, true);
      this.#barcode(burst.text);
    } else if (fast && event.key === 'Enter' && this.#frames > 0 && SPENT.test(burst.text)) {
      const swipe = this.#takeFrame(burst, event);
      this.#enter(swipe);
    } else if (fast && CODE.test(character) && !SENTINEL.test(character) && burst.text.length < MAX_KEPT) {
      if (!burst.target) this.#swallow(event);
      burst.text += character;
      burst.last = event.timeStamp;
      this.#wait(patience(burst));
      if (this.#frames > 0 && burst.text.length === FRAME_HEAD && FRAME.test(burst.text)) this.#takeFrame(burst, event);
    } else {
      this.#giveBackCode(burst);
      this.#onDown(event);
    }
  }

  /** No person and no scanner: from here on it is a swipe, and what went into the field is taken out. */
  #takeFrame({ text, target, last }: Code, event: KeyboardEvent): Swipe {
    this.#swallow(event);
    if (target) restore(target, true);
    const swipe: Swipe = { kind: 'swipe', text, proven: true, target, last, until: null };
    this.#burst = swipe;
    this.#wait(SWIPE_GAP);
    return swipe;
  }

  /** A reader that stumbled over its first keys: what it typed into the field is taken out. */
  #continueDoubt(burst: Doubt, event: KeyboardEvent): void {
    if (isModifier(event)) return;
    const gap = event.timeStamp - burst.last;
    const text = burst.text + characterOf(event);
    if (gap >= DOUBT || isShortcut(event) || text === burst.text || !LIKE_TRACK.test(text)) {
      this.#reset();
      this.#begin(event);
      return;
    }
    const fast = gap < MACHINE_GAP && !event.repeat ? burst.fast + 1 : 0;
    Object.assign(burst, { text, fast, last: event.timeStamp });
    this.#wait(DOUBT);
    if (fast < PROOF - 1) return;
    this.#swallow(event);
    restore(burst.target, true);
    this.#burst = { kind: 'swipe', text, proven: true, target: burst.target, last: event.timeStamp, until: null };
    this.#wait(SWIPE_GAP);
  }

  #waitFor({ until, last }: Swipe): void {
    this.#wait(until === null ? SWIPE_GAP : Math.max(MACHINE_GAP, until - last));
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    // One turn of the event loop later: keys that waited behind a busy page come first.
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => this.#pause());
    }, ms);
  }

  /** No key came for a while: the swipe is over, or its keys are late. Their own times will tell. */
  #pause(): void {
    const burst = this.#burst;
    if (burst?.kind !== 'swipe' || burst.until !== null || !burst.proven || burst.late || WHOLE.test(burst.text)) {
      this.#finish();
      return;
    }
    burst.late = true;
    this.#wait(LATE);
  }

  /** The keys stopped coming. */
  #finish(): void {
    const burst = this.#burst;
    if (!burst) return;
    if (burst.kind === 'code') this.#giveBackCode(burst);
    else if (burst.kind === 'doubt' || burst.until !== null) this.#reset();
    else if (!burst.proven) this.#giveBack(burst);
    else {
      // A reader set to send no Enter ends with the sentinel; anything else broke off.
      this.#deliver(burst, /\?\s*$/.test(burst.text) ? MACHINE_GAP : BROKEN_TAIL);
      this.#waitFor(burst);
    }
  }

  #deliver(burst: Swipe, tail: number): void {
    const { text, target } = burst;
    burst.text = '';
    burst.until = burst.last + tail;
    if (target) {
      restore(target, false);
      burst.target = null;
    }
    if (this.#swipe) this.#swipe(text);
    else this.#dropped();
  }

  #reset(): void {
    clearTimeout(this.#timer);
    this.#burst = null;
  }

  /** A person's keys in a text field: typed there after all, before the key that follows. */
  #giveBack(burst: Swipe): void {
    this.#reset();
    const { target, text, last } = burst;
    if (!target) return;
    insert(target.field, text);
    if (!LIKE_TRACK.test(text)) return;
    this.#burst = { kind: 'doubt', text, target, last, fast: 0 };
    this.#wait(DOUBT);
  }

  /** A person's keys outside fields: pressed again for whoever has the focus. */
  #giveBackCode(burst: Code): void {
    this.#reset();
    if (burst.target) return;
    const focused = document.activeElement ?? document.body;
    for (const key of burst.text) focused.dispatchEvent(new GivenBack(key));
  }
}

/**
 * How long the next key of a code is waited for: in a field nothing is held back, so that
 * a busy device has time; elsewhere a person waits for the first keys.
 */
function patience({ target, text }: Code): number {
  if (target) return LATE;
  return text.length < PROOF - 2 ? MACHINE_GAP : SWIPE_GAP;
}

/** Only in a text field does a person type a sentinel and mean it; elsewhere it is a reader's. */
function isPerson(burst: Swipe, event: KeyboardEvent, gap: number, character: string): boolean {
  if (!burst.target) return false;
  return gap >= MACHINE_GAP || event.repeat || isShortcut(event) || character === '' || !LIKE_TRACK.test(burst.text + character);
}
