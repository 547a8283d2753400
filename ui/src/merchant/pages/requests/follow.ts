import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure, NoAnswer } from '../../../shared/api/failure';
import { isEnded, requests, type PayRequest } from '../../../shared/api/requests';
import { onChange } from '../../../shared/state/live';
import { useLoad, type Load } from '../../../shared/state/load';
import { wait } from '../../../shared/state/poll';
import { takeRequest } from '../../handover';

/** While it is open, a request in sight is asked for so often, in milliseconds. */
const PAUSE = 2000;

/** A request by its own id, or by that of the payment it waits for. */
async function read(id: string, signal: AbortSignal): Promise<PayRequest> {
  if (!id.startsWith('pay_')) return requests.get(id, signal);
  const found = await requests.ofPayment(id, signal);
  if (!found) throw new ApiFailure(404, undefined, 0);
  return found;
}

export interface Followed extends Load<PayRequest> {
  /** The server cannot be reached: what is shown is how it last was. */
  silent: boolean;
  /** Asks at once, as after an answer that says something changed. */
  look: () => void;
}

/**
 * A request that follows what happens to it, by the live stream and by asking, until it
 * has ended. An answer that was asked for before a newer one came is dropped.
 */
export function useRequest(id: string): Followed {
  const [known] = useState(() => takeRequest(id));
  const load = useLoad((signal) => (known ? Promise.resolve(known) : read(id, signal)), id);
  const [silent, setSilent] = useState(false);
  const turn = useRef(0);
  const { data: request } = load;
  const own = request?.id;
  const set = useCallback((next: PayRequest) => {
    turn.current += 1;
    load.set(next);
  }, []);
  const look = useCallback(async (signal?: AbortSignal): Promise<void> => {
    if (!own) return;
    const mine = (turn.current += 1);
    try {
      const now = await requests.get(own, signal);
      setSilent(false);
      if (mine === turn.current && !signal?.aborted) load.set(now);
    } catch (failure) {
      if (!signal?.aborted) setSilent(failure instanceof NoAnswer);
    }
  }, [own]);
  const open = request !== undefined && !isEnded(request);
  useEffect(() => {
    if (!open) return;
    const abort = new AbortController();
    void (async () => {
      while (!abort.signal.aborted) {
        await wait(PAUSE, abort.signal);
        // A screen nobody looks at must not keep a session alive.
        if (!abort.signal.aborted && !document.hidden) await look(abort.signal);
      }
    })();
    const deaf = onChange((change) => {
      if (!change || change.requestId === own || change.paymentId === request.paymentId) void look(abort.signal);
    });
    return () => {
      deaf();
      abort.abort();
    };
  }, [open, own]);
  return { ...load, set, silent, look: () => void look() };
}
