import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasFailed, isSettled, receipts, type SentReceipt } from '../shared/api/receipts';
import { Button } from '../shared/design/controls';
import type { IconName } from '../shared/design/icons';
import { Badge, type Tone } from '../shared/design/parts';
import { FailureNotice } from '../shared/design/states';
import { t } from '../shared/i18n/i18n';
import { useLoad, type Load } from '../shared/state/load';
import { whenText } from './words';

/** While something is under way it is asked for this often, and no longer than a while. */
const EACH_MS = 2_000;
const MOST = 60;

/** What was sent of a payment's receipt; followed while some of it is under way. */
export function useSent(paymentId: string): Load<SentReceipt[]> {
  const load = useLoad((signal) => receipts.sent(paymentId, signal), paymentId);
  const asked = useRef(0);
  const open = load.data?.some((each) => !isSettled(each)) ?? false;
  useEffect(() => {
    if (!open) return;
    asked.current = 0;
    const timer = setInterval(() => {
      if (document.hidden || asked.current++ >= MOST) return;
      load.reload();
    }, EACH_MS);
    return () => clearInterval(timer);
  }, [open, load.data?.length]);
  return load;
}

const LOOKS: Record<SentReceipt['status'], readonly [Tone, IconName]> = {
  QUEUED: ['plain', 'clock'],
  ACCEPTED: ['plain', 'check'],
  DELIVERED: ['ok', 'check'],
  UNDELIVERED: ['bad', 'alert'],
  REJECTED: ['bad', 'alert'],
  DROPPED: ['plain', 'close'],
};

/** To whom the receipt went, newest first, with what became of it. */
export function SentLog({ load, onFix }: { load: Load<SentReceipt[]>; onFix: (sent: SentReceipt) => void }): JSX.Element {
  const m = t().receipt;
  const now = new Date();
  return (
    <section class="receipt-log" aria-live="polite">
      <h3>{m.log}</h3>
      {load.data?.length === 0 && <p class="small-print">{m.logEmpty}</p>}
      <FailureNotice failure={load.failure} />
      <ul>
        {load.data?.map((sent) => {
          const [tone, icon] = LOOKS[sent.status];
          return (
            <li key={sent.id}>
              <span class="receipt-to">
                <strong>{m.ways[sent.channel]}</strong> {sent.to}
              </span>
              <Badge tone={tone} icon={icon}>
                {m.status[sent.status]}
              </Badge>
              <span class="small-print">
                {[whenText(new Date(sent.at), now), sent.language === 'en' && m.languages.en, sent.reason && m.reason(sent.reason), sent.status === 'DROPPED' && m.dropped].filter(Boolean).join(' · ')}
              </span>
              {hasFailed(sent) && (
                <Button kind="text" onPress={() => onFix(sent)}>
                  {m.fix}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
