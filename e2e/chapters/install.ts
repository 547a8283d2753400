import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { logInAnew } from '../support/acts';
import { launchKept } from '../support/browser';
import { journey, world } from '../support/world';

interface Icon {
  src: string;
  sizes: string;
  type: string;
  purpose: string;
}

/** What an icon's address answers: its type, and how large the picture in it is. */
function load(page: Page, src: string): Promise<{ type: string; width: number; height: number; corner: number }> {
  return page.evaluate(async (address) => {
    const type = (await fetch(address)).headers.get('content-type') ?? '';
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const pen = canvas.getContext('2d');
    pen?.drawImage(image, 0, 0);
    return { type, width: image.naturalWidth, height: image.naturalHeight, corner: pen?.getImageData(0, 0, 1, 1).data[3] ?? -1 };
  }, src);
}

const OPAQUE = 255;

describe('frame: an app on the home screen', () => {
  test('the browser finds nothing against installing it', async () => {
    const { demo } = await world();
    const folder = await mkdtemp(join(tmpdir(), 'innopay-profile-'));
    const context = await launchKept(folder, demo.file.baseUrl);
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      await logInAnew(page, demo.merchant('TAXABLE'));
      await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated');
      const session = await context.newCDPSession(page);
      const { url, errors } = await session.send('Page.getAppManifest');
      assert.deepEqual([new URL(url).pathname, errors], ['/app/manifest.webmanifest', []]);
      const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
      assert.deepEqual(installabilityErrors, []);
    } finally {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test(
    'its icons are what the manifest says, and fill the square where the phone cuts the shape',
    journey({}, async ({ page }) => {
      await page.goto('/app/');
      const { icons } = await page.evaluate(async () => (await fetch('/app/manifest.webmanifest')).json() as Promise<{ icons: Icon[] }>);
      const png = icons.filter(({ type }) => type === 'image/png');
      assert.deepEqual(png.map(({ sizes, purpose }) => `${purpose} ${sizes}`).sort(), ['any 192x192', 'any 512x512', 'maskable 192x192', 'maskable 512x512']);
      for (const { src, sizes, purpose } of png) {
        const { type, width, height, corner } = await load(page, src);
        assert.deepEqual([src, type, `${width}x${height}`], [src, 'image/png', sizes]);
        assert.equal(corner === OPAQUE, purpose === 'maskable', `${src}: corner ${corner}`);
      }
      const apple = await page.locator('link[rel=apple-touch-icon]').getAttribute('href');
      assert.deepEqual(await load(page, apple ?? ''), { type: 'image/png', width: 180, height: 180, corner: OPAQUE });
    }),
  );
});
