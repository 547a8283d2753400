import type { Merchant, PaymentRequest, Settings } from '../../../shared/api/types';
import { taxFreeFor } from '../../../shared/money/money';
import type { CartLine } from '../../cart';
import type { Draft } from '../card/draft';
import { buyerOf, itemsOf } from '../card/request';
import { asBody, type Wanted } from '../receipts/wanted';

export interface CashSale {
  draft: Draft;
  lines: readonly CartLine[];
  /** What the goods cost; the service fee comes on top. */
  price: number;
  taxFree: number;
  orderName: string;
  fixedBuyer: Settings['fixedBuyer'];
  received: number;
  wanted: Wanted;
}

/** The body of POST /v1/payments for a sale in cash. */
export function cashRequest(sale: CashSale, merchant: Merchant, orderId: string): PaymentRequest {
  const { serviceFee } = sale.draft;
  const { kind, identifier } = sale.wanted;
  return {
    method: 'CASH',
    orderId,
    orderName: sale.orderName,
    amount: sale.price + serviceFee,
    taxFreeAmount: taxFreeFor(merchant.taxType, sale.price, sale.taxFree),
    ...(serviceFee > 0 ? { serviceFee } : {}),
    ...(sale.lines.length > 0 ? { items: itemsOf(sale.lines, merchant) } : {}),
    ...buyerOf(sale),
    cash: { received: sale.received, ...(kind === 'NONE' ? {} : { receipt: asBody({ kind, identifier }) }) },
  };
}
