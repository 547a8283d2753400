// The stage: who holds the phone, and the merchant's app beside it.
import { Locked, setToken, setup, takeToken } from './api.mjs';
import { badge } from './device.mjs';
import { fill, h, icon } from './dom.mjs';
import { Phone } from './phone.mjs';
import { english, say, telephone } from './words.mjs';

/** From this width on two phones stand side by side. */
const wide = matchMedia('(min-width: 900px)');
const stage = h('main', { class: 'stage', 'aria-label': say('title') });

/** Starts the phone, or asks for what it lacks. */
async function start() {
  try {
    const { buyers, cards } = await setup();
    const phone = new Phone(buyers, cards);
    show(phone);
    phone.post.start();
  } catch (cause) {
    if (cause instanceof Locked) lock(sessionStorage.getItem('innopay.phone.token') !== null);
    else fail();
  }
}

/** @param {Phone} phone */
function show(phone) {
  const seller = h('section', { class: 'side side-seller', 'aria-label': say('seller') }, h('p', { class: 'side-name', 'aria-hidden': 'true' }, say('seller')));
  const buyer = h('div', { class: 'side side-buyer' }, picker(phone), phone.device.element);
  const hints = steps(phone);
  const toggle = h('button', { type: 'button', class: 'chip', onclick: () => split(!shown()) }, icon('split', 18), say('split'));
  const shown = () => wide.matches && new URLSearchParams(location.search).get('split') !== '0';
  const draw = () => {
    const both = shown();
    document.body.classList.toggle('is-split', both);
    toggle.setAttribute('aria-pressed', String(both));
    seller.hidden = hints.hidden = !both;
    // Not before it is seen; and it stays as it is when it is put away for a while.
    if (both && !seller.querySelector('iframe')) seller.append(h('div', { class: 'device' }, h('iframe', { class: 'glass', src: '/app/', title: say('seller') })));
  };
  const split = (/** @type {boolean} */ on) => {
    const address = new URL(location.href);
    address.searchParams.set('split', on ? '1' : '0');
    history.replaceState(null, '', address);
    draw();
  };
  wide.addEventListener('change', draw);
  draw();
  fill(stage, header(toggle, hints), h('div', { class: 'sides' }, seller, buyer));
}

/** @param {...import('./dom.mjs').Child} more */
function header(...more) {
  const other = new URL(location.href);
  other.searchParams.set('lang', english ? 'ko' : 'en');
  const language = h('a', { class: 'chip', href: other.href, lang: english ? 'ko' : 'en' }, say('otherLanguage'));
  return h('header', { class: 'head' }, h('div', { class: 'head-top' }, h('h1', {}, say('demo')), language, more[0]), more[1]);
}

/** @param {Phone} phone the three steps of the demo, of which one is next */
function steps(phone) {
  const number = h('strong', {});
  const [before, after] = say('hint1More', '\n').split('\n');
  const hints = [1, 2, 3].map((step) => h('li', { class: 'hint' }, h('span', { class: 'hint-number', 'aria-hidden': 'true' }, String(step)), h('span', {}, h('strong', { class: 'hint-title' }, say(`hint${step}`)), h('span', { class: 'hint-more' }, step === 1 ? [before, number, after] : say(`hint${step}More`)))));
  const next = (/** @type {number} */ step) => hints.forEach((hint, at) => (at + 1 === step ? hint.setAttribute('aria-current', 'step') : hint.removeAttribute('aria-current')));
  phone.addEventListener('step', (event) => next(/** @type {CustomEvent} */ (event).detail));
  const draw = () => (number.textContent = telephone(phone.buyer.phone));
  phone.addEventListener('change', draw);
  draw();
  next(1);
  return h('ol', { class: 'hints' }, hints);
}

/** @param {Phone} phone the buyers, one of whom holds the phone */
function picker(phone) {
  const marks = phone.buyers.map(() => h('span', { class: 'who-mark' }));
  const buttons = phone.buyers.map((buyer, at) => h('button', { type: 'button', class: 'who', 'aria-label': `${buyer.name} ${telephone(buyer.phone)}`, onclick: () => phone.choose(buyer) }, buyer.name, marks[at]));
  const draw = () =>
    phone.buyers.forEach((buyer, at) => {
      buttons[at]?.setAttribute('aria-pressed', String(buyer === phone.buyer));
      fill(/** @type {HTMLElement} */ (marks[at]), buyer === phone.buyer ? null : badge(phone.post.unread(buyer.phone)));
    });
  phone.addEventListener('change', draw);
  draw();
  return h('div', { class: 'whose', role: 'group', 'aria-label': say('whose') }, buttons);
}

/** @param {boolean} wrong a token was given and was not right */
function lock(wrong) {
  const token = h('input', { type: 'password', id: 'token', autocomplete: 'off', required: true, 'aria-describedby': 'token-more' });
  const more = h('p', { id: 'token-more', class: wrong ? 'is-bad' : '' }, say(wrong ? 'wrongToken' : 'lockedMore'));
  const unlock = (/** @type {Event} */ event) => {
    event.preventDefault();
    setToken(token.value.trim());
    void start();
  };
  const form = h('form', { class: 'locked', onsubmit: unlock }, h('span', { class: 'empty-picture' }, icon('lock', 40)), h('h1', {}, say('locked')), more, h('label', { for: 'token' }, say('token')), token, h('button', { class: 'wide', type: 'submit' }, say('unlock')));
  fill(stage, form);
  token.focus();
}

function fail() {
  fill(stage, h('div', { class: 'locked', role: 'alert' }, h('span', { class: 'empty-picture' }, icon('alert', 40)), h('h1', {}, say('failed')), h('p', {}, say('failedMore')), h('button', { class: 'wide', type: 'button', onclick: () => void start() }, say('retry'))));
}

takeToken();
document.documentElement.lang = english ? 'en' : 'ko';
document.title = say('title');
document.body.append(stage);
void start();
