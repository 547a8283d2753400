// Looks a payment up by the order it belongs to: node find.mjs ORDER_ID
const { INNOPAY_URL, INNOPAY_KEY } = process.env;
const orderId = process.argv[2];

const answer = await fetch(`${INNOPAY_URL}/v1/payments/orders/${encodeURIComponent(orderId)}`, {
  headers: { Authorization: `Basic ${btoa(`${INNOPAY_KEY}:`)}` },
  signal: AbortSignal.timeout(30_000),
});
const payment = await answer.json();
if (!answer.ok) throw new Error(`${payment.code}: ${payment.message} (${payment.traceId})`);
console.log(payment.id, payment.status, payment.amount, payment.balanceAmount);
