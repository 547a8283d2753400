import { launch, openWindow } from './support/browser';
import { Demo } from './support/demo';
import { logIn, enterAmount, typeAtOnce } from './support/acts';
const demo = await Demo.start(); const browser = await launch();
const card = demo.card('APPROVE'); const rest = `${card.expiryYear}${card.expiryMonth}1010000`;
const stripe = `%B${card.number}^TEST/CARD^${rest}?;${card.number}=${rest}?`;
let bad = 0;
try {
  for (let i = 0; i < 25; i++) {
    const { page, context, watch } = await openWindow(browser, demo.file.baseUrl, {});
    const log: string[] = [];
    page.on('console', (m) => log.push(m.text()));
    await page.addInitScript(() => { const l: [string, number, number][] = []; (window as unknown as {l: unknown}).l = l; window.addEventListener('keydown', (e) => { l.push([e.key, Math.round(e.timeStamp*10)/10, Math.round(performance.now())]); }, true); });
    await logIn(page, demo.merchant('TAXABLE'));
    await enterAmount(page, 9000);
    await typeAtOnce(page, stripe);
    try { await page.getByRole('heading', { name: '카드를 읽었어요' }).waitFor({ timeout: 4000 }); }
    catch { bad++; console.log(i, await page.locator('main').innerText(), log, watch.faults(), page.url());
      const l = await page.evaluate(() => (window as unknown as {l: [string, number, number][]}).l);
      console.log(l.length, l.map(([k, t, n], j) => `${k}:${j ? (t - (l[j-1]?.[1] ?? 0)).toFixed(1) : t}/${j ? n - (l[j-1]?.[2] ?? 0) : n}`).join(' ')); }
    await context.close();
  }
  console.log('bad', bad);
} finally { await browser.close(); await demo.stop(); }
