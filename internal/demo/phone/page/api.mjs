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
 */
async function ask(path, signal) {
  const token = sessionStorage.getItem(STORED);
  const headers = token ? { authorization: `Bearer ${token}` } : undefined;
  const limit = AbortSignal.timeout(40_000);
  const answer = await fetch(BASE + path, { headers, cache: 'no-store', signal: signal ? AbortSignal.any([signal, limit]) : limit });
  if (answer.status === 401) throw new Locked();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

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
