import assert from 'node:assert/strict';
import type { Demo, DemoMerchant } from './demo';

interface Payment {
  status: string;
  amount: number;
  balanceAmount: number;
  card?: { approvalNumber?: string };
  cancels?: { amount: number; status: string }[];
}

interface Summary {
  count: number;
  amount: number;
  canceledCount: number;
  canceledAmount: number;
  netAmount: number;
}

/** How a payment should stand: its state, and the amounts taken back so far in their order. */
export interface Standing {
  status: string;
  amount: number;
  canceled: number[];
}

/** The merchant's totals of today and before, as the API sums them. */
export function totals(demo: Demo, merchant: DemoMerchant): Promise<Summary> {
  return demo.api<Summary>(merchant, '/v1/payments/summary');
}

/**
 * Holds what the server says of a payment against the acquirer's journal: one approval
 * of the whole amount, one taking back for each cancel, and nothing else.
 */
export async function agree(demo: Demo, merchant: DemoMerchant, id: string, want: Standing): Promise<void> {
  const payment = await demo.api<Payment>(merchant, `/v1/payments/${id}`);
  const left = want.amount - want.canceled.reduce((sum, each) => sum + each, 0);
  assert.deepEqual(
    { status: payment.status, amount: payment.amount, left: payment.balanceAmount, canceled: (payment.cancels ?? []).map((each) => [each.amount, each.status]) },
    { status: want.status, amount: want.amount, left, canceled: want.canceled.map((each) => [each, 'DONE']) },
  );
  const approvalNumber = payment.card?.approvalNumber;
  assert.ok(approvalNumber, 'an approved payment has an approval number');
  const entries = (await demo.journal()).filter((entry) => entry.merchantId === merchant.id && entry.approvalNumber === approvalNumber);
  const takenBack = ['VOID', 'REFUND', 'REVERSE'];
  assert.deepEqual(
    entries.filter((entry) => entry.result === 'APPROVED').map((entry) => [takenBack.includes(entry.type) ? 'BACK' : entry.type, entry.amount]),
    [['AUTHORIZE', want.amount], ...want.canceled.map((each) => ['BACK', each])],
  );
}
