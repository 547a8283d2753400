import { mkdir } from 'node:fs/promises';
import { launch, openWindow, settled } from './support/browser';
import { Demo } from './support/demo';
import { logIn } from './support/acts';
import { guideTour } from './support/tour-guide';
import { complaints } from './support/axe';
const only = process.argv[2]?.split(',') ?? ['320','412','900'];
const [demo, browser] = await Promise.all([Demo.start(), launch()]);
try {
  for (const width of only.map(Number)) for (const dark of [false, true]) {
    if (dark && width !== 412) continue;
    const folder = `/tmp/content-shots/${width}-${dark ? 'dark' : 'light'}`;
    await mkdir(folder, { recursive: true });
    const { page, context, watch } = await openWindow(browser, demo.file.baseUrl, { width, height: width === 900 ? 760 : 860, dark });
    await logIn(page, demo.merchant('MIXED'));
    try {
      await guideTour(page, async (name) => {
        await settled(page);
        await page.screenshot({ path: `${folder}/${name}.png`, fullPage: name === 'support' });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) console.log(width, name, 'scrolls by', wide);
        const found = await complaints(page, name);
        if (found.length) console.log(width, dark, name, JSON.stringify(found).slice(0, 400));
      });
    } catch (e) { console.log(String(e).slice(0, 600)); await page.screenshot({ path: `${folder}/zz.png` }); }
    console.log(folder, watch.faults());
    await context.close();
  }
} finally { await browser.close(); await demo.stop(); }
