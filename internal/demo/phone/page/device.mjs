// The phone itself: status bar, screens laid over each other, banner, short notices.
import { fill, h, icon } from './dom.mjs';
import { clockOf, say } from './words.mjs';

/** How long a banner and a notice stay, in milliseconds. What they say stands elsewhere too. */
const BANNER = 7000;
const NOTICE = 3000;

/**
 * What a screen shows: it is drawn once, and again by `draw` when something arrived.
 * @typedef {{ name: string, element: HTMLElement, draw?: () => void, leave?: () => void }} Screen
 */

export class Device {
  /** @type {Screen[]} */
  #screens = [];
  #clock = h('span', { class: 'clock' });
  #owner = h('span', { class: 'owner' });
  #signal = h('span', { class: 'signal', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'), h('i'));
  #place = h('div', { class: 'place' });
  #bannerPlace = h('div', { class: 'banner-place' });
  #notice = h('div', { class: 'notice', role: 'status' });
  #news = h('div', { class: 'unseen', role: 'status' });
  #homeBar = h('button', { type: 'button', class: 'home-bar', 'aria-label': say('home'), onclick: () => this.home() }, h('span'));
  #bannerTimer = 0;
  #noticeTimer = 0;

  constructor() {
    const status = h('div', { class: 'status' }, this.#clock, this.#owner, h('span', { class: 'state' }, this.#signal, h('span', { class: 'battery', 'aria-hidden': 'true' })));
    this.element = h('section', { class: 'device', 'aria-label': say('buyer') }, h('div', { class: 'glass' }, status, this.#bannerPlace, this.#place, this.#notice, this.#homeBar, this.#news));
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#screens.length < 2) return;
      event.preventDefault();
      this.back();
    });
    this.#tick();
    setInterval(() => this.#tick(), 1000);
  }

  #tick() {
    const now = clockOf(new Date());
    if (this.#clock.textContent !== now) this.#clock.textContent = now;
  }

  /** @param {string} name whose phone this is */
  own(name) {
    this.#owner.textContent = name;
  }

  /** @param {boolean} connected */
  connected(connected) {
    this.#signal.classList.toggle('is-off', !connected);
    if (connected && this.#notice.dataset['lasting']) this.#hush();
    if (!connected) this.notice(say('noConnection'), true);
  }

  /** The screen that is seen. */
  get top() {
    return this.#screens.at(-1);
  }

  /**
   * Takes everything away and starts with one screen.
   * @param {Screen} screen
   */
  start(screen) {
    for (const each of this.#screens) each.leave?.();
    this.#screens = [];
    fill(this.#place);
    this.#lay(screen);
    this.hushBanner();
  }

  /** @param {Screen} screen */
  open(screen) {
    this.hushBanner();
    this.#lay(screen);
    // The heading, so that a reader of screens begins there.
    const heading = screen.element.querySelector('h1, h2');
    if (heading instanceof HTMLElement) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  }

  /** @param {Screen} screen */
  #lay(screen) {
    const below = this.top;
    if (below) {
      below.element.dataset['focus'] = '';
      this.#remember(below.element);
      below.element.hidden = true;
    }
    this.#screens.push(screen);
    screen.draw?.();
    this.#place.append(screen.element);
    this.element.dataset['screen'] = screen.name;
    this.#homeBar.disabled = this.#screens.length < 2;
  }

  /** @param {HTMLElement} screen remembers what had the focus, which comes back with the screen */
  #remember(screen) {
    screen.querySelector('[data-last]')?.removeAttribute('data-last');
    if (document.activeElement instanceof HTMLElement && screen.contains(document.activeElement)) document.activeElement.dataset['last'] = '';
  }

  back() {
    if (this.#screens.length < 2) return;
    const gone = this.#screens.pop();
    gone?.leave?.();
    gone?.element.remove();
    const seen = this.top;
    if (!seen) return;
    seen.element.hidden = false;
    this.element.dataset['screen'] = seen.name;
    this.#homeBar.disabled = this.#screens.length < 2;
    seen.draw?.();
    const last = seen.element.querySelector('[data-last], h1, h2');
    if (last instanceof HTMLElement) last.focus({ preventScroll: true });
  }

  home() {
    while (this.#screens.length > 1) this.back();
  }

  /** Draws the seen screen anew, after something arrived. */
  draw() {
    this.top?.draw?.();
  }

  /**
   * Says at the top of the glass that something arrived; a tap opens it.
   * @param {{ from: string, text: string, icon: import('./dom.mjs').IconName, said: string, open: () => void }} news
   */
  banner(news) {
    clearTimeout(this.#bannerTimer);
    const act = h('button', { type: 'button', class: 'banner-open', onclick: () => (this.hushBanner(), news.open()) }, h('span', { class: `banner-icon is-${news.icon}` }, icon(news.icon, 20)), h('span', { class: 'banner-words' }, h('strong', {}, news.from), h('span', {}, news.text)));
    const shut = h('button', { type: 'button', class: 'banner-close', 'aria-label': say('close'), onclick: () => this.hushBanner() }, icon('close', 20));
    const banner = h('div', { class: 'banner' }, act, shut);
    fill(this.#bannerPlace, banner);
    this.#news.textContent = news.said;
    const later = () => {
      // Not from under somebody's finger or focus.
      if (banner.matches(':hover, :focus-within')) this.#bannerTimer = setTimeout(later, BANNER);
      else this.hushBanner();
    };
    this.#bannerTimer = setTimeout(later, BANNER);
  }

  hushBanner() {
    clearTimeout(this.#bannerTimer);
    fill(this.#bannerPlace);
  }

  /** @param {string} text @param {boolean} [lasting] stays until the cause is gone */
  notice(text, lasting = false) {
    clearTimeout(this.#noticeTimer);
    this.#notice.textContent = text;
    this.#notice.dataset['lasting'] = lasting ? 'yes' : '';
    if (!lasting) this.#noticeTimer = setTimeout(() => this.#hush(), NOTICE);
  }

  #hush() {
    this.#notice.textContent = '';
    this.#notice.dataset['lasting'] = '';
  }
}

/**
 * A screen of an app: bar with the way back and a title, and what lies under it.
 * @param {Device} device
 * @param {string} name
 * @param {string} title
 * @param {...(import('./dom.mjs').Child | import('./dom.mjs').Child[])} content
 */
export function appScreen(device, name, title, ...content) {
  const bar = h('div', { class: 'bar' }, h('button', { type: 'button', class: 'bar-button', 'aria-label': say('back'), onclick: () => device.back() }, icon('back')), h('h2', {}, title));
  // Keyboards scroll it too.
  const body = h('div', { class: 'body', tabindex: 0, role: 'region', 'aria-label': title }, ...content);
  return { bar, body, element: h('div', { class: `screen screen-${name}` }, bar, body) };
}

/**
 * What stands where nothing is yet.
 * @param {import('./dom.mjs').IconName} name
 * @param {string} title
 * @param {string} more
 * @param {...import('./dom.mjs').Child} act
 */
export function empty(name, title, more, ...act) {
  return h('div', { class: 'empty' }, h('span', { class: 'empty-picture' }, icon(name, 40)), h('p', { class: 'empty-title' }, title), h('p', {}, more), ...act);
}

/** @param {number} count */
export function badge(count) {
  return count > 0 ? h('span', { class: 'badge' }, h('span', { 'aria-hidden': 'true' }, count > 99 ? '99+' : String(count)), h('span', { class: 'unseen' }, say('unread', count))) : null;
}

/**
 * Copies, and says whether it did.
 * @param {Device} device
 * @param {string} what
 * @param {string} value
 */
export async function copy(device, what, value) {
  try {
    await navigator.clipboard.writeText(value);
    device.notice(say('copied', object(what)));
  } catch {
    device.notice(say('cannotCopy'));
  }
}

/**
 * A Korean noun with the particle of an object (을 or 를, by its last sound); a noun of another
 * language stays as it is.
 * @param {string} noun
 */
function object(noun) {
  const last = noun.replace(/\s*\(.*\)$/, '').codePointAt(noun.replace(/\s*\(.*\)$/, '').length - 1) ?? 0;
  if (last >= 0xac00 && last <= 0xd7a3) return noun + ((last - 0xac00) % 28 ? '을' : '를');
  return /[가-힣]/.test(noun) ? `${noun}를` : noun;
}
