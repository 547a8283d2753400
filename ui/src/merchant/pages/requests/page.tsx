import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import { ApiFailure } from '../../../shared/api/failure';
import { isEnded, type PayRequest } from '../../../shared/api/requests';
import type { Payment } from '../../../shared/api/types';
import { Button, IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Notice, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { locale, t } from '../../../shared/i18n/i18n';
import { href, navigate } from '../../../shared/router/router';
import { useNow } from '../../../shared/state/clock';
import { useLoad } from '../../../shared/state/load';
import { spanParts, slipTime } from '../../../shared/text/day';
import { maskName, maskPhone } from '../../../shared/text/mask';
import { celebrate } from '../../feel';
import { handOverRequest } from '../../handover';
import { watching } from '../../news';
import { PrintButton } from '../../print-button';
import { SendReceipt } from '../../receipt-send';
import type { PageInput } from '../../routes';
import { askedAt } from '../../ways';
import { whenText } from '../../words';
import { askAgain } from './form/draft';
import { Actions } from './actions';
import { useRequest, type Followed } from './follow';
import { LineCard, lineOf } from './line';
import { stepsOf, type RequestStep } from './steps';
import { wordsOf } from './words';
import '../payments/story.css';
import './requests.css';

/** A request as it goes: what happened, what can be done, what came of it. */
export default function RequestPage({ params }: PageInput): JSX.Element {
  const id = params['id'] ?? '';
  const followed = useRequest(id);
  const request = followed.data;
  const m = t().request;
  useEffect(() => {
    // Opened by its payment: from here on by its own name.
    if (!request || request.id === id) return;
    handOverRequest(request);
    navigate(`/requests/${encodeURIComponent(request.id)}`, { replace: true });
  }, [request?.id]);
  if (request) return <Shown request={request} followed={followed} />;
  const missing = followed.failure instanceof ApiFailure && followed.failure.status === 404;
  return (
    <Page title={m.screen} up="/requests">
      {missing ? (
        <EmptyState picture="search" title={m.notFoundTitle} text={m.notFoundText}>
          <Button kind="tint" href={href('/requests')}>
            {m.list}
          </Button>
        </EmptyState>
      ) : followed.failure !== undefined ? (
        <ErrorState failure={followed.failure} onRetry={followed.reload} />
      ) : (
        <Skeleton shape="row" count={5} />
      )}
    </Page>
  );
}

interface ShownProps {
  request: PayRequest;
  followed: Followed;
}

/** The payment of a request that has ended: its receipt, its time, the parts of its amount. */
function usePayment(request: PayRequest): Payment | undefined {
  const ended = isEnded(request);
  return useLoad((signal) => (ended ? payments.get(request.paymentId, signal) : Promise.resolve(undefined)), `${request.paymentId} ${ended}`).data;
}

function Shown({ request, followed }: ShownProps): JSX.Element {
  const m = t().request;
  const paid = request.status === 'PAID';
  const before = useRef(request.status);
  useEffect(() => {
    watching.value = request.paymentId;
    return () => void (watching.value = '');
  }, [request.paymentId]);
  useEffect(() => {
    if (paid && before.current !== 'PAID') celebrate();
    before.current = request.status;
  }, [request.status]);
  const payment = usePayment(request);
  return (
    <Page title={m.screen} up="/requests" tone={paid ? 'ok' : undefined} left={paid ? <IconButton icon="home" label={t().common.home} href={href('/')} /> : undefined}>
      {paid ? <Paid request={request} payment={payment} /> : isEnded(request) ? <Unpaid request={request} payment={payment} /> : <Waiting request={request} followed={followed} />}
    </Page>
  );
}

const buyerText = ({ buyer }: PayRequest): string => [buyer.name && maskName(buyer.name), maskPhone(buyer.phone)].filter(Boolean).join(' ');

function Waiting({ request, followed }: ShownProps): JSX.Element {
  const m = t().request;
  const paying = request.status === 'PAYING';
  const line = lineOf(request);
  return (
    <>
      <div class="request-hero">
        <Amount won={request.amount} size="xl" />
        <span>{request.orderName}</span>
        <span>{buyerText(request)}</span>
      </div>
      {followed.silent && (
        <Notice tone="warn" icon="offline">
          <p>{m.silent}</p>
        </Notice>
      )}
      <Trouble request={request} />
      {line && !paying && <LineCard line={line} />}
      <Steps request={request} />
      {!paying && <Left request={request} onOver={followed.look} />}
      {!paying && <Actions request={request} onChange={followed.set} onStale={followed.look} />}
    </>
  );
}

/** What went wrong and can still be put right. */
function Trouble({ request }: { request: PayRequest }): JSX.Element | null {
  const m = wordsOf(request.kind);
  const { lastFailure, message, status, triesLeft } = request;
  if (status === 'UNDELIVERED') {
    return (
      <Notice tone="bad" icon="alert">
        <p>
          <strong>{m.undeliveredTitle}</strong>
        </p>
        <p class="why">{m.undeliveredText}</p>
        {message?.reason && <p class="why small-print">{m.reason(message.reason)}</p>}
      </Notice>
    );
  }
  if (!lastFailure || status === 'PAYING') return null;
  return (
    <Notice tone="warn" icon="card">
      <p>
        <strong>{failureWords(lastFailure)}</strong>
      </p>
      <p class="why">{m.declinedText(triesLeft)}</p>
    </Notice>
  );
}

/** The card company's sentence is Korean; in another language what happened is said in ours. */
function failureWords({ message }: NonNullable<PayRequest['lastFailure']>): string {
  return locale.value === 'ko' && message ? message : t().request.declinedTitle;
}

const MARKS: Record<RequestStep['stand'], { tone: string; icon: 'check' | 'clock' | 'close' | 'next' }> = {
  done: { tone: 'ok', icon: 'check' },
  now: { tone: 'accent', icon: 'clock' },
  later: { tone: 'plain', icon: 'next' },
  bad: { tone: 'bad', icon: 'close' },
};

function Steps({ request, payment }: { request: PayRequest; payment?: Payment | undefined }): JSX.Element {
  const steps = stepsOf(request, payment);
  const now = steps.findLast(({ stand }) => stand === 'now');
  return (
    <section class="request-steps" aria-live="polite">
      <h2 class="unseen">{t().request.steps}</h2>
      <ol class="steps">
        {steps.map((step) => (
          <li key={step.key} class={`step tone-${MARKS[step.stand].tone} is-${step.stand}`} {...(step === now ? { 'aria-current': 'step' as const } : {})}>
            <span class="step-mark">{step.stand === 'later' ? <span class="step-dot" /> : <Icon name={MARKS[step.stand].icon} size={16} />}</span>
            <div class="step-text">
              <span>{step.text}</span>
              {step.note && <span class="step-note">{step.note}</span>}
            </div>
            {step.at && (
              <time class="step-time" dateTime={step.at}>
                {slipTime(new Date(step.at)).slice(11)}
              </time>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The time that is left, by the second at the end; when it is over the server is asked. */
function Left({ request, onOver }: { request: PayRequest; onOver: () => void }): JSX.Element {
  const m = t().request;
  const now = useNow(true);
  const end = new Date(request.expiresAt);
  const left = end.getTime() - now.getTime();
  const over = left <= 0;
  useEffect(() => {
    if (over) onOver();
  }, [over]);
  return (
    <p class="request-left">
      <span>{m.left}</span>
      <strong role="timer">{m.leftText(...spanParts(left))}</strong>
      <span>{m.until(whenText(end, now))}</span>
    </p>
  );
}

interface EndedProps {
  request: PayRequest;
  payment: Payment | undefined;
}

function Paid({ request, payment }: EndedProps): JSX.Element {
  const m = t().request;
  return (
    <>
      <div class="outcome tone-ok" role="status">
        <span class="outcome-mark">
          <Icon name="check" size={48} />
        </span>
        <h2>{m.paidTitle}</h2>
        <Amount won={request.amount} size="xl" />
        <p>{request.orderName}</p>
        <p>{buyerText(request)}</p>
      </div>
      <div class="result-slip">
        <Steps request={request} payment={payment} />
      </div>
      <div class="button-row">
        {payment?.receiptUrl && (
          <Button icon="slip" href={payment.receiptUrl} newTab>
            {m.receipt}
          </Button>
        )}
        {payment && <SendReceipt payment={payment} />}
        {payment?.receiptUrl && <PrintButton subject={{ kind: 'payment', id: payment.id }} />}
        <Button icon="search" href={href(`/payments/${encodeURIComponent(request.paymentId)}`)}>
          {m.payment}
        </Button>
      </div>
      <div class="cta">
        <Button kind="primary" href={href(askedAt(request.kind))}>
          {m.new}
        </Button>
      </div>
    </>
  );
}

function Unpaid({ request, payment }: EndedProps): JSX.Element {
  const m = wordsOf(request.kind);
  const failed = request.status === 'FAILED';
  const [title, text] = failed ? [m.failedTitle, m.failedText] : request.status === 'EXPIRED' ? [m.expiredTitle, m.expiredText] : [m.withdrawnTitle, m.withdrawnText];
  const repeat = (): void => {
    askAgain(request, payment);
    navigate(`${askedAt(request.kind)}?step=buyer`);
  };
  return (
    <>
      <div class={`outcome tone-${failed ? 'bad' : 'warn'}`} role="status">
        <span class="outcome-mark">
          <Icon name={request.status === 'EXPIRED' ? 'clock' : 'close'} size={48} />
        </span>
        <h2>{title}</h2>
        <Amount won={request.amount} size="l" struck />
        <p>{[request.orderName, buyerText(request)].join(' · ')}</p>
        <p>{failed && request.lastFailure ? failureWords(request.lastFailure) : text}</p>
      </div>
      <Steps request={request} payment={payment} />
      <div class="cta">
        <Button kind="primary" icon="send" onPress={repeat}>
          {m.again}
        </Button>
        <Button kind="text" href={href(`/payments/${encodeURIComponent(request.paymentId)}`)}>
          {m.payment}
        </Button>
      </div>
    </>
  );
}
