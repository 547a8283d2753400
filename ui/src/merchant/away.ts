import { signal } from '@preact/signals';
import type { Merchant } from '../shared/api/types';
import type { Kept } from '../shared/state/kept';
import { online } from '../shared/state/online';
import { ownMerchant } from './own';
import { followQueue } from './queue-store';

const begun = signal(false);

/** Whether a sale can only wait on the device: there is no network, or was none when the app started. */
export const isAway = (): boolean => begun.value || !online.value;

/** Lets cash be taken in an app that started without a network. Gives what ends it. */
export function beginAway({ merchantId, shop }: Kept): () => void {
  begun.value = true;
  // What a cash sale does not ask of its shop was not kept.
  ownMerchant.value = (shop ?? null) as Merchant | null;
  const stop = followQueue(merchantId);
  return () => {
    stop();
    begun.value = false;
    // What was kept is not all: it is read anew.
    ownMerchant.value = null;
  };
}
