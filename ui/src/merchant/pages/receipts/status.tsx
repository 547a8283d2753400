import type { JSX } from 'preact';
import type { CashReceipt, CashReceiptStatus } from '../../../shared/api/cash';
import { Icon, type IconName } from '../../../shared/design/icons';
import { Badge, type Tone } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { slipTime } from '../../../shared/text/day';
import '../payments/story.css';
import '../requests/requests.css';

const LOOKS: Record<CashReceiptStatus, readonly [Tone, IconName]> = {
  REQUESTED: ['plain', 'clock'],
  UNKNOWN: ['warn', 'clock'],
  ISSUED: ['accent', 'check'],
  CONFIRMED: ['ok', 'check'],
  REJECTED: ['bad', 'close'],
  CANCELED: ['bad', 'undo'],
};

/** How far a receipt has come, as a word with its icon. */
export function ReceiptBadge({ status }: { status: CashReceiptStatus }): JSX.Element {
  const [tone, icon] = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {t().receipts.status[status]}
    </Badge>
  );
}

export interface ReceiptStep {
  key: 'requested' | 'issued' | 'confirmed';
  text: string;
  note: string;
  at: string | undefined;
  stand: 'done' | 'now' | 'later' | 'bad';
}

/** From the request over the office to the tax service. */
export function stepsOf({ status, requestedAt, issuedAt, judgedAt }: Pick<CashReceipt, 'status' | 'requestedAt' | 'issuedAt' | 'judgedAt'>): ReceiptStep[] {
  const m = t().receipts;
  const rejected = status === 'REJECTED';
  const issued = issuedAt !== undefined;
  const confirmed = status === 'CONFIRMED' || (status === 'CANCELED' && judgedAt !== undefined);
  return [
    { key: 'requested', text: m.requested, note: '', at: requestedAt, stand: 'done' },
    { key: 'issued', text: m.issued, note: issued || rejected ? '' : m.issuedWait, at: issuedAt, stand: issued ? 'done' : rejected ? 'later' : 'now' },
    {
      key: 'confirmed',
      text: rejected ? m.rejected : m.confirmed,
      note: status === 'ISSUED' ? m.confirmedWait : '',
      at: judgedAt,
      stand: rejected ? 'bad' : confirmed ? 'done' : status === 'ISSUED' ? 'now' : 'later',
    },
  ];
}

const MARKS: Record<ReceiptStep['stand'], readonly [tone: string, icon: IconName]> = { done: ['ok', 'check'], now: ['accent', 'clock'], later: ['plain', 'next'], bad: ['bad', 'close'] };

/** The way of a receipt that is not cancelled, followed live. */
export function ReceiptSteps({ receipt }: { receipt: CashReceipt }): JSX.Element {
  const steps = stepsOf(receipt);
  return (
    <ol class="steps request-steps" aria-label={t().receipts.steps} aria-live="polite">
      {steps.map((step) => {
        const [tone, icon] = MARKS[step.stand];
        return (
          <li key={step.key} class={`step tone-${tone} is-${step.stand}`} {...(step.stand === 'now' ? { 'aria-current': 'step' as const } : {})}>
            <span class="step-mark">{step.stand === 'later' ? <span class="step-dot" /> : <Icon name={icon} size={16} />}</span>
            <div class="step-text">
              <span>{step.text}</span>
              {step.note && <span class="step-note">{step.note}</span>}
            </div>
            {step.at && (
              <time class="step-time" dateTime={step.at}>
                {slipTime(new Date(step.at)).slice(5, 16)}
              </time>
            )}
          </li>
        );
      })}
    </ol>
  );
}
