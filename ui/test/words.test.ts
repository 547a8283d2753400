import { expect, test } from 'vitest';
import type { Payment } from '../src/shared/api/types';
import { meansText } from '../src/merchant/words';

const card = { issuerName: 'KB국민카드', maskedNumber: '99900110****0018' } as NonNullable<Payment['card']>;

test.each([
  { channel: 'CARD' as const, card, want: 'KB국민카드 0018' },
  { channel: 'SMS' as const, card, want: 'SMS KB국민카드 0018' },
  { channel: 'SMS' as const, card: undefined, want: 'SMS' },
  { channel: 'CARD' as const, card: { ...card, issuerName: undefined } as unknown as typeof card, want: '카드 0018' },
])('a row says how a buyer was asked beside the card: $want', ({ channel, card, want }) => {
  expect(meansText({ channel, ...(card ? { card } : {}) })).toBe(want);
});
