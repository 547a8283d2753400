import type { Item, Merchant, PaymentRequest, Signature } from '../../../shared/api/types';
import { taxFreeFor } from '../../../shared/money/money';
import { itemName, lineDiscount, type CartLine } from '../../cart';
import type { Draft } from './draft';
import { asksIdentity, asksPassword, type Secrets } from './secrets';

export interface Sale {
  draft: Draft;
  lines: readonly CartLine[];
  amount: number;
  taxFree: number;
  /** What the slip says was sold. */
  orderName: string;
}

function items(sale: Sale, merchant: Merchant): Item[] {
  return sale.lines.map((line) => ({
    productId: line.product.id,
    name: itemName(line),
    unitPrice: line.product.price,
    quantity: line.quantity,
    discount: lineDiscount(line),
    taxFree: merchant.taxType === 'TAX_FREE' || (merchant.taxType === 'MIXED' && line.product.taxFree),
  }));
}

function buyer(draft: Draft): { buyer?: { name?: string; phone?: string } } {
  const name = draft.buyerName.trim();
  if (!name && !draft.buyerPhone) return {};
  return { buyer: { ...(name ? { name } : {}), ...(draft.buyerPhone ? { phone: draft.buyerPhone } : {}) } };
}

/** The body of POST /v1/payments for a keyed-in card. */
export function paymentRequest(sale: Sale, merchant: Merchant, secrets: Secrets, orderId: string, signature: Signature | null): PaymentRequest {
  const level = merchant.authenticationLevel;
  return {
    method: 'CARD',
    orderId,
    orderName: sale.orderName,
    amount: sale.amount,
    taxFreeAmount: taxFreeFor(merchant.taxType, sale.amount, sale.taxFree),
    ...(sale.lines.length > 0 ? { items: items(sale, merchant) } : {}),
    installmentMonths: sale.draft.months,
    ...buyer(sale.draft),
    ...(signature ? { signature } : {}),
    card: {
      entry: 'KEY_IN',
      number: secrets.number,
      expiryMonth: secrets.expiry.slice(0, 2),
      expiryYear: secrets.expiry.slice(2),
      ...(asksIdentity(level) ? { birthOrBusinessNumber: secrets.identity } : {}),
      ...(asksPassword(level) ? { passwordTwoDigits: secrets.password } : {}),
    },
  };
}
