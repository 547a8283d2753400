import type { JSX } from 'preact';
import type { CashReceipt, CashReceiptCancel } from '../../../shared/api/cash';
import { Amount, Badge, Facts, Notice, RowSub, type Tone } from '../../../shared/design/parts';
import { locale, t } from '../../../shared/i18n/i18n';
import { slipTime } from '../../../shared/text/day';
import { ReceiptBadge, ReceiptSteps } from './status';
import './receipts.css';

const at = (time: string | undefined): string | undefined => time && slipTime(new Date(time));

/** The identifier as the server shows it; that of nobody by what it means. */
function target(receipt: CashReceipt): string {
  const kind = t().receipts.kinds[receipt.type];
  return receipt.type === 'SELF_ISSUED' ? `${kind} (${receipt.maskedIdentifier})` : `${kind} ${receipt.maskedIdentifier}`;
}

/** A receipt in its parts: how far it has come, for whom, what was taken back. */
export function ReceiptView({ receipt }: { receipt: CashReceipt }): JSX.Element {
  const m = t().receipts;
  const refused = receipt.status === 'REJECTED' && receipt.failure;
  return (
    <>
      <ReceiptBadge status={receipt.status} />
      {refused && (
        <Notice tone="bad" icon="alert">
          <p>
            <strong>{m.rejected}</strong>
          </p>
          {locale.value === 'ko' && refused.message && <p class="why">{refused.message}</p>}
          <p class="why">{m.rejectedText}</p>
          <p class="why small-print">{t().common.code(refused.code)}</p>
        </Notice>
      )}
      {receipt.status !== 'CANCELED' && <ReceiptSteps receipt={receipt} />}
      <Facts
        rows={[
          [m.identifier, target(receipt)],
          [m.number, receipt.issueNumber],
          [m.at, at(receipt.issuedAt)],
          [m.judgedAt, at(receipt.judgedAt)],
          [m.amount, <Amount won={receipt.amount} size="s" struck={receipt.status === 'CANCELED'} />],
          [t().pay.supplied, receipt.suppliedAmount !== 0 && <Amount won={receipt.suppliedAmount} size="s" />],
          [t().pay.vat, receipt.vat !== 0 && <Amount won={receipt.vat} size="s" />],
          [t().pay.taxFree, receipt.taxFreeAmount !== 0 && <Amount won={receipt.taxFreeAmount} size="s" />],
          [m.left, receipt.cancels.length > 0 && <Amount won={receipt.balanceAmount} size="s" />],
        ]}
      />
      {receipt.cancels.length > 0 && (
        <section aria-label={m.cancels}>
          <h2 class="receipt-cancels">{m.cancels}</h2>
          <div class="rows">
            {receipt.cancels.map((cancel) => (
              <Taken key={cancel.id} cancel={cancel} />
            ))}
          </div>
        </section>
      )}
    </>
  );
}

const TONES: Record<CashReceiptCancel['status'], Tone> = { REQUESTED: 'plain', UNKNOWN: 'warn', ISSUED: 'bad', REFUSED: 'plain', DROPPED: 'plain' };

/** What was taken back of a receipt. */
function Taken({ cancel }: { cancel: CashReceiptCancel }): JSX.Element {
  const m = t().receipts;
  const refused = cancel.status === 'REFUSED';
  return (
    <div class="row row-plain">
      <span class="row-text">
        <span class="row-title">{m.reasons[cancel.reasonCode]}</span>
        <RowSub parts={[cancel.issueNumber, at(cancel.issuedAt ?? cancel.requestedAt), refused ? cancel.failure?.message : ''].flatMap((part) => (part ? [part] : []))} />
      </span>
      <span class="row-end">
        <Amount won={-cancel.amount} size="s" bad={!refused} struck={refused} />
        <Badge tone={TONES[cancel.status]}>{m.cancelStatus[cancel.status]}</Badge>
      </span>
    </div>
  );
}
