import type { ReadCard } from '../../../shared/devices/reader';
import type { Item, Merchant, PaymentRequest, Settings, Signature } from '../../../shared/api/types';
import { taxFreeFor } from '../../../shared/money/money';
import { itemName, lineDiscount, type CartLine } from '../../cart';
import type { Draft } from './draft';
import { asksIdentity, asksPassword, type Secrets } from './secrets';

type Card = PaymentRequest['card'];

export interface Sale {
  draft: Draft;
  lines: readonly CartLine[];
  /** What the goods cost; the service fee comes on top. */
  price: number;
  taxFree: number;
  /** What the slip says was sold. */
  orderName: string;
  /** Of the shop's settings, when buyers are not typed in; takes the place of the typed one. */
  fixedBuyer: Settings['fixedBuyer'];
}

/** Chosen products as the items of a payment. */
export function itemsOf(lines: readonly CartLine[], merchant: Merchant): Item[] {
  return lines.map((line) => ({
    productId: line.product.id,
    name: itemName(line),
    unitPrice: line.product.price,
    quantity: line.quantity,
    discount: lineDiscount(line),
    taxFree: merchant.taxType === 'TAX_FREE' || (merchant.taxType === 'MIXED' && line.product.taxFree),
  }));
}

/** Who buys: typed, or the one of the settings. */
export function buyerOf({ draft, fixedBuyer }: Pick<Sale, 'draft' | 'fixedBuyer'>): Pick<PaymentRequest, 'buyer'> {
  const { name = '', phone = '', email = '' } = fixedBuyer ?? { name: draft.buyerName.trim(), phone: draft.buyerPhone };
  if (!name && !phone && !email) return {};
  return { buyer: { ...(name ? { name } : {}), ...(phone ? { phone } : {}), ...(email ? { email } : {}) } };
}

/** A card that was keyed in, as far as the merchant's authentication level asks. */
export function keyedCard(secrets: Secrets, level: Merchant['authenticationLevel']): Card {
  return {
    entry: 'KEY_IN',
    number: secrets.number,
    expiryMonth: secrets.expiry.slice(0, 2),
    expiryYear: secrets.expiry.slice(2),
    ...(asksIdentity(level) ? { birthOrBusinessNumber: secrets.identity } : {}),
    ...(asksPassword(level) ? { passwordTwoDigits: secrets.password } : {}),
  };
}

/** A card that was swiped, and why not its chip. */
export function swipedCard(swiped: ReadCard, fallbackReason: string): Card {
  const { track1, track2, device } = swiped;
  const read = { track2, ...(track1 ? { track1 } : {}), fallbackReason, device };
  if (swiped.kind === 'plain') return { entry: 'SWIPE', ...read };
  return { entry: 'SWIPE_ENCRYPTED', format: swiped.format, ksn: swiped.ksn, ...read };
}

/** The body of POST /v1/payments. */
export function paymentRequest(sale: Sale, merchant: Merchant, card: Card, orderId: string, signature: Signature | null): PaymentRequest {
  const { serviceFee, months } = sale.draft;
  return {
    method: 'CARD',
    orderId,
    orderName: sale.orderName,
    amount: sale.price + serviceFee,
    taxFreeAmount: taxFreeFor(merchant.taxType, sale.price, sale.taxFree),
    ...(serviceFee > 0 ? { serviceFee } : {}),
    ...(sale.lines.length > 0 ? { items: itemsOf(sale.lines, merchant) } : {}),
    installmentMonths: months,
    ...buyerOf(sale),
    ...(signature ? { signature } : {}),
    card,
  };
}
