// The app of calls: dial pad and log, and the screen of a call.
import { line } from './api.mjs';
import { Call, past, remember } from './call.mjs';
import { appScreen } from './device.mjs';
import { fill, h, icon } from './dom.mjs';
import { wallet } from './wallet.mjs';
import { say, telephone, when } from './words.mjs';

/** @typedef {import('./phone.mjs').Phone} Phone */
/** @typedef {import('./api.mjs').Card} Card */

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];
const LONGEST = 15;

/**
 * Twelve keys, on the glass and on the keyboard of the machine.
 * @param {(key: string) => void} press
 */
function pad(press) {
  const keys = KEYS.map((key) => h('button', { type: 'button', class: 'key', 'aria-label': key === '*' ? say('star') : key === '#' ? say('hash') : key, 'data-key': key, onclick: () => press(key) }, key));
  return h('div', { class: 'pad', role: 'group', 'aria-label': say('keys') }, keys);
}

/**
 * @param {HTMLElement} element of a screen, which takes keys while it has the focus
 * @param {(key: string) => void} press
 */
function typed(element, press) {
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
    event.preventDefault();
    press(event.key);
  });
}

/**
 * The dial pad, with a number in it when one was tapped.
 * @param {Phone} phone
 * @param {string} [to]
 * @returns {import('./device.mjs').Screen}
 */
export function dialler(phone, to = '') {
  let number = to.replace(/\D/g, '');
  const shown = h('output', { class: 'dial-number', 'aria-label': say('dialled') });
  const log = h('ul', { class: 'rows' });
  const hint = h('button', { type: 'button', class: 'dial-hint', hidden: true, onclick: () => write(hint.dataset['number'] ?? '') });
  const hidden = h('input', { type: 'checkbox', id: 'withheld' });
  const erase = h('button', { type: 'button', class: 'dial-erase', 'aria-label': say('erase'), onclick: () => write(number.slice(0, -1)) }, icon('erase'));
  const go = h('button', { type: 'button', class: 'dial-go', 'aria-label': say('call'), onclick: () => void dial() }, icon('call', 28));
  const write = (/** @type {string} */ next) => {
    number = next.slice(0, LONGEST);
    draw();
  };
  const dial = async () => {
    if (!number) return;
    const known = await line().catch(() => null);
    if (number !== known?.number) phone.device.notice(say(known ? 'noSuchNumber' : 'noConnection'));
    else phone.device.open(calling(phone, number, hidden.checked));
  };
  const { element, body } = appScreen(phone.device, 'dial', say('calls'), shown, hint, pad((key) => write(number + key)), h('div', { class: 'dial-acts' }, h('label', { class: 'dial-hide', for: 'withheld' }, hidden, say('withhold')), go, erase), h('h3', { class: 'dial-log' }, say('recent')), log);
  typed(element, (key) => write(number + key));
  const draw = () => {
    shown.textContent = telephone(number);
    erase.disabled = go.disabled = number === '';
    const calls = past(phone.buyer.phone);
    fill(log, calls.length > 0 ? calls.map((each) => h('li', {}, entry(each, write))) : h('li', { class: 'dial-none' }, say('noCalls')));
  };
  body.classList.add('dial');
  void line().then(
    (known) => {
      hint.textContent = say('lineNumber', telephone(known.number));
      hint.dataset['number'] = known.number;
      hint.hidden = false;
    },
    () => undefined,
  );
  return { name: 'dial', element, draw };
}

/** @param {import('./call.mjs').Past} call @param {(number: string) => void} again */
function entry({ at, to, seconds, answered }, again) {
  const words = h('span', { class: 'row-words' }, h('strong', {}, telephone(to)), h('span', { class: 'row-preview' }, answered ? lasted(seconds) : say('notAnswered')));
  return h('button', { type: 'button', class: 'row', onclick: () => again(to) }, h('span', { class: 'avatar' }, icon('call', 20)), words, h('span', { class: 'row-side' }, h('span', { class: 'row-time' }, when(at, new Date()))));
}

/** @param {number} seconds */
const lasted = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

/**
 * What a card has for the steps of the line.
 * @type {Record<string, (card: Card) => string>}
 */
const ANSWERS = {
  card: ({ number }) => `${number}#`,
  expiry: ({ expiryMonth, expiryYear }) => expiryMonth + expiryYear,
  birth: ({ birthOrBusinessNumber }) => `${birthOrBusinessNumber}#`,
  password: ({ passwordTwoDigits }) => passwordTwoDigits,
};

/** @param {Phone} phone @param {string} to @param {boolean} withheld @returns {import('./device.mjs').Screen} */
function calling(phone, to, withheld) {
  const call = new Call(phone.buyer.phone, withheld);
  /** @type {Card | undefined} */
  let card;
  const state = h('p', { class: 'call-state', role: 'status' });
  const said = h('p', { class: 'call-said', 'aria-live': 'polite' });
  const keyed = h('output', { class: 'call-typed', 'aria-label': say('pressed') });
  const pick = h('button', { type: 'button', class: 'call-card', onclick: () => enter() }, icon('wallet', 20), h('span', {}));
  const end = h('button', { type: 'button', class: 'call-end', onclick: () => (call.state === 'open' || call.state === 'calling' ? call.hangUp() : phone.device.back()) }, icon('hang', 28));
  const keys = pad((key) => call.press(key));
  const element = h('div', { class: 'screen screen-call' }, h('h2', {}, telephone(to)), state, said, h('div', { class: 'call-below' }, keyed, pick, keys, end));
  typed(element, (key) => call.press(key));
  const enter = () => {
    const step = call.step;
    const give = (/** @type {Card} */ chosen) => {
      card = chosen;
      // The line may have gone on while the wallet was open.
      if (call.step === step) call.press(ANSWERS[step]?.(chosen) ?? '');
    };
    if (card && step !== 'card') give(card);
    else phone.device.open(wallet(phone, (chosen) => (phone.device.back(), give(chosen))));
  };
  const draw = () => {
    const over = call.state === 'ended' || call.state === 'failed';
    const text = call.state === 'open' ? lasted(call.seconds) : over ? `${say(call.state === 'failed' ? 'callFailed' : 'callEnded')}${call.started ? ` · ${lasted(call.seconds)}` : ''}` : say('calling');
    if (state.textContent !== text) state.textContent = text;
    if (said.textContent !== call.said) said.textContent = call.said;
    keyed.textContent = call.typed;
    element.dataset['step'] = call.step;
    element.dataset['state'] = call.state;
    pick.hidden = over || !(call.step in ANSWERS);
    fill(/** @type {HTMLElement} */ (pick.lastElementChild), say(card && call.step !== 'card' ? 'pressCard' : 'pickCard'));
    for (const key of keys.children) /** @type {HTMLButtonElement} */ (key).disabled = call.state !== 'open';
    end.setAttribute('aria-label', say(over ? 'close' : 'hangUp'));
    end.classList.toggle('is-over', over);
  };
  let noted = false;
  const note = () => {
    if (noted || (call.state !== 'ended' && call.state !== 'failed')) return;
    noted = true;
    clearInterval(timer);
    remember(phone.buyer.phone, { at: new Date().toISOString(), to, seconds: call.seconds, answered: call.started > 0 });
  };
  // The second that is seen, without a voice that reads it each time.
  state.setAttribute('aria-live', 'off');
  const timer = setInterval(draw, 500);
  call.addEventListener('change', () => (draw(), note()));
  return {
    name: 'call',
    element,
    draw,
    leave: () => {
      clearInterval(timer);
      call.hangUp();
    },
  };
}
