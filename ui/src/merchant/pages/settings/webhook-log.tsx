import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { webhooks, type Delivery, type DeliveryPage, type Webhook, type WebhookEvent } from '../../../shared/api/developers';
import { Button } from '../../../shared/design/controls';
import { Badge, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { developerWords } from '../../../shared/i18n/developer-words';
import { useLoad } from '../../../shared/state/load';
import { whenText } from '../../words';

/** What a webhook was told in the last 30 days, how it answered, and once more by hand. */
export function LogSheet({ of, onClose }: { of: Webhook; onClose: () => void }): JSX.Element {
  const m = developerWords().hooks;
  const load = useLoad((signal) => webhooks.deliveries(of.id, undefined, signal), `deliveries/${of.id}`);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState('');
  const run = (what: string, act: Promise<void>): void => {
    setBusy(what);
    setFailure(undefined);
    act.catch(setFailure).finally(() => setBusy(''));
  };
  const resend = (one: Delivery): void =>
    run(
      one.id,
      webhooks.resend(of.id, one.id).then(() => {
        toast(m.resent);
        load.reload();
      }),
    );
  const further = (page: DeliveryPage): void => run('more', webhooks.deliveries(of.id, page.nextCursor).then((next) => load.set({ ...next, deliveries: [...page.deliveries, ...next.deliveries] })));
  const page = load.data;
  return (
    <Sheet title={m.log} open onClose={onClose}>
      <div class="stack">
        {!of.active && <p class="small-print">{m.logOff}</p>}
        <FailureNotice failure={failure} />
        {page ? (
          <>
            {page.deliveries.length === 0 ? (
              <p class="setting-none">{m.logNone}</p>
            ) : (
              <Button disabled={load.loading} onPress={load.reload}>
                {m.refresh}
              </Button>
            )}
            <ul class="deliveries">
              {page.deliveries.map((one) => (
                <DeliveryRow key={one.id} of={one} active={of.active} busy={busy === one.id} onResend={() => resend(one)} />
              ))}
            </ul>
            {page.nextCursor && (
              <Button disabled={busy === 'more'} onPress={() => further(page)}>
                {m.more}
              </Button>
            )}
          </>
        ) : load.failure === undefined ? (
          <Skeleton shape="row" count={3} />
        ) : (
          <ErrorState failure={load.failure} onRetry={load.reload} />
        )}
      </div>
    </Sheet>
  );
}

const TONES = { PENDING: 'warn', DELIVERED: 'ok', FAILED: 'bad' } as const;

interface RowProps {
  of: Delivery;
  active: boolean;
  busy: boolean;
  onResend: () => void;
}

function DeliveryRow({ of, active, busy, onResend }: RowProps): JSX.Element {
  const m = developerWords().hooks;
  const now = new Date();
  const last = of.attempts.at(-1);
  const name = of.type === 'webhook.test' ? m.testName : (m.eventNames[of.type as WebhookEvent] ?? of.type);
  return (
    <li class="delivery">
      <div class="delivery-head">
        <strong>{name}</strong>
        <Badge tone={TONES[of.status]}>{m.statuses[of.status]}</Badge>
      </div>
      <p class="small-print">
        {[whenText(new Date(of.createdAt), now), of.status === 'PENDING' && of.dueAt && of.attempts.length > 0 && m.next(whenText(new Date(of.dueAt), now))].filter(Boolean).join(' · ')}
      </p>
      {last && (
        <details class="delivery-tries">
          <summary>{m.tries(of.attempts.length, outcome(last))}</summary>
          <ol>
            {of.attempts.map((one) => (
              <li key={one.number}>
                {whenText(new Date(one.at), now)} · {outcome(one)} · {m.took(one.millis)}
              </li>
            ))}
          </ol>
          {last.answer && (
            <pre class="delivery-answer" tabIndex={0}>
              {last.answer}
            </pre>
          )}
          <p class="delivery-id">webhook-id {of.eventId}</p>
        </details>
      )}
      {of.status !== 'PENDING' && active && (
        <Button disabled={busy} onPress={onResend}>
          {m.resend}
        </Button>
      )}
    </li>
  );
}

/** How one try went. */
function outcome(of: Delivery['attempts'][number]): string {
  const m = developerWords().hooks;
  return of.failure ? m.failures[of.failure] : `HTTP ${of.status ?? 0}`;
}
