import type { JSX } from 'preact';
import { Badge, type Tone } from '../shared/design/parts';
import { c } from '../shared/i18n/console/console';
import { t } from '../shared/i18n/i18n';
import type { Delivery, PaymentRow, Receipt, Request } from './api';

const PAYMENT: Record<PaymentRow['status'], Tone> = {
  READY: 'plain',
  IN_PROGRESS: 'accent',
  UNKNOWN: 'warn',
  DONE: 'ok',
  PARTIAL_CANCELED: 'bad',
  CANCELED: 'bad',
  ABORTED: 'plain',
  EXPIRED: 'plain',
};

export const PaymentStatus = ({ status }: { status: PaymentRow['status'] }): JSX.Element => <Badge tone={PAYMENT[status]}>{t().status[status]}</Badge>;

const DELIVERY: Record<Delivery['status'], Tone> = { QUEUED: 'accent', ACCEPTED: 'accent', DELIVERED: 'ok', UNDELIVERED: 'bad', REJECTED: 'bad', DROPPED: 'plain' };

export const DeliveryStatus = ({ status }: { status: Delivery['status'] }): JSX.Element => <Badge tone={DELIVERY[status]}>{c().deliveries.statuses[status]}</Badge>;

const REQUEST: Record<Request['status'], Tone> = {
  SENDING: 'accent',
  SENT: 'accent',
  UNDELIVERED: 'bad',
  IN_CALL: 'accent',
  PAYING: 'accent',
  PAID: 'ok',
  FAILED: 'bad',
  EXPIRED: 'plain',
  WITHDRAWN: 'plain',
};

export const RequestStatus = ({ status }: { status: Request['status'] }): JSX.Element => <Badge tone={REQUEST[status]}>{c().deliveries.requestStatuses[status]}</Badge>;

const RECEIPT: Record<Receipt['status'], Tone> = { REQUESTED: 'accent', ISSUED: 'accent', CONFIRMED: 'ok', REJECTED: 'bad', CANCELED: 'plain', UNKNOWN: 'warn' };

export const ReceiptStatus = ({ status }: { status: Receipt['status'] }): JSX.Element => <Badge tone={RECEIPT[status]}>{c().receipts.statuses[status]}</Badge>;
