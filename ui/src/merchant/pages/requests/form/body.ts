import type { RequestBody } from '../../../../shared/api/requests';
import type { Item, Merchant } from '../../../../shared/api/types';
import { taxFreeFor } from '../../../../shared/money/money';
import type { CartLine } from '../../../cart';
import type { Way } from '../../../ways';
import type { Draft } from '../../card/draft';
import { itemsOf } from '../../card/request';

export interface Asked {
  way: Way;
  draft: Draft;
  lines: readonly CartLine[];
  /** Items of an earlier request, when it is asked for again. */
  again: readonly Item[];
  /** What the goods cost; the service fee comes on top. */
  price: number;
  taxFree: number;
  orderName: string;
  expiresAt: Date;
}

const sumOf = (items: readonly Item[]): number => items.reduce((sum, { unitPrice, quantity, discount = 0 }) => sum + unitPrice * quantity - discount, 0);

function itemsFor({ lines, again, price }: Asked, merchant: Merchant): Item[] {
  if (lines.length > 0) return itemsOf(lines, merchant);
  // An amount that was changed since is no longer made of them.
  return again.length > 0 && sumOf(again) === price ? [...again] : [];
}

/** The body of POST /v1/payment-requests. */
export function requestBody(asked: Asked, merchant: Merchant, orderId: string): RequestBody {
  const { draft, price, taxFree } = asked;
  const items = itemsFor(asked, merchant);
  const name = draft.buyerName.trim();
  return {
    kind: asked.way,
    orderId,
    orderName: asked.orderName,
    amount: price + draft.serviceFee,
    taxFreeAmount: taxFreeFor(merchant.taxType, price, taxFree),
    ...(draft.serviceFee > 0 ? { serviceFee: draft.serviceFee } : {}),
    ...(items.length > 0 ? { items } : {}),
    buyer: { ...(name ? { name } : {}), phone: draft.buyerPhone },
    expiresAt: asked.expiresAt.toISOString(),
  };
}
