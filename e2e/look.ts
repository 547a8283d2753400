import { launch, openWindow, settled } from './support/browser';
import { Demo } from './support/demo';
import { enterConsole } from './support/console';
import { complaints } from './support/axe';
const paths = process.argv.slice(2);
const demo = await Demo.start();
const browser = await launch();
try {
  const pay = async (behaviour: string, orderId: string, amount: number) => {
    const card = demo.file.cards.find((c) => c.behaviour === behaviour)!;
    const m = demo.file.merchants[0]!;
    const r = await fetch(demo.file.baseUrl + '/v1/payments', { method: 'POST', headers: { authorization: 'Basic ' + Buffer.from(m.secretKey + ':').toString('base64'), 'content-type': 'application/json', 'Idempotency-Key': orderId },
      body: JSON.stringify({ method: 'CARD', orderId, orderName: '시험 주문 ' + orderId, amount, ...(m.taxType === 'TAX_FREE' ? { taxFreeAmount: amount } : {}), card: { entry: 'KEY_IN', ...Object.fromEntries(Object.entries(card).filter(([k]) => k !== 'behaviour')) } }) });
    console.log(orderId, r.status);
    return r.json();
  };
  const good: any = await pay('APPROVE', 'look-order-1', 33000);
  await demo.script([{ on: 'AUTHORIZE', do: 'DROP', times: 1 }, { on: 'REVERSE', do: 'DROP', times: 9 }, { on: 'INQUIRE', do: 'DROP', times: 9 }]);
  const open: any = process.env['OPEN'] ? await pay('APPROVE', 'look-order-2', 47000) : undefined;
  let n = 0;
  for (const [width, dark] of [[1440, false], [1440, true], [1024, false], [412, false]] as const) {
    if (process.env['ONLY'] && process.env['ONLY'] !== String(width) + (dark ? 'd' : '')) continue;
    const w = await openWindow(browser, demo.file.baseUrl, { width, height: 900, dark });
    if (n++ === 0 && process.env['LOGIN']) { await w.page.goto('/console/'); await w.page.getByLabel('아이디').waitFor(); await settled(w.page); await w.page.screenshot({ path: '/tmp/console/login.png' }); }
    await enterConsole(w.page, demo);
    for (const raw of paths) {
      const path = raw.replaceAll('GOOD', `${good.merchantId}/${good.id}`).replaceAll('OPEN', open ? `${open.merchantId}/${open.id}` : '').replaceAll('MER', good.merchantId).replaceAll('APPROVAL', good.card?.approvalNumber ?? '');
      await w.page.goto('/console' + path);
      await w.page.waitForLoadState('networkidle');
      await settled(w.page);
      const name = raw.replace(/[^a-z]+/gi, '-');
      await w.page.screenshot({ path: `/tmp/console/${name}-${width}${dark ? 'd' : ''}.png` });
      console.log((await complaints(w.page, `${raw} ${width}`)).join('\n'));
    }
    console.log(w.watch.faults().join('\n'));
    await w.context.close();
  }
} finally {
  await browser.close();
  await demo.stop();
}
