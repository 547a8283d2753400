import { effect } from '@preact/signals';
import { payments } from '../shared/api/api';
import { toast } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import { online } from '../shared/state/online';
import { CashQueue, type Alone, type QueuedSale, type QueueStore } from './queue';

const DATABASE = 'innopay';
const TABLE = 'cash-sales';

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no database'));
  });
}

async function table<T>(mode: IDBTransactionMode, work: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const open = indexedDB.open(DATABASE, 1);
  open.onupgradeneeded = () => void open.result.createObjectStore(TABLE, { keyPath: 'key' });
  const database = await done(open);
  try {
    const transaction = database.transaction(TABLE, mode, { durability: 'strict' });
    const written = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('not written'));
    });
    const result = await done(work(transaction.objectStore(TABLE)));
    await written;
    return result;
  } finally {
    database.close();
  }
}

/** Queued sales in the browser's database: on the disk before the seller is told. */
const store: QueueStore = {
  all: () => table('readonly', (rows) => rows.getAll() as IDBRequest<QueuedSale[]>),
  put: async (sale) => {
    await table('readwrite', (rows) => rows.put(sale));
    // Asked once something is worth keeping; refused, the browser keeps it all the same while there is room.
    void navigator.storage?.persist?.().catch(() => undefined);
  },
  drop: async (key) => void (await table('readwrite', (rows) => rows.delete(key))),
};

const alone: Alone = async (work) => {
  if ('locks' in navigator) await navigator.locks.request('innopay.cash-sales', work);
  // Without locks two windows may send the same sale; its key makes it one.
  else await work();
};

/** The queue of this device. */
export const cashQueue = new CashQueue(store, payments, alone, (count) => toast(t().cash.sent(count)));

/** Sends what waits whenever the network comes back. Gives what ends it. */
export function followQueue(merchantId: string): () => void {
  // A browser without a database has no queue: cash is then taken online alone.
  void cashQueue.open(merchantId).catch(() => undefined);
  const stop = effect(() => {
    if (online.value) void cashQueue.drain().catch(() => undefined);
  });
  return () => {
    stop();
    cashQueue.close();
  };
}
