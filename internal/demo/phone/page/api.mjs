// What the phone asks of the demo.

/** @typedef {{ name: string, phone: string }} Buyer */
/** @typedef {{ number: string, expiryMonth: string, expiryYear: string, birthOrBusinessNumber: string, passwordTwoDigits: string, behaviour: string, issuer: string, type: string }} Card */
/** @typedef {{ id: string, at: string, from: string, to: string, kind: 'SMS' | 'LMS' | 'ALIMTALK', subject?: string, text: string, buttons?: { name: string, link?: string }[] }} Message */
/** @typedef {{ id: string, at: string, to: string, subject: string, text: string, html: string }} Mail */

const BASE = '/simulator';
const STORED = 'innopay.phone.token';

/** The demo wants a token that we do not have. */
export class Locked extends Error {}

/** Takes the token from behind the # of the address, where no server sees it, and out of sight. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  setToken(token);
  history.replaceState(null, '', location.pathname + location.search);
}

/** @param {string} token */
export function setToken(token) {
  sessionStorage.setItem(STORED, token);
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @param {unknown} [body] is sent, when there is one
 */
async function request(path, signal, body) {
  const token = sessionStorage.getItem(STORED);
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  const limit = AbortSignal.timeout(40_000);
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), keepalive: true };
  const answer = await fetch(BASE + path, { ...sent, headers, cache: 'no-store', signal: signal ? AbortSignal.any([signal, limit]) : limit });
  if (answer.status === 401) throw new Locked();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 */
const ask = async (path, signal) => (await request(path, signal)).json();

/** @returns {Promise<{ buyers: Buyer[], cards: Card[] }>} */
export const setup = () => ask('/phone/setup');

/**
 * The messages of a number after one, for which the demo may wait; without it all at once.
 * @param {string} number
 * @param {string | undefined} after
 * @param {boolean} wait
 * @param {AbortSignal} [signal]
 * @returns {Promise<Message[]>}
 */
export async function messages(number, after, wait, signal) {
  const query = new URLSearchParams();
  if (after !== undefined) query.set('after', after);
  if (wait) query.set('wait', '20s');
  const { messages: found } = await ask(`/phone/${number}/messages?${query}`, signal);
  return found ?? [];
}

/**
 * The mails after one; without it all.
 * @param {string} [after]
 * @returns {Promise<Mail[]>}
 */
export async function mails(after) {
  const { mails: found } = await ask(`/mail?${new URLSearchParams(after === undefined ? {} : { after })}`);
  return found ?? [];
}

/** @typedef {{ id: string, at: string, url: string, text: string, codes: string[], cut: boolean, drawer: number }} Paper */

/**
 * The papers that came out of the printer after one; without it all.
 * @param {string} after
 * @param {AbortSignal} signal
 * @returns {Promise<Paper[]>}
 */
export async function papers(after, signal) {
  const { papers: found } = await ask(`/printer/papers?${new URLSearchParams(after ? { after } : {})}`, signal);
  return found ?? [];
}

/**
 * A paper as an address of its picture, which an image could not fetch with the token.
 * @param {Paper} paper
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
export async function paperPicture(paper, signal) {
  const blob = await (await request(paper.url.slice(BASE.length), signal)).blob();
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => done(String(reader.result)));
    reader.addEventListener('error', () => failed(reader.error));
    reader.readAsDataURL(blob);
  });
}

/** @typedef {{ seq: number, kind: 'STEP' | 'SAID' | 'STOPPED' | 'ENDED', step?: string, secret?: boolean, text?: string, audio?: string }} CallEvent */

/** @returns {Promise<{ number: string, webrtc: boolean }>} the telephone line of the demo */
export const line = () => ask('/phone/line');

/**
 * Calls the line. With an offer the sound and the keys go over WebRTC.
 * @param {string} number
 * @param {{ withheld: boolean, sdp?: string }} how
 * @returns {Promise<{ id: string, sdp?: string }>}
 */
export const dial = async (number, how) => (await request(`/phone/${number}/call`, undefined, how)).json();

/**
 * What happened in a call after an event; the demo waits for it.
 * @param {string} call
 * @param {number} after
 * @param {AbortSignal} signal
 * @returns {Promise<{ events: CallEvent[], ended: boolean }>}
 */
export const callEvents = (call, after, signal) => ask(`${call}/events?wait=20s&after=${after}`, signal);

/** @param {string} call @param {string} key */
export const press = (call, key) => request(`${call}/keys`, undefined, { key });

/** @param {string} call */
export const hangUp = (call) => request(`${call}/hangup`, undefined, {});

/** @param {string} address of something that was said @param {AbortSignal} signal */
export const sound = async (address, signal) => (await request(address.slice(BASE.length), signal)).arrayBuffer();
