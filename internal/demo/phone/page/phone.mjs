// A buyer's phone: the home screen, the apps on it, and what happens when something arrives.
import { badge, copy, Device } from './device.mjs';
import { fill, h, icon } from './dom.mjs';
import { browser } from './browser.mjs';
import { dialler } from './dialler.mjs';
import { called, inside } from './links.mjs';
import { letter, mailbox } from './mail.mjs';
import { inbox, shows, thread } from './messages.mjs';
import { Post } from './post.mjs';
import { printer } from './printer.mjs';
import { wallet } from './wallet.mjs';
import { clockOf, dateOf, say, telephone } from './words.mjs';

/** @typedef {import('./api.mjs').Buyer} Buyer */
/** @typedef {import('./api.mjs').Card} Card */

/**
 * The apps of the home screen, in their order.
 * @type {{ id: string, icon: import('./dom.mjs').IconName, screen: (phone: Phone) => import('./device.mjs').Screen, news?: (phone: Phone) => number }[]}
 */
const APPS = [
  { id: 'calls', icon: 'call', screen: (phone) => dialler(phone) },
  { id: 'messages', icon: 'talk', screen: inbox, news: (phone) => phone.post.unread(phone.buyer.phone) },
  { id: 'mail', icon: 'mail', screen: mailbox, news: (phone) => phone.post.unreadMails },
  { id: 'wallet', icon: 'wallet', screen: wallet },
  { id: 'printer', icon: 'printer', screen: printer },
];

/** The phone on the stage. Tells of `step`, for the hints of the demo, and of `change`. */
export class Phone extends EventTarget {
  device = new Device();

  /**
   * @param {Buyer[]} buyers
   * @param {Card[]} cards
   */
  constructor(buyers, cards) {
    super();
    if (!buyers[0]) throw new Error('no buyer');
    this.buyers = buyers;
    this.cards = cards;
    this.buyer = buyers[0];
    this.post = new Post(buyers.map(({ phone }) => phone));
    this.post.addEventListener('message', (event) => this.#rings(/** @type {CustomEvent} */ (event).detail));
    this.post.addEventListener('mail', (event) => this.#mailed(/** @type {CustomEvent} */ (event).detail));
    this.post.addEventListener('change', () => this.#changed());
    this.choose(this.buyer);
  }

  /** @param {Buyer} buyer whose phone is taken in hand */
  choose(buyer) {
    this.buyer = buyer;
    this.post.choose(buyer.phone);
    this.device.own(buyer.name);
    this.device.start(home(this));
    this.#changed();
  }

  /**
   * Opens an address from a message or a mail, when it is a page of this demo.
   * @param {string} href
   */
  visit(href) {
    const path = inside(href);
    const number = called(href);
    if (number) this.device.open(dialler(this, number));
    else if (path) this.device.open(browser(this, path));
    else this.device.notice(say('elsewhere'));
  }

  /** @param {string} path the page that the browser shows */
  visited(path) {
    if (path.startsWith('/p/')) this.#step(3);
  }

  /** @param {{ number: string, message: import('./api.mjs').Message }} news */
  #rings({ number, message }) {
    this.#step(2);
    // Where it is seen anyway, nothing rings.
    if (number !== this.buyer.phone || this.device.top?.name === 'messages' || shows(this, message.from)) return;
    const from = telephone(message.from);
    this.device.banner({ from, text: message.subject || message.text, icon: 'talk', said: say('banner', from), open: () => this.device.open(thread(this, message.from)) });
  }

  /** @param {import('./api.mjs').Mail} mail */
  #mailed(mail) {
    if (this.device.top?.name === 'mail') return;
    this.device.banner({ from: say('mail'), text: mail.subject, icon: 'mail', said: say('bannerMail'), open: () => this.device.open(letter(this, mail)) });
  }

  #changed() {
    this.device.connected(this.post.connected);
    this.device.draw();
    this.dispatchEvent(new Event('change'));
  }

  /** @param {number} step */
  #step(step) {
    this.dispatchEvent(new CustomEvent('step', { detail: step }));
  }
}

/** @param {Phone} phone @returns {import('./device.mjs').Screen} */
function home(phone) {
  const time = h('p', { class: 'home-time', 'aria-hidden': 'true' });
  const day = h('p', { class: 'home-date' });
  const number = h('button', { type: 'button', class: 'home-number', 'aria-label': `${say('copyNumber')} ${telephone(phone.buyer.phone)}`, onclick: () => void copy(phone.device, say('myNumber'), phone.buyer.phone) }, h('span', {}, say('myNumber')), h('strong', {}, telephone(phone.buyer.phone)), icon('copy', 18));
  const marks = APPS.map(() => h('span', { class: 'app-mark' }));
  const apps = APPS.map((app, at) => h('li', {}, h('button', { type: 'button', class: 'app', 'data-app': app.id, onclick: () => phone.device.open(app.screen(phone)) }, h('span', { class: `app-icon is-${app.id}` }, icon(app.icon, 30), marks[at]), h('span', { class: 'app-name' }, say(app.id)))));
  const element = h('div', { class: 'screen screen-home' }, h('h2', { class: 'unseen' }, say('home')), h('div', { class: 'home-head' }, time, day, number), h('ul', { class: 'apps', 'aria-label': say('apps') }, apps));
  const draw = () => {
    const now = new Date();
    time.textContent = clockOf(now);
    day.textContent = dateOf(now);
    APPS.forEach((app, at) => fill(/** @type {HTMLElement} */ (marks[at]), badge(app.news?.(phone) ?? 0)));
  };
  const timer = setInterval(draw, 10_000);
  return { name: 'home', element, draw, leave: () => clearInterval(timer) };
}
