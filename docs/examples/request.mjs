// Asks a buyer for 55,000 won by text: node request.mjs ORDER_ID PHONE
const { INNOPAY_URL, INNOPAY_KEY } = process.env;
const [orderId, phone] = process.argv.slice(2);

const answer = await fetch(`${INNOPAY_URL}/v1/payment-requests`, {
  method: 'POST',
  headers: {
    Authorization: `Basic ${btoa(`${INNOPAY_KEY}:`)}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': `request-${orderId}`,
  },
  body: JSON.stringify({ kind: 'SMS', orderId, orderName: '꽃다발', amount: 55000, buyer: { name: '구매자 1', phone } }),
  signal: AbortSignal.timeout(30_000),
});
const request = await answer.json();
if (!answer.ok) throw new Error(`${request.code}: ${request.message} (${request.traceId})`);
console.log(request.id, request.status, request.url);
