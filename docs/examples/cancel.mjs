// Gives a part of a payment back: node cancel.mjs PAYMENT_ID AMOUNT
const { INNOPAY_URL, INNOPAY_KEY, INNOPAY_CANCEL_PASSWORD } = process.env;
const [paymentId, amount] = process.argv.slice(2);

const answer = await fetch(`${INNOPAY_URL}/v1/payments/${paymentId}/cancel`, {
  method: 'POST',
  headers: {
    Authorization: `Basic ${btoa(`${INNOPAY_KEY}:`)}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': `cancel-${paymentId}-2`, // named after what is given back
  },
  body: JSON.stringify({ reason: '한 잔 품절', amount: Number(amount), cancelPassword: INNOPAY_CANCEL_PASSWORD }),
  signal: AbortSignal.timeout(90_000),
});
const payment = await answer.json();
if (!answer.ok) throw new Error(`${payment.code}: ${payment.message} (${payment.traceId})`);
// 202: that cancel is not certain yet. Its amount stays reserved, so balanceAmount counts.
console.log(payment.status, payment.balanceAmount, payment.cancels.at(-1).status);
