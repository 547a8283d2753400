import { signal } from '@preact/signals';
import { sessions } from '../shared/api/api';
import { lastAnswered, onRefused, onSessionEnd } from '../shared/api/client';
import { ApiFailure } from '../shared/api/failure';
import type { Session } from '../shared/api/types';
import { href } from '../shared/router/router';

/** The operator who is logged in; null when nobody is. */
export const operator = signal<Session | null>(null);

/** Set while the server no longer knows the session and the login stands over the page. */
export const renewing = signal(false);

/** The server ends an operator's session after so long without a request, in milliseconds. */
export const IDLE = 15 * 60_000;
/** It notes requests no more often than this, so that the end may come so much earlier. */
const NOTED = 60_000;
/** So long before the end the operator is warned. */
export const WARNING = 60_000;

/** How long until the session ends when nobody asks any more, in milliseconds; below zero it has ended. */
export function idleLeft(now: number, last = lastAnswered()): number {
  return last + IDLE - NOTED - now;
}

let waiting: ((renewed: boolean) => void)[] = [];

function settle(renewed: boolean): void {
  const all = waiting;
  waiting = [];
  renewing.value = false;
  for (const resolve of all) resolve(renewed);
}

/** Asks the server who is logged in. Throws when it cannot be asked. */
export async function startSession(): Promise<void> {
  onSessionEnd(() => {
    if (!operator.value) return Promise.resolve(false);
    renewing.value = true;
    return new Promise((resolve) => waiting.push(resolve));
  });
  onRefused(() => undefined);
  try {
    operator.value = await sessions.current();
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || failure.status !== 401) throw failure;
    operator.value = null;
  }
}

/** Takes over a session that was opened. Another operator than before starts afresh. */
export function opened(session: Session): void {
  const before = operator.value;
  if (before && before.user.id !== session.user.id) {
    location.assign(href('/'));
    return;
  }
  operator.value = session;
  settle(true);
}

/** Logs in by password and, when it is asked for, the code of the second factor. */
export async function logIn(loginId: string, password: string, totpCode: string): Promise<void> {
  opened(await sessions.open({ loginId, password, ...(totpCode ? { totpCode } : {}) }));
}

/** A request whose only purpose is that the session goes on. */
export async function stayIn(): Promise<void> {
  operator.value = await sessions.current();
}

/** Leaves the page whose session ended: nothing that stood there waits for whoever is next. */
export function giveUp(): void {
  settle(false);
  operator.value = null;
  location.assign(href('/'));
}

/** Logs out and starts afresh. */
export async function logOut(): Promise<void> {
  await sessions.close();
  location.assign(href('/'));
}
