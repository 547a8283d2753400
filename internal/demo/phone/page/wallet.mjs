// The test cards, by what they do.
import { appScreen, copy } from './device.mjs';
import { h, icon } from './dom.mjs';
import { grouped, known, say } from './words.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */
/** @typedef {import('./api.mjs').Card} Card */

const GROUPS = ['APPROVE', 'DECLINE', 'TROUBLE', 'OTHER'];
const TROUBLE = ['TIMEOUT', 'LATE', 'DUPLICATE', 'GARBAGE', 'HALF_CLOSE', 'RESET', 'FOREIGN', 'WRONG_AMOUNT', 'DROP', 'DELAY', 'NO_ORIGINAL'];

/** @param {Card} card */
function groupOf({ behaviour }) {
  if (behaviour === 'APPROVE') return 'APPROVE';
  if (/^DECLINE(_|$)/.test(behaviour)) return 'DECLINE';
  return TROUBLE.includes(behaviour) ? 'TROUBLE' : 'OTHER';
}

/** @param {Card} card */
const deed = ({ behaviour }) => (known(behaviour) ? say(behaviour) : behaviour);

/**
 * The wallet; with `pick` a card is chosen for the page that asks for one.
 * @param {Phone} phone
 * @param {(card: Card) => void} [pick]
 * @returns {import('./device.mjs').Screen}
 */
export function wallet(phone, pick) {
  const groups = GROUPS.map((name) => ({ name, cards: phone.cards.filter((card) => groupOf(card) === name) })).filter(({ cards }) => cards.length > 0);
  const sections = groups.map(({ name, cards }) => h('section', { class: 'cards' }, h('h3', {}, say(`group${name}`)), h('ul', {}, cards.map((card) => h('li', {}, face(card, () => (pick ? pick(card) : take(phone, card))))))));
  const jumps = groups.map(({ name, cards }, at) => h('button', { type: 'button', class: `jump is-${name.toLowerCase()}`, onclick: () => sections[at]?.scrollIntoView() }, h('i', { 'aria-hidden': 'true' }), say(`group${name}`), h('span', {}, String(cards.length))));
  const { element } = appScreen(phone.device, 'wallet', say('wallet'), h('p', { class: 'lead' }, say(pick ? 'pickLead' : 'walletLead')), h('div', { class: 'jumps', role: 'group', 'aria-label': say('jumps') }, jumps), sections);
  return { name: 'wallet', element };
}

/** @param {Phone} phone @param {Card} card */
function take(phone, card) {
  phone.device.open(details(phone, card));
  void copy(phone.device, say('number'), card.number);
}

/**
 * The front of a card, to be pressed.
 * @param {Card} card
 * @param {() => void} act
 */
function face(card, act) {
  return h('button', { type: 'button', class: `face is-${groupOf(card).toLowerCase()}`, 'data-behaviour': card.behaviour, onclick: act }, front(card));
}

/** @param {Card} card */
function front(card) {
  return [
    h('span', { class: 'face-top' }, h('span', { class: 'face-issuer' }, `${card.issuer} ${say(card.type)}`.trim()), h('span', { class: 'face-test' }, say('testCard'))),
    h('span', { class: 'face-number' }, grouped(card.number)),
    h('span', { class: 'face-deed' }, deed(card)),
  ];
}

/** @param {Phone} phone @param {Card} card @returns {import('./device.mjs').Screen} */
function details(phone, card) {
  const fields = [
    [say('number'), grouped(card.number), card.number],
    [say('expiry'), `${card.expiryMonth}/${card.expiryYear}`, card.expiryMonth + card.expiryYear],
    [say('birth'), card.birthOrBusinessNumber, card.birthOrBusinessNumber],
    [say('password'), card.passwordTwoDigits, card.passwordTwoDigits],
  ];
  const rows = fields.map(([name = '', shown = '', value = '']) =>
    h('div', { class: 'detail' }, h('dt', {}, name), h('dd', {}, shown, h('button', { type: 'button', class: 'detail-copy', 'aria-label': say('copy', name), onclick: () => void copy(phone.device, name, value) }, icon('copy', 20)))),
  );
  const { element } = appScreen(phone.device, 'card', say('wallet'), h('div', { class: `face is-large is-${groupOf(card).toLowerCase()}` }, front(card)), h('dl', { class: 'details' }, rows));
  return { name: 'card', element };
}
