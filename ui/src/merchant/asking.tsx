import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { terms, type ConsentState } from '../shared/api/join';
import { session } from '../shared/state/session';
import { readPending } from './pending';

interface Due {
  asked: ConsentState;
  Ask: ComponentType<{ asked: ConsentState; onDone: () => void }>;
}

/** Whether a sale is being followed up, over which nothing is asked. */
const selling = (): boolean => readPending() !== null || readPending('cash') !== null;

/** After a login: terms that hold and that the person has not agreed to. Without an answer nobody is kept from selling. */
export function Asking(): JSX.Element | null {
  const [due, setDue] = useState<Due>();
  const user = session.value?.user.id;
  useEffect(() => {
    let live = true;
    setDue(undefined);
    if (!user || selling()) return;
    const ask = async (): Promise<void> => {
      const asked = await terms.asked();
      if (!asked.pending.some(({ required }) => required)) return;
      const { default: Ask } = await import('./pages/terms/ask');
      if (live) setDue({ asked, Ask });
    };
    ask().catch(() => undefined);
    return () => {
      live = false;
    };
  }, [user]);
  return due ? <due.Ask asked={due.asked} onDone={() => setDue(undefined)} /> : null;
}
