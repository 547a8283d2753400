// The phone's browser: a page of this demo that a link opened.
import { empty } from './device.mjs';
import { fill, h, icon } from './dom.mjs';
import { say } from './words.mjs';
import { wallet } from './wallet.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */
/** @typedef {import('./api.mjs').Card} Card */

/** @param {Phone} phone @param {string} path @returns {import('./device.mjs').Screen} */
export function browser(phone, path) {
  const frame = h('iframe', { class: 'web', title: say('browser') });
  const title = h('h2', {}, say('loading'));
  const address = h('span', { class: 'web-address' });
  const bar = h('div', { class: 'bar web-bar' }, h('button', { type: 'button', class: 'bar-button', 'aria-label': say('close'), onclick: () => phone.device.back() }, icon('close')), h('div', { class: 'web-place' }, title, address), h('button', { type: 'button', class: 'bar-button', 'aria-label': say('reload'), onclick: () => pageOf(frame)?.location.reload() }, icon('again', 22)));
  const below = h('div', { class: 'web-below' });
  const trouble = h('div', { class: 'body', hidden: true }, empty('alert', say('cannotOpen'), ''));
  const element = h('div', { class: 'screen screen-web' }, bar, frame, trouble, below);
  const pick = h('button', { type: 'button', class: 'web-pick', onclick: () => phone.device.open(wallet(phone, chosen)) }, icon('wallet', 20), say('pick'));
  const chosen = (/** @type {Card} */ card) => {
    phone.device.back();
    const page = pageOf(frame);
    if (page) fillIn(page, card);
    phone.device.notice(say('picked'));
  };
  frame.addEventListener('load', () => {
    const page = pageOf(frame);
    frame.hidden = page === null;
    trouble.hidden = page !== null;
    title.textContent = page?.title || say('browser');
    address.textContent = page ? page.location.host : '';
    fill(below, page && asksForCard(page) && pick);
    if (page) phone.visited(page.location.pathname);
    // A frame cannot call; the phone around it can.
    page?.addEventListener('click', (event) => {
      const link = /** @type {Element | null} */ (event.target)?.closest?.('a[href^="tel:"]');
      if (!link) return;
      event.preventDefault();
      phone.visit(link.getAttribute('href') ?? '');
    });
  });
  frame.src = path;
  return { name: 'web', element };
}

/**
 * The document in the frame, when it is one of ours: the browser's own error page is not.
 * @param {HTMLIFrameElement} frame
 */
function pageOf(frame) {
  try {
    const page = frame.contentDocument;
    return page && page.location.origin === location.origin ? page : null;
  } catch {
    return null;
  }
}

/** @param {Document} page @param {string} purpose a token of `autocomplete`, or a field's name */
function fieldOf(page, purpose) {
  return /** @type {HTMLInputElement | HTMLSelectElement | null} */ (page.querySelector(`:is(input, select)[autocomplete~="${purpose}"], :is(input, select)[name="${purpose}"]`));
}

/** @param {Document} page */
const asksForCard = (page) => fieldOf(page, 'cc-number') !== null;

/**
 * Fills what the page asks for, as browsers fill stored cards.
 * @param {Document} page
 * @param {Card} card
 */
function fillIn(page, card) {
  const { number, expiryMonth, expiryYear, birthOrBusinessNumber, passwordTwoDigits } = card;
  /** @type {Record<string, string>} */
  const values = { 'cc-number': number, 'cc-exp': `${expiryMonth}/${expiryYear}`, 'cc-exp-month': expiryMonth, 'cc-exp-year': expiryYear, birthOrBusinessNumber, passwordTwoDigits };
  for (const [purpose, value] of Object.entries(values)) {
    const field = fieldOf(page, purpose);
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }
}
