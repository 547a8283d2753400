// Reads one delivery a line as JSON {secret, headers, body} and prints a line for each:
// what the package makes of it, or "refused: " and why.
import { createInterface } from 'node:readline';
import { Webhook } from 'standardwebhooks';

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  try {
    console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
  } catch (cause) {
    console.log(`refused: ${cause.message}`);
  }
}
