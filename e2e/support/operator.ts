import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Demo } from './demo';

const STEP = 30_000;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of an authenticator app (RFC 6238) at an instant. */
function codeAt(secret: string, instant: number): string {
  let bits = '';
  for (const sign of secret.replace(/=+$/, '')) bits += BASE32.indexOf(sign).toString(2).padStart(5, '0');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(instant / STEP)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Sessions by demo: a code is good once, and a login costs the server time on purpose. */
const cookies = new WeakMap<Demo, Promise<string>>();

async function logIn(demo: Demo): Promise<string> {
  const { loginId, password, totpSecret = '' } = demo.file.operator;
  for (let tries = 0; ; tries++) {
    const body = JSON.stringify({ loginId, password, totpCode: codeAt(totpSecret, Date.now()) });
    const answer = await fetch(`${demo.file.baseUrl}/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (answer.status === 201 && cookie) return cookie;
    // The seeding of the demo may have used the code of this half minute.
    if (tries > 0) throw new Error(`operator: ${answer.status} ${await answer.text()}`);
    await sleep(STEP - (Date.now() % STEP) + 500);
  }
}

/** Asks the API as the demo's operator. */
export async function operate<T>(demo: Demo, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  let session = cookies.get(demo);
  if (!session) cookies.set(demo, (session = logIn(demo)));
  const text = typeof body === 'string';
  const answer = await fetch(demo.file.baseUrl + path, {
    method,
    headers: { cookie: await session, ...(body === undefined ? {} : { 'content-type': text ? 'text/csv' : 'application/json' }) },
    ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
