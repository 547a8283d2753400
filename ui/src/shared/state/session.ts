import { computed, signal } from '@preact/signals';
import { sessions } from '../api/api';
import { onRefused, onSessionEnd } from '../api/client';
import { ApiFailure } from '../api/failure';
import type { Session } from '../api/types';
import { forgetAmounts } from './amounts';
import { href } from '../router/router';
import { forgetKept } from './kept';
import { endPush } from './pushed';

/** Who is logged in; null when nobody is. */
export const session = signal<Session | null>(null);

/** Set while the server no longer knows the session and the login stands over the page. */
export const renewing = signal(false);

export const isOwner = computed(() => session.value?.user.role === 'OWNER');

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
    if (!session.value) return Promise.resolve(false);
    renewing.value = true;
    return new Promise((resolve) => waiting.push(resolve));
  });
  // What somebody may do was changed meanwhile: from now on the screens show it.
  onRefused(() => void sessions.current().then((now) => session.value && (session.value = now), () => undefined));
  try {
    session.value = await sessions.current();
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || failure.status !== 401) throw failure;
    session.value = null;
  }
}

/**
 * Logs in. Over a page whose session ended, the same user goes on where they were;
 * another user starts from the home page with nothing of the first one left.
 */
export async function logIn(loginId: string, password: string, totpCode: string): Promise<void> {
  await enter(await sessions.open({ loginId, password, ...(totpCode ? { totpCode } : {}) }));
}

/** Goes on with a session that was just opened, by whatever way. */
export async function enter(opened: Session): Promise<void> {
  const before = session.value;
  if (before?.user.id !== opened.user.id) forgetKept();
  if (before && before.user.id !== opened.user.id) {
    location.assign(href('/'));
    return;
  }
  session.value = opened;
  settle(true);
}

/**
 * Leaves the page whose session ended and starts afresh: nothing that was typed, chosen
 * or read there waits in memory for whoever logs in next, of whichever merchant.
 */
export function giveUpSession(): void {
  settle(false);
  session.value = null;
  location.assign(href('/login'));
}

/** The address of the login tells so when the session was ended from another device. */
export const ENDED = 'ended';

/**
 * Somebody logged this device out from another one: it may be lost, so that nothing of the
 * session stays on it.
 */
export async function endedElsewhere(): Promise<void> {
  settle(false);
  session.value = null;
  forgetKept();
  forgetAmounts();
  await endPush();
  location.assign(`${href('/login')}?${ENDED}`);
}

/** Logs out and starts afresh, so that nothing of the session stays in memory. */
export async function logOut(): Promise<void> {
  forgetKept();
  await sessions.close();
  await endPush();
  forgetAmounts();
  location.assign(href('/login'));
}
