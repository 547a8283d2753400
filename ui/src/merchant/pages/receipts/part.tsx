import type { JSX } from 'preact';
import type { Payment } from '../../../shared/api/types';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { useLoad } from '../../../shared/state/load';

/** The cash receipt of a payment, fetched with its screen's code only where there can be one. */
export function ReceiptPart({ payment }: { payment: Payment }): JSX.Element | null {
  return payment.method === 'CASH' ? <Fetched payment={payment} /> : null;
}

function Fetched({ payment }: { payment: Payment }): JSX.Element {
  const load = useLoad(() => import('./block'), 'block');
  if (load.data) return <load.data.PaymentReceipt payment={payment} />;
  return load.failure === undefined ? <Skeleton shape="line" count={3} /> : <ErrorState failure={load.failure} onRetry={load.reload} />;
}
