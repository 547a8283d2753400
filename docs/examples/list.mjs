// Lists every payment of a day, newest first: node list.mjs 2026-03-02
const { INNOPAY_URL, INNOPAY_KEY } = process.env;
const day = process.argv[2];

async function* payments() {
  let cursor = '';
  do {
    const query = new URLSearchParams({ from: day, to: day, limit: '100', ...(cursor && { cursor }) });
    const answer = await fetch(`${INNOPAY_URL}/v1/payments?${query}`, {
      headers: { Authorization: `Basic ${btoa(`${INNOPAY_KEY}:`)}` },
      signal: AbortSignal.timeout(30_000),
    });
    const page = await answer.json();
    if (!answer.ok) throw new Error(`${page.code}: ${page.message} (${page.traceId})`);
    yield* page.payments;
    cursor = page.nextCursor; // absent on the last page
  } while (cursor);
}

for await (const payment of payments()) console.log(payment.id, payment.orderId, payment.status, payment.amount);
