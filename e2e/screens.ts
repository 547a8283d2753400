// Writes a picture of every screen at three widths, light and dark, into e2e/out.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, openWindow } from './support/browser';
import { Demo } from './support/demo';
import { tour } from './support/tour';

const SIZES = [
  { width: 320, height: 640 },
  { width: 412, height: 860 },
  { width: 900, height: 760 },
];

const out = join(import.meta.dirname, 'out');
await rm(out, { recursive: true, force: true });
const [demo, browser] = await Promise.all([Demo.start(), launch()]);
try {
  for (const size of SIZES) {
    for (const dark of [false, true]) {
      const folder = join(out, `${size.width}-${dark ? 'dark' : 'light'}`);
      await mkdir(folder, { recursive: true });
      const { page, context } = await openWindow(browser, demo.file.baseUrl, { ...size, dark });
      let count = 0;
      await tour(page, demo, async (name) => {
        count += 1;
        // A buyer's page is one long slip; a screen of the app is what fits the window.
        const fullPage = /^(receipt|link)/.test(name);
        await page.screenshot({ fullPage, path: join(folder, `${String(count).padStart(2, '0')}-${name}.png`) });
      });
      await context.close();
      console.log(`${folder}: ${count} screens`);
    }
  }
} finally {
  await browser.close();
  await demo.stop();
}
