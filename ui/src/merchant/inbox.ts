import { signal } from '@preact/signals';
import { notices, tickets, type OperatorNotice } from '../shared/api/office';
import { onWord } from '../shared/state/live';

/** How many notices of the operator the reader has not read. */
export const unreadNotices = signal(0);
/** What the home screen shows of them: an important one first, else the newest that is unread. */
export const strip = signal<OperatorNotice | null>(null);
/** How many tickets were answered since somebody looked. */
export const unreadTickets = signal(0);

/** The notice that the home screen shows, of a page of the inbox. */
export function foremost(all: readonly OperatorNotice[]): OperatorNotice | null {
  const unread = all.filter(({ read }) => !read);
  return unread.find(({ important }) => important) ?? unread[0] ?? null;
}

async function readNotices(): Promise<void> {
  const page = await notices.list();
  unreadNotices.value = page.unread;
  strip.value = foremost(page.notices);
}

async function readTickets(): Promise<void> {
  unreadTickets.value = (await tickets.list()).unread ?? 0;
}

/** Notes that a notice was read, here and at the server. */
export async function markRead(notice: OperatorNotice): Promise<void> {
  if (notice.read) return;
  await notices.read(notice.id);
  await readNotices();
}

/** Reads both anew; no answer leaves the counts as they are. */
export function readInbox(): void {
  void readNotices().catch(() => undefined);
  void readTickets().catch(() => undefined);
}

/** How long the start of the app goes before, in milliseconds. */
const LATER = 1500;

/** Keeps the counts while somebody is logged in. Gives what ends it. */
export function followInbox(hear: typeof onWord = onWord): () => void {
  const first = setTimeout(readInbox, LATER);
  const stop = hear((word) => {
    if (word.notices) void readNotices().catch(() => undefined);
    if (word.ticket !== undefined) void readTickets().catch(() => undefined);
  });
  return () => {
    clearTimeout(first);
    stop();
    unreadNotices.value = unreadTickets.value = 0;
    strip.value = null;
  };
}
