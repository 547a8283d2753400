import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Payment, Timeline } from '../../../shared/api/types';
import { Icon } from '../../../shared/design/icons';
import { Amount } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { wait } from '../../../shared/state/poll';
import { whenText } from '../../words';
import { settlingText } from './story';

/** How many are told one by one; the rest are behind the filter. */
const SHOWN = 3;
/** How long until it is looked again, in milliseconds. */
const PAUSE = 5000;

interface Open {
  payment: Payment;
  line: Timeline | undefined;
}

async function look(signal: AbortSignal): Promise<{ open: Open[]; more: boolean }> {
  const { rows, next } = await payments.list({ unsettled: true }, undefined, SHOWN, signal);
  const open = await Promise.all(rows.map(async (payment) => ({ payment, line: await payments.timeline(payment.id, signal).catch(() => undefined) })));
  return { open, more: next !== undefined };
}

/** What is being settled, with what is happening to it; nothing while nothing is open. */
export function SettlingStrip({ onAll }: { onAll: () => void }): JSX.Element | null {
  const [{ open, more }, setState] = useState<{ open: Open[]; more: boolean }>({ open: [], more: false });
  useEffect(() => {
    const abort = new AbortController();
    void (async () => {
      // Looks again only while something is open: a screen left alone must not keep a session alive.
      for (let found; !abort.signal.aborted && found?.open.length !== 0; await wait(PAUSE, abort.signal)) {
        // No answer: what was seen last stands until the next look.
        found = (await look(abort.signal).catch(() => undefined)) ?? found;
        if (found && !abort.signal.aborted) setState(found);
      }
    })();
    return () => abort.abort();
  }, []);
  const m = t().desk;
  if (open.length === 0) return null;
  return (
    <section class="settling" aria-labelledby="settling-title">
      <div class="settling-head">
        <Icon name="clock" size={20} />
        <h2 id="settling-title">{more ? m.settlingMany : m.settling(open.length)}</h2>
        <button type="button" class="link" onClick={onAll}>
          {m.settlingAll}
        </button>
      </div>
      <p>{m.settlingHint}</p>
      <ul>
        {open.map(({ payment, line }) => (
          <li key={payment.id}>
            <a href={href(`/payments/${encodeURIComponent(payment.id)}`)}>
              <span class="settling-name">{payment.orderName}</span>
              <Amount won={payment.amount} size="s" />
              <span class="settling-now">
                {settlingText(payment, line)} · {whenText(new Date(payment.requestedAt), new Date())}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
