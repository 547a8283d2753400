import { useEffect } from 'preact/hooks';
import { cashReceipts, isPending, type CashReceipt } from '../../../shared/api/cash';
import { onChange } from '../../../shared/state/live';
import { useLoad, type Load } from '../../../shared/state/load';
import { wait } from '../../../shared/state/poll';

/** How long until a receipt that waits for its office is asked for again, in milliseconds. */
const PAUSE = 4000;

/** A cash receipt, read again when it changes, and from time to time while it waits. */
export function useReceipt(id: string): Load<CashReceipt> {
  const load = useLoad((signal) => cashReceipts.get(id, signal), id);
  useEffect(
    () =>
      onChange((change) => {
        if (!change || change.cashReceiptId === id) load.reload();
      }),
    [id],
  );
  const receipt = load.data;
  useEffect(() => {
    if (!receipt || !isPending(receipt)) return;
    const abort = new AbortController();
    void wait(PAUSE, abort.signal).then(() => !abort.signal.aborted && load.reload());
    return () => abort.abort();
  }, [receipt]);
  return load;
}
