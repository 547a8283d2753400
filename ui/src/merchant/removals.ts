import { signal } from '@preact/signals';
import { toast, UNDO_TIME } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';

/** What was deleted and can still be taken back, by id: no list shows it. */
export const removing = signal<ReadonlySet<string>>(new Set());

/** The last deletion that did not succeed: the thing is back in its list. */
export const notRemoved = signal<{ name: string; failure: unknown } | null>(null);

/** Deletes at the server; leaving: the page is being closed. */
type Run = (leaving: boolean) => Promise<void>;

const waiting = new Map<string, () => void>();

function mark(id: string, on: boolean): void {
  const next = new Set(removing.value);
  if (on) next.add(id);
  else next.delete(id);
  removing.value = next;
}

/** Deletions that wait are done now: nobody can take them back any more. */
function flush(): void {
  for (const run of [...waiting.values()]) run();
}

/**
 * Takes something out of every list at once and deletes it when the offer to take that
 * back is over, or when the page is left. said names it in the toast.
 */
export function removeLater({ id, name }: { id: string; name: string }, said: string, run: Run): void {
  notRemoved.value = null;
  mark(id, true);
  const end = (leaving: boolean): void => {
    clearTimeout(timer);
    waiting.delete(id);
    if (waiting.size === 0) window.removeEventListener('pagehide', flush);
    run(leaving).catch((failure: unknown) => {
      mark(id, false);
      notRemoved.value = { name, failure };
    });
  };
  const timer = setTimeout(() => end(false), UNDO_TIME);
  if (waiting.size === 0) window.addEventListener('pagehide', flush);
  waiting.set(id, () => end(true));
  const takeBack = (): void => {
    if (!waiting.delete(id)) return;
    clearTimeout(timer);
    mark(id, false);
  };
  toast(said, { text: t().products.undo, run: takeBack });
}
