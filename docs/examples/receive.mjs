// Receives webhooks: npm install standardwebhooks && WEBHOOK_SECRET=whsec_… PORT=3000 node receive.mjs
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const told = new Set(); // webhook-id of what was worked on; keep it in your database
const newest = new Map(); // highest version of each thing; likewise

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts).toString(); // as it came: parsed and written anew it does not verify
  let event;
  try {
    event = webhook.verify(body, request.headers);
  } catch {
    response.writeHead(400).end();
    return;
  }
  response.writeHead(204).end(); // within 10 seconds; the work comes afterwards
  const id = request.headers['webhook-id'];
  const { type, data } = event;
  const about = data.id ?? id;
  if (told.has(id) || data.version <= newest.get(about)) return; // told again, or late
  told.add(id);
  newest.set(about, data.version);
  console.log(type, about, data.status ?? '');
}).listen(Number(process.env.PORT), () => console.log('listening'));
