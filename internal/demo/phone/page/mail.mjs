// The mailbox: the list, and a mail in a document of its own.
import { appScreen, empty } from './device.mjs';
import { fill, h } from './dom.mjs';
import { say, when } from './words.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */
/** @typedef {import('./api.mjs').Mail} Mail */

const LETTER = '/simulator/phone/page/letter.html';

/** @param {Phone} phone @returns {import('./device.mjs').Screen} */
export function mailbox(phone) {
  const list = h('ul', { class: 'rows' });
  const { element, body } = appScreen(phone.device, 'mail', say('mail'));
  const nothing = empty('mail', say('noMail'), say('noMailMore'));
  const draw = () => {
    const mails = [...phone.post.mails].reverse();
    fill(list, mails.map((mail) => row(phone, mail)));
    fill(body, mails.length > 0 ? list : nothing);
  };
  return { name: 'mail', element, draw };
}

/** @param {Phone} phone @param {Mail} mail */
function row(phone, mail) {
  const read = phone.post.isRead(mail);
  const words = h('span', { class: 'row-words' }, h('strong', {}, mail.subject), h('span', { class: 'row-preview' }, say('to', mail.to)));
  const side = h('span', { class: 'row-side' }, h('span', { class: 'row-time' }, when(mail.at, new Date())), !read && h('span', { class: 'dot' }, h('span', { class: 'unseen' }, say('unread', 1))));
  return h('li', {}, h('button', { type: 'button', class: read ? 'row' : 'row is-new', onclick: () => phone.device.open(letter(phone, mail)) }, words, side));
}

/** @param {Phone} phone @param {Mail} mail @returns {import('./device.mjs').Screen} */
export function letter(phone, mail) {
  const head = h('div', { class: 'letter-head' }, h('p', { class: 'letter-subject' }, mail.subject), h('p', { class: 'letter-to' }, `${say('to', mail.to)} · ${when(mail.at, new Date())}`));
  const { element, body, bar } = appScreen(phone.device, 'letter', say('mail'));
  phone.post.readMail(mail);
  if (!mail.html) {
    fill(body, head, h('p', { class: 'letter-text' }, mail.text));
    return { name: 'letter', element };
  }
  const frame = h('iframe', { class: 'letter', src: LETTER, sandbox: 'allow-scripts', title: say('letter') });
  // The mail scrolls by itself.
  body.replaceWith(frame);
  bar.after(head);
  const heard = (/** @type {MessageEvent} */ event) => {
    if (event.source !== frame.contentWindow) return;
    // Its origin is opaque, so no other target can be named.
    if (event.data?.ready === true) frame.contentWindow?.postMessage({ html: mail.html, title: mail.subject }, '*');
    if (typeof event.data?.open === 'string') phone.visit(event.data.open);
  };
  addEventListener('message', heard);
  return { name: 'letter', element, leave: () => removeEventListener('message', heard) };
}
