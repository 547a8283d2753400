// Measures the app and the buyer's receipt of a demo with Lighthouse, on a simulated
// phone and slow 4G, and prints scores and times beside their budgets (make
// lighthouse). Accessibility and best practices have a least score; speed depends on the
// machine and is only shown.
import { launch as launchChrome } from 'chrome-launcher';
import lighthouse, { type Flags } from 'lighthouse';
import { Demo } from '../support/demo';

const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** The least scores. A browser logs the 401 of asking who is logged in, which costs best practices a little. */
const LEAST: Record<string, number> = { accessibility: 100, 'best-practices': 95 };

/** The session cookie of a merchant's owner. */
async function cookie(demo: Demo): Promise<string> {
  const login = demo.file.merchants[0]?.logins[0];
  const answer = await fetch(`${demo.file.baseUrl}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ loginId: login?.loginId, password: login?.password }),
  });
  return answer.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
}

const demo = await Demo.start();
const chrome = await launchChrome({ chromePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', chromeFlags: FLAGS });
const short: string[] = [];
try {
  const session = await cookie(demo);
  const merchant = demo.merchant('TAXABLE');
  const { payments } = await demo.api<{ payments: { receiptUrl?: string }[] }>(merchant, '/v1/payments?status=DONE&limit=1');
  const pages: [string, string, string][] = [
    ['login', `${demo.file.baseUrl}/app/login`, ''],
    ['home', `${demo.file.baseUrl}/app/`, session],
    ['card payment', `${demo.file.baseUrl}/app/pay/card`, session],
    ['history', `${demo.file.baseUrl}/app/payments`, session],
    ['products', `${demo.file.baseUrl}/app/products`, session],
    ['receipt', payments[0]?.receiptUrl ?? '', ''],
  ];
  console.log('page            performance  accessibility  best-practices     LCP ms  TBT ms    CLS');
  for (const [name, url, sent] of pages) {
    const flags: Flags = { port: chrome.port, onlyCategories: ['performance', ...Object.keys(LEAST)], logLevel: 'error', ...(sent ? { extraHeaders: { Cookie: sent } } : {}) };
    const result = await lighthouse(url, flags);
    if (!result) throw new Error(`${name}: no result`);
    const { categories, audits } = result.lhr;
    const score = (id: string): number => Math.round((categories[id]?.score ?? 0) * 100);
    const figure = (id: string, digits = 0): string => (audits[id]?.numericValue ?? 0).toFixed(digits).padStart(7);
    console.log(name.padEnd(16) + [score('performance'), score('accessibility'), score('best-practices')].map((n) => String(n).padStart(11)).join('    ') + `    ${figure('largest-contentful-paint')} ${figure('total-blocking-time')} ${figure('cumulative-layout-shift', 3)}`);
    for (const [id, least] of Object.entries(LEAST)) {
      if (score(id) >= least) continue;
      short.push(`${name}: ${id} ${score(id)}`);
      for (const { id: audit } of categories[id]?.auditRefs ?? []) if (audits[audit]?.score === 0) short.push(`  ${audits[audit]?.title ?? audit}`);
    }
  }
  console.log('budgets: performance >= 95, LCP 2000 ms (app) and 1200 ms (receipt), CLS 0.05');
} finally {
  chrome.kill();
  await demo.stop();
}
if (short.length > 0) {
  console.error(short.join('\n'));
  process.exit(1);
}
