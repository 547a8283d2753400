import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Payment, Timeline } from '../../../shared/api/types';
import { Icon } from '../../../shared/design/icons';
import { Notice, Skeleton } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { wait } from '../../../shared/state/poll';
import { koreanDay, slipTime, timeOfDay } from '../../../shared/text/day';
import { isOpen } from '../../settled';
import { CopyText } from './copy';
import { linesOf, settlingText } from './story';

/** How long until an open payment's life is asked for again, in milliseconds. */
const PAUSE = 3000;

interface Told {
  line: Timeline | undefined;
  failure: unknown;
}

/** The life of a payment, asked for again while anything about it is open. */
export function useTimeline(payment: Payment | undefined): Told {
  const [state, setState] = useState<Told>({ line: undefined, failure: undefined });
  useEffect(() => {
    if (!payment) return;
    const abort = new AbortController();
    void (async () => {
      do {
        try {
          const line = await payments.timeline(payment.id, abort.signal);
          if (!abort.signal.aborted) setState({ line, failure: undefined });
        } catch (failure) {
          if (!abort.signal.aborted) setState((old) => ({ ...old, failure }));
        }
        await wait(PAUSE, abort.signal);
      } while (isOpen(payment) && !abort.signal.aborted);
    })();
    return () => abort.abort();
  }, [payment]);
  return state;
}

/** What a payment that is being settled, or was undone, means for the shop and the buyer. */
export function Explanation({ payment, line }: { payment: Payment; line: Timeline | undefined }): JSX.Element | null {
  const m = t().story;
  if (isOpen(payment)) {
    const job = line?.settling[0];
    return (
      <Notice tone="warn" icon="clock">
        <p>
          <strong>{settlingText(payment, line)}</strong>
        </p>
        <p class="why">{payment.status === 'UNKNOWN' || payment.status === 'IN_PROGRESS' ? m.openPayment : m.openCancel}</p>
        {job && job.tries > 0 && <p class="why small-print">{m.tries(job.tries, timeOfDay(new Date(job.nextAt)))}</p>}
      </Notice>
    );
  }
  if (payment.failure?.code !== 'REVERSED') return null;
  return (
    <Notice tone="plain" icon="undo">
      <p>
        <strong>{m.reversedTitle}</strong>
      </p>
      <p class="why">{m.reversedText}</p>
    </Notice>
  );
}

/** The life of a payment in plain words, newest last, with ids to copy on demand. */
export function Story({ payment, told }: { payment: Payment; told: Told }): JSX.Element {
  const m = t().story;
  const [ids, setIds] = useState(false);
  const { line, failure } = told;
  return (
    <section class="story" aria-labelledby="story-title">
      <div class="section-head">
        <h2 id="story-title">{m.title}</h2>
        <button type="button" class="link" aria-expanded={ids} onClick={() => setIds(!ids)}>
          {ids ? m.hideIds : m.showIds}
        </button>
      </div>
      {ids && (
        <dl class="ids">
          <CopyText name={m.paymentId} text={payment.id} />
          <CopyText name={t().detail.order} text={payment.orderId} />
        </dl>
      )}
      {line ? <Lines line={line} ids={ids} cash={payment.method === 'CASH'} day={koreanDay(new Date(payment.requestedAt))} /> : failure === undefined ? <Skeleton shape="line" count={4} /> : <FailureNotice failure={failure} />}
    </section>
  );
}

function Lines({ line, ids, cash, day }: { line: Timeline; ids: boolean; cash: boolean; day: string }): JSX.Element {
  const m = t().story;
  return (
    <ol class="steps">
      {linesOf(line.steps, cash).map((each) => (
        <li key={each.key} class={`step tone-${each.tone}`}>
          <span class="step-mark">
            <Icon name={each.icon} size={16} />
          </span>
          <div class="step-text">
            <span>{each.text}</span>
            {each.note && <span class="step-note">{each.note}</span>}
            {ids && each.ids.length > 0 && (
              <dl class="ids">
                {each.ids.map((id) => (
                  <CopyText key={id} name={id.startsWith('cnl_') ? m.cancelId : m.attemptId} text={id} />
                ))}
              </dl>
            )}
          </div>
          {each.at && (
            <time class="step-time" dateTime={each.at}>
              {timeText(each.at, day)}
              {each.until && ` ~ ${timeText(each.until, day)}`}
            </time>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Seconds matter here; the day only when it is another than the payment's. */
function timeText(at: string, day: string): string {
  const whole = slipTime(new Date(at));
  return whole.startsWith(day) ? whole.slice(11) : whole.slice(5);
}
