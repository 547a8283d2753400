import { beforeEach, describe, expect, test } from 'vitest';
import type { Merchant, Payment, Session } from '../src/shared/api/types';
import { forgetKept, keepRows, readKept } from '../src/shared/state/kept';

const session = { merchantId: 'mer_1', user: { id: 'usr_1', name: '점주', loginId: 'owner', role: 'OWNER' } } as unknown as Session;
const payment = (n: number): Payment =>
  ({
    id: `pay_${n}`, orderName: `상품 ${n}`, status: 'DONE', channel: 'CARD', amount: 1000 + n, requestedAt: '2026-03-02T12:00:00+09:00',
    buyer: { name: '구매자', phone: '01000000001', email: 'buyer@example.com' },
    card: { maskedNumber: '999001******0018', issuerName: '시험카드', approvalNumber: '30012345' },
  }) as unknown as Payment;

beforeEach(() => localStorage.clear());

describe('what the device keeps', () => {
  test('fifty rows, masked: nothing of the buyer, of the card its last four digits', () => {
    keepRows(session, Array.from({ length: 60 }, (_, n) => payment(n)), new Date('2026-03-02T03:00:00Z'));
    const stored = JSON.stringify({ ...localStorage });
    for (const secret of ['구매자', '01000000001', 'buyer@example.com', '999001', '30012345']) expect(stored).not.toContain(secret);
    const kept = readKept();
    expect(kept?.rows).toHaveLength(50);
    expect(kept?.rows[0]).toMatchObject({ id: 'pay_0', last4: '0018', amount: 1000 });
    expect(kept?.userName).toBe('점주');
  });

  test('of the shop, what a cash sale asks and nothing that names it', () => {
    const own = { name: '인노카페', businessNumber: '1018199993', ownerName: '대표', phone: '0200000001', taxType: 'MIXED', vatRounding: 'NEAREST' } as unknown as Merchant;
    keepRows(session, [], new Date(), own);
    const stored = JSON.stringify({ ...localStorage });
    for (const name of ['인노카페', '1018199993', '대표', '0200000001']) expect(stored).not.toContain(name);
    expect(readKept()?.shop).toMatchObject({ taxType: 'MIXED', vatRounding: 'NEAREST' });
  });

  test('is forgotten at log-out, and damage is nothing', () => {
    keepRows(session, [payment(1)], new Date());
    forgetKept();
    expect(readKept()).toBeNull();
    localStorage.setItem('innopay.kept', '{');
    expect(readKept()).toBeNull();
  });
});
