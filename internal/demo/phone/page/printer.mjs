// The receipt printer: the papers as they came out, the newest on top.
import { paperPicture, papers } from './api.mjs';
import { appScreen, empty } from './device.mjs';
import { fill, h, sleep } from './dom.mjs';
import { say, when } from './words.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */
/** @typedef {import('./api.mjs').Paper} Paper */

/** How often the printer is looked at, in milliseconds. */
const EVERY = 1_500;

/** @param {Phone} phone @returns {import('./device.mjs').Screen} */
export function printer(phone) {
  const roll = h('ol', { class: 'roll' });
  const { element, body } = appScreen(phone.device, 'printer', say('printer'));
  const left = new AbortController();
  fill(body, empty('printer', say('noPapers'), say('noPapersMore')));
  void watch(left.signal, (paper) => {
    if (!roll.isConnected) fill(body, roll);
    roll.prepend(sheet(paper, left.signal));
  });
  return { name: 'printer', element, leave: () => left.abort() };
}

/** @param {AbortSignal} signal @param {(paper: Paper) => void} out */
async function watch(signal, out) {
  let last = '';
  while (!signal.aborted) {
    try {
      for (const paper of await papers(last, signal)) {
        last = paper.id;
        out(paper);
      }
    } catch {
      // The demo is away for a moment; the next look tells.
    }
    await sleep(EVERY, signal);
  }
}

/** @param {Paper} paper @param {AbortSignal} signal */
function sheet(paper, signal) {
  // The picture is text: whoever cannot see it hears what stands on it.
  const picture = h('img', { class: 'paper', alt: paper.text });
  paperPicture(paper, signal).then((data) => (picture.src = data), () => picture.setAttribute('data-failed', ''));
  const notes = [when(paper.at, new Date()), !paper.cut && say('torn'), paper.drawer > 0 && say('drawerOpened')].filter(Boolean);
  return h('li', { class: paper.cut ? 'sheet' : 'sheet is-torn' }, picture, h('p', { class: 'sheet-at' }, notes.join(' · ')));
}
