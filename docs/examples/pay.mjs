// Pays 12,000 won and waits until the outcome is certain: node pay.mjs ORDER_ID
// CARD_NUMBER is another test card.
import { setTimeout as pause } from 'node:timers/promises';

const { INNOPAY_URL, INNOPAY_KEY, CARD_NUMBER = '9990011000000018' } = process.env;
const orderId = process.argv[2];
const headers = {
  Authorization: `Basic ${btoa(`${INNOPAY_KEY}:`)}`,
  'Content-Type': 'application/json',
  'Idempotency-Key': `pay-${orderId}`, // the same for every try of this payment
};
const body = JSON.stringify({
  method: 'CARD',
  orderId,
  orderName: '아메리카노 2잔',
  amount: 12000,
  card: { entry: 'KEY_IN', number: CARD_NUMBER, expiryMonth: '12', expiryYear: '35', birthOrBusinessNumber: '900101', passwordTwoDigits: '12' },
});

async function ask(path, options) {
  for (let tries = 1; ; tries++) {
    try {
      const answer = await fetch(INNOPAY_URL + path, { ...options, headers, signal: AbortSignal.timeout(90_000) });
      const said = await answer.json();
      if (answer.ok || !said.retryable || tries === 5) return said;
    } catch (cause) {
      // No answer says nothing about the payment. The same key asks again.
      if (tries === 5) throw cause;
    }
    await pause(1000 * tries);
  }
}

let payment = await ask('/v1/payments', { method: 'POST', body });
// Not yet certain: neither approved nor declined. Ask until it is, and never pay anew.
while (payment.status === 'UNKNOWN' || payment.status === 'IN_PROGRESS') {
  console.error(`${payment.id} ${payment.status}`);
  await pause(1000);
  payment = await ask(`/v1/payments/${payment.id}`);
}
console.log(payment.status ?? 'REFUSED', payment.id ?? '', payment.card?.approvalNumber ?? payment.failure?.code ?? payment.code);
process.exitCode = payment.status === 'DONE' ? 0 : 1;
