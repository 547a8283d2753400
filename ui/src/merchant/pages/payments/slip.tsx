import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Cancel, Payment } from '../../../shared/api/types';
import { Amount, Badge, Facts, RowSub, Stamp, type Tone } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { slipTime } from '../../../shared/text/day';
import { groupBusinessNumber, groupMasked, groupPhone } from '../../../shared/text/digits';
import { loadMerchant, ownMerchant } from '../../own';
import { loadStaff, staffName } from '../../staff';
import { StatusBadge } from '../../words';
import './slip.css';

const at = (time: string | undefined): string | undefined => time && slipTime(new Date(time));
const won = (value: number): JSX.Element | false => value !== 0 && <Amount won={value} size="s" />;

function cardText(payment: Payment): string | undefined {
  const card = payment.card;
  if (!card) return undefined;
  const kind = card.type && t().detail.cardKind(t().cardType[card.type]);
  return [card.issuerName, kind].filter(Boolean).join(' ');
}

/**
 * A payment as a slip: the legal fields of a Korean sales slip, the amount largest. That
 * it was undone is not among them; the screen explains it.
 */
export function Slip({ payment }: { payment: Payment }): JSX.Element {
  const m = t().detail;
  const card = payment.card;
  const canceled = payment.status === 'CANCELED';
  useEffect(loadStaff, []);
  return (
    <article class="slip" aria-label={m.slip}>
      <header class="slip-head">
        {canceled || payment.status === 'PARTIAL_CANCELED' ? (
          <div class="slip-top">
            <p>{m.slip}</p>
            <Stamp>{canceled ? m.stampCanceled : m.stampPartial}</Stamp>
          </div>
        ) : (
          <StatusBadge status={payment.status} />
        )}
        <Amount won={payment.amount} size="xl" struck={canceled} />
        <p>{payment.orderName}</p>
      </header>
      {payment.failure && payment.failure.code !== 'REVERSED' && <p class="slip-failure">{payment.failure.message}</p>}
      <Facts
        rows={[
          [m.approval, card?.approvalNumber],
          [m.card, cardText(payment)],
          [t().pay.number, card && groupMasked(card.maskedNumber)],
          [m.acquirer, card?.acquirerName],
          [t().cash.received, payment.cash && <Amount won={payment.cash.received} size="s" />],
          [t().cash.change, payment.cash && <Amount won={payment.cash.change} size="s" />],
          [m.installment, card && t().pay.months(card.installmentMonths)],
          [m.requestedAt, at(payment.requestedAt)],
          [payment.method === 'CASH' ? t().cash.at : m.approvedAt, at(payment.approvedAt)],
          [m.order, <span class="slip-code">{payment.orderId}</span>],
          [m.buyer, [payment.buyer?.name, payment.buyer?.phone && groupPhone(payment.buyer.phone)].filter(Boolean).join(' ')],
          [t().desk.staff, staffName(payment.staffId)],
        ]}
      />
      {payment.items && payment.items.length > 0 && (
        <ul class="slip-items">
          {payment.items.map((item, i) => (
            <li key={i}>
              <span>{t().pay.itemLine(item.name, item.quantity)}</span>
              <Amount won={item.unitPrice * item.quantity - (item.discount ?? 0)} size="s" />
            </li>
          ))}
        </ul>
      )}
      <div class="slip-rule" />
      <Facts
        rows={[
          [m.supplied, won(payment.suppliedAmount)],
          [m.vat, won(payment.vat)],
          [m.taxFree, won(payment.taxFreeAmount)],
          [m.serviceFee, won(payment.serviceFee)],
          [m.amount, <Amount won={payment.amount} size="m" />],
          [m.balance, payment.status === 'PARTIAL_CANCELED' && <Amount won={payment.balanceAmount} size="s" />],
        ]}
      />
      <div class="slip-rule" />
      <Shop />
    </article>
  );
}

/** The shop's own lines of a slip. */
export function Shop(): JSX.Element | null {
  const m = t().detail;
  useEffect(() => {
    // Without them the slip is still a slip; the receipt page has them all.
    loadMerchant().catch(() => undefined);
  }, []);
  const shop = ownMerchant.value;
  if (!shop) return null;
  return (
    <Facts
      rows={[
        [m.merchant, shop.name],
        [m.business, groupBusinessNumber(shop.businessNumber)],
        [m.owner, shop.ownerName],
        [m.address, shop.address],
        [m.phone, shop.phone && groupPhone(shop.phone)],
      ]}
    />
  );
}

const TONES: Record<Cancel['status'], Tone> = { IN_PROGRESS: 'warn', UNKNOWN: 'warn', DONE: 'bad', FAILED: 'plain' };

/** What was cancelled, newest last, each leading to its cancel slip. */
export function CancelEntries({ payment }: { payment: Payment }): JSX.Element | null {
  const m = t().detail;
  const cancels = payment.cancels ?? [];
  if (cancels.length === 0) return null;
  return (
    <section>
      <div class="section-head">
        <h2>{m.cancels}</h2>
      </div>
      <div class="rows">
        {cancels.map((cancel) => (
          <a key={cancel.id} class="row row-plain" href={href(`/payments/${encodeURIComponent(payment.id)}/cancels/${encodeURIComponent(cancel.id)}`)}>
            <span class="row-text">
              <span class="row-title">{cancel.reason}</span>
              <RowSub parts={[slipTime(new Date(cancel.canceledAt ?? cancel.requestedAt))]} />
            </span>
            <span class="row-end">
              <Amount won={-cancel.amount} size="s" bad={cancel.status === 'DONE'} struck={cancel.status === 'FAILED'} />
              <Badge tone={TONES[cancel.status]}>{m.cancelStatus[cancel.status]}</Badge>
            </span>
          </a>
        ))}
      </div>
    </section>
  );
}
