// The app of text messages: who wrote, and what.
import { appScreen, badge, empty } from './device.mjs';
import { fill, h, icon } from './dom.mjs';
import { called, inside, parts } from './links.mjs';
import { say, telephone, when } from './words.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */
/** @typedef {import('./api.mjs').Message} Message */

/** @param {Phone} phone @returns {import('./device.mjs').Screen} */
export function inbox(phone) {
  const list = h('ul', { class: 'rows' });
  const { element, body } = appScreen(phone.device, 'messages', say('messages'));
  const nothing = empty('talk', say('noMessages'), say('noMessagesMore', telephone(phone.buyer.phone)));
  const draw = () => {
    const threads = phone.post.threads(phone.buyer.phone);
    fill(list, threads.map((thread) => row(phone, thread)));
    fill(body, threads.length > 0 ? list : nothing);
  };
  return { name: 'messages', element, draw };
}

/**
 * @param {Phone} phone
 * @param {{ from: string, messages: Message[], unread: number }} thread
 */
function row(phone, { from, messages, unread }) {
  const last = messages.at(-1);
  const open = () => phone.device.open(thread(phone, from));
  const words = h('span', { class: 'row-words' }, h('strong', {}, telephone(from)), h('span', { class: 'row-preview' }, last?.subject || last?.text));
  const side = h('span', { class: 'row-side' }, h('span', { class: 'row-time' }, last && when(last.at, new Date())), badge(unread));
  return h('li', {}, h('button', { type: 'button', class: unread > 0 ? 'row is-new' : 'row', 'data-from': from, onclick: open }, h('span', { class: 'avatar' }, icon('person', 22)), words, side));
}

/** @param {string} from */
const nameOf = (from) => `thread:${from}`;

/** @param {Phone} phone @param {string} from */
export const shows = (phone, from) => phone.device.top?.name === nameOf(from);

/** @param {Phone} phone @param {string} from @returns {import('./device.mjs').Screen} */
export function thread(phone, from) {
  const list = h('ol', { class: 'bubbles' });
  const { element, body } = appScreen(phone.device, 'thread', telephone(from), list);
  let drawn = 0;
  const draw = () => {
    const messages = phone.post.messages(phone.buyer.phone).filter((each) => each.from === from);
    const news = messages.slice(drawn);
    list.append(...news.map((each) => h('li', {}, bubble(phone, each))));
    drawn = messages.length;
    if (news.length > 0) requestAnimationFrame(() => (body.scrollTop = body.scrollHeight));
    phone.post.readThread(phone.buyer.phone, from);
  };
  return { name: nameOf(from), element, draw };
}

/** @param {Phone} phone @param {Message} message */
function bubble(phone, message) {
  const head = message.kind === 'ALIMTALK' ? h('p', { class: 'bubble-head' }, icon('talk', 18), say('alimtalk')) : null;
  const subject = message.subject ? h('p', { class: 'bubble-subject' }, message.subject) : null;
  const text = h('p', { class: 'bubble-text' }, parts(message.text).map((part) => (part.href ? link(phone, part.href, part.text) : part.text)));
  const kind = message.kind === 'LMS' ? 'lms' : 'sms';
  const foot = h('p', { class: 'bubble-foot' }, `${when(message.at, new Date())}${message.kind === 'ALIMTALK' ? '' : ` · ${say(kind)}`}`);
  return h('div', { class: `bubble is-${message.kind.toLowerCase()}` }, h('div', { class: 'bubble-paper' }, head, subject, text, (message.buttons ?? []).map((each) => button(phone, each))), foot);
}

/**
 * A button of an AlimTalk, where it leads somewhere.
 * @param {Phone} phone
 * @param {{ name: string, link?: string }} button
 */
function button(phone, { name, link = '' }) {
  return inside(link) ? h('button', { type: 'button', class: 'bubble-button', onclick: () => phone.visit(link) }, name) : null;
}

/** @param {Phone} phone @param {string} href @param {string} text */
function link(phone, href, text) {
  const open = (/** @type {Event} */ event) => {
    event.preventDefault();
    phone.visit(href);
  };
  const path = inside(href) ?? (called(href) ? href : null);
  return path ? h('a', { href: path, onclick: open }, text) : text;
}
