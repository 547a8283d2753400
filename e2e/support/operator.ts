import type { Demo } from './demo';
import { freshCode } from './totp';

/** Sessions by demo: a login costs the server time on purpose. */
const sessions = new WeakMap<Demo, Promise<string>>();

/** The cookie of the demo's operator, as `name=value`; one login for all who ask. */
export function operatorSession(demo: Demo): Promise<string> {
  let session = sessions.get(demo);
  if (!session) sessions.set(demo, (session = logIn(demo)));
  return session;
}

async function logIn(demo: Demo): Promise<string> {
  const { loginId, password, totpSecret } = demo.file.operator;
  for (let tries = 0; ; tries++) {
    const body = JSON.stringify({ loginId, password, totpCode: await freshCode(totpSecret) });
    const answer = await fetch(`${demo.file.baseUrl}/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (answer.status === 201 && cookie) return cookie;
    // The seeding of the demo may have used the code of this half minute.
    if (tries > 0) throw new Error(`operator: ${answer.status} ${await answer.text()}`);
  }
}

/** Asks the API as the demo's operator. */
export async function operate<T>(demo: Demo, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const text = typeof body === 'string';
  const answer = await fetch(demo.file.baseUrl + path, {
    method,
    headers: { cookie: await operatorSession(demo), ...(body === undefined ? {} : { 'content-type': text ? 'text/csv' : 'application/json' }) },
    ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
