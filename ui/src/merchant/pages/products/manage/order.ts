import { useRef, useState } from 'preact/hooks';
import { toast } from '../../../../shared/design/toast';
import { t } from '../../../../shared/i18n/i18n';
import { displaced } from './move';

interface Ordered<T> {
  /** As they stand now: as read, or as somebody has just put them. */
  items: readonly T[];
  failure: unknown;
  /** Puts them into another order: seen at once, saved at once, taken back by the toast. said tells of it. */
  reorder: (next: readonly T[], said: string) => void;
}

/**
 * Follows the order of a list that is changed here. Saves come one after another, and
 * those that a newer one has overtaken are left out. What is not saved goes back.
 */
export function useOrder<T extends { id: string }>(read: readonly T[], save: (changed: readonly string[]) => Promise<void>): Ordered<T> {
  const [wish, setWish] = useState<{ read: readonly T[]; ids: readonly string[] }>();
  const [failure, setFailure] = useState<unknown>();
  const turn = useRef<{ wanted: readonly string[] | null; busy: boolean }>({ wanted: null, busy: false });
  // A catalogue read anew has the order of the server.
  const ids = wish?.read === read ? wish.ids : read.map(({ id }) => id);
  const byId = new Map(read.map((item) => [item.id, item]));
  const items = ids.flatMap((id) => byId.get(id) ?? []);
  const drain = async (kept: readonly string[]): Promise<void> => {
    const { current } = turn;
    if (current.busy) return;
    current.busy = true;
    let stands = kept;
    try {
      while (current.wanted) {
        const wanted = current.wanted;
        current.wanted = null;
        const changed = displaced(stands, wanted);
        if (changed.length > 0) await save(changed);
        stands = wanted;
      }
    } catch (cause) {
      current.wanted = null;
      setWish({ read, ids: stands });
      setFailure(cause);
    } finally {
      current.busy = false;
    }
  };
  const put = (next: readonly string[], before: readonly string[]): void => {
    setFailure(undefined);
    setWish({ read, ids: next });
    turn.current.wanted = next;
    void drain(before);
  };
  const reorder = (next: readonly T[], said: string): void => {
    const [before, after] = [ids, next.map(({ id }) => id)];
    put(after, before);
    toast(said, { text: t().products.undo, run: () => put(before, after) });
  };
  return { items, failure, reorder };
}
