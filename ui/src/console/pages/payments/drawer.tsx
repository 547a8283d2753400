import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Amount, Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { groupMasked } from '../../../shared/text/digits';
import { Act } from '../../act';
import { payments, type Inquiry, type Of, type PaymentDetail } from '../../api';
import { DeliveryStatus, PaymentStatus, ReceiptStatus } from '../../badges';
import { Drawer } from '../../drawer';
import { Id, Part, When, Won } from '../../parts';
import { openKey } from '../../place';
import { Attempts } from './attempts';

/** Everything that is known of a payment, and asking its acquirer. */
export function PaymentDrawer({ of, onClose, onChange }: { of: Of; onClose: () => void; onChange: () => void }): JSX.Element {
  const load = useLoad((signal) => payments.get(of, signal), openKey(of));
  const [said, setSaid] = useState<Inquiry | null>(null);
  const m = c().payments;
  const detail = load.data;
  const inquire = async (reason: string): Promise<string> => {
    setSaid(await payments.inquire(of, reason));
    load.reload();
    onChange();
    return m.inquired;
  };
  return (
    <Drawer title={detail?.payment.orderName ?? c().nav.pages.payments} onClose={onClose}>
      {load.failure !== undefined && !detail && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!detail && load.failure === undefined && <Skeleton shape="line" count={8} />}
      {detail && (
        <>
          <div class="drawer-hero">
            <Amount won={detail.payment.amount} size="l" struck={detail.payment.status === 'CANCELED'} />
            <PaymentStatus status={detail.payment.status} />
          </div>
          {said && (
            <Notice tone={said.result === 'APPROVED' ? 'ok' : 'accent'} icon="check">
              <p>{m.answers[said.result]}</p>
              <p class="small-print">{[said.responseCode, said.approvalNumber, said.rrn].filter(Boolean).join(' · ')}</p>
            </Notice>
          )}
          {detail.payment.failure && (
            <Notice tone="bad" icon="alert">
              <p>{detail.payment.failure.message}</p>
              <p class="small-print">{t().common.code(detail.payment.failure.code)}</p>
            </Notice>
          )}
          <div class="acts acts-start">
            {detail.payment.method === 'CARD' && detail.attempts.length > 0 && (
              <Act name={m.inquire} onAct={inquire}>
                <p>{m.inquireText}</p>
              </Act>
            )}
            {detail.unsettled.length > 0 && (
              <a class="button button-tint" href={href(`/unsettled?open=${encodeURIComponent(openKey(of))}`)}>
                {m.toDesk}
              </a>
            )}
          </div>
          <About detail={detail} of={of} />
          <Attempts attempts={detail.attempts} />
          <Money detail={detail} />
          <Told detail={detail} />
          <Acts detail={detail} />
        </>
      )}
    </Drawer>
  );
}

function About({ detail, of }: { detail: PaymentDetail; of: Of }): JSX.Element {
  const { payment } = detail;
  const m = c().payments;
  return (
    <Facts
      rows={[
        [m.columns.merchant, detail.merchantName],
        [c().filter.merchantId, <Id key="m">{of.merchantId}</Id>],
        [m.facts.id, <Id key="p">{payment.id}</Id>],
        [m.facts.orderId, <Id key="o">{payment.orderId}</Id>],
        [m.columns.channel, t().channel[payment.channel]],
        [m.columns.card, payment.card && `${payment.card.issuerName ?? ''} ${groupMasked(payment.card.maskedNumber)}`],
        [m.columns.approval, payment.card?.approvalNumber && <Id key="a">{payment.card.approvalNumber}</Id>],
        [m.facts.terminal, detail.terminalId],
        [m.facts.buyer, [payment.buyer?.name, payment.buyer?.phone, payment.buyer?.email].filter(Boolean).join(' · ')],
        [m.columns.at, <When key="at" at={payment.requestedAt} />],
        [m.facts.approvedAt, payment.approvedAt && <When key="ap" at={payment.approvedAt} />],
        [m.columns.balance, <Won key="b" won={payment.balanceAmount} />],
      ]}
    />
  );
}

function Money({ detail }: { detail: PaymentDetail }): JSX.Element | null {
  const m = c().payments;
  if (detail.ledger.length === 0) return null;
  return (
    <Part title={m.ledger}>
      <div class="table-box small-table" tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{m.ledgerColumns.day}</th>
              <th scope="col">{m.ledgerColumns.event}</th>
              <th scope="col">{m.ledgerColumns.account}</th>
              <th scope="col" class="is-end">
                {m.columns.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {detail.ledger.map((line) => (
              <tr key={`${line.entryId}${line.account}`}>
                <td class="when">{line.day}</td>
                <td>{line.event}</td>
                <td>{line.account}</td>
                <td class="is-end">
                  <Won won={line.amount} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}

function Told({ detail }: { detail: PaymentDetail }): JSX.Element | null {
  const { cashReceipt } = detail;
  if (detail.messages.length === 0 && !cashReceipt) return null;
  return (
    <Part title={c().payments.told}>
      <ul class="lines">
        {cashReceipt && (
          <li>
            <ReceiptStatus status={cashReceipt.status} />
            <span>
              {c().receipts.types[cashReceipt.type]} {cashReceipt.maskedIdentifier}
            </span>
            <Id short>{cashReceipt.id}</Id>
          </li>
        )}
        {detail.messages.map((each) => (
          <li key={each.id}>
            <DeliveryStatus status={each.status} />
            <span>
              {each.purpose} {each.maskedTo}
            </span>
            <When at={each.createdAt} />
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Acts({ detail }: { detail: PaymentDetail }): JSX.Element | null {
  if (detail.audit.length === 0) return null;
  return (
    <Part title={c().payments.audit}>
      <ul class="lines">
        {detail.audit.map((each) => (
          <li key={each.id}>
            <When at={each.at} />
            <span>{each.action}</span>
            <Id short>{each.actor}</Id>
          </li>
        ))}
      </ul>
    </Part>
  );
}
