import createClient from 'openapi-fetch';
import type { paths } from './schema';
import { ApiFailure, NoAnswer } from './failure';
import { locale } from '../i18n/i18n';
import { BASE } from '../router/router';

/** How long an ordinary request may take, in milliseconds. */
const READ_LIMIT = 15_000;
/** A payment waits for the acquirer: longer than its read time-out of 30 s. A file has as long to get there. */
const MONEY_LIMIT = 60_000;

/**
 * Called when the server no longer knows the session: resolves true once the user
 * has logged in again, false when they gave up. Set by the session.
 */
let renew: () => Promise<boolean> = () => Promise.resolve(false);

export function onSessionEnd(handler: () => Promise<boolean>): void {
  renew = handler;
}

/** Called when the server refused something to whoever is logged in. Set by the session. */
let refused: () => void = () => undefined;

export function onRefused(handler: () => void): void {
  refused = handler;
}

/** Which of our screens asks, app or console: one browser may hold a session of each. */
const CLIENT = BASE.slice(1);

let answered = Date.now();

/** When the server last answered, in milliseconds since 1970: from then on it counts how long nobody asks. */
export const lastAnswered = (): number => answered;

/** A request as plain data, so that it can be sent again. */
interface Message {
  url: string;
  method: string;
  headers: Headers;
  /** Text is JSON; a file is bytes. */
  body: string | ArrayBuffer | null;
  signal: AbortSignal;
  /** Goes on when the page is closed. */
  keepalive: boolean;
}

async function once({ url, method, headers, body, signal, keepalive }: Message): Promise<Response> {
  const limit = AbortSignal.timeout(method === 'POST' || body instanceof ArrayBuffer ? MONEY_LIMIT : READ_LIMIT);
  try {
    return await fetch(url, { method, headers, body, keepalive, signal: AbortSignal.any([signal, limit]) });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new NoAnswer('no answer', { cause });
  }
}

async function bodyOf(request: Request): Promise<string | ArrayBuffer | null> {
  if (request.method === 'GET' || request.method === 'DELETE') return null;
  return /json/.test(request.headers.get('Content-Type') ?? 'json') ? request.text() : request.arrayBuffer();
}

/** Sends; on an ended session asks for a login over the page and sends the same request again. */
async function send(request: Request): Promise<Response> {
  const { url, method, headers, signal, keepalive } = request;
  headers.set('Accept-Language', locale.value);
  headers.set('Innopay-Client', CLIENT);
  const message = { url, method, headers, signal, keepalive, body: await bodyOf(request) };
  const response = await once(message);
  answered = Date.now();
  if (response.status === 403) refused();
  const { pathname } = new URL(url);
  const login = pathname === '/v1/sessions/current' || (/^\/v1\/sessions(\/passkey)?$/.test(pathname) && method === 'POST');
  if (response.status !== 401 || login) return response;
  return (await renew()) ? once(message) : response;
}

export const client = createClient<paths>({ baseUrl: location.origin, fetch: send });

/** Asks an address of this server outside the API's document, such as a simulator's of a demo. */
export async function ask<T>(path: string, signal: AbortSignal, body?: object): Promise<T> {
  const headers = new Headers({ 'Accept-Language': locale.value, ...(body ? { 'Content-Type': 'application/json' } : {}) });
  const response = await once({ url: new URL(path, location.origin).href, method: body ? 'POST' : 'GET', headers, signal, keepalive: false, body: body ? JSON.stringify(body) : null });
  if (!response.ok) throw new ApiFailure(response.status, undefined, 0);
  return (await response.json()) as T;
}

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or throws ApiFailure or NoAnswer. */
export async function take<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await outcome.catch((cause: unknown) => {
    // A body cut off half-way is no answer either.
    if (cause instanceof NoAnswer || (cause instanceof DOMException && cause.name === 'AbortError')) throw cause;
    throw new NoAnswer('unreadable answer', { cause });
  });
  if (!response.ok) throw new ApiFailure(response.status, error, Number(response.headers.get('Retry-After')) || 0);
  return data as T;
}
