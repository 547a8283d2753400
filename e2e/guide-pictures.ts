// Takes the pictures of the manual, one a chapter, into ui/public/guide: small WebP files
// that are part of the app's shell.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { logIn } from './support/acts';
import { launch, openWindow, settled } from './support/browser';
import { Demo } from './support/demo';

const SIZE = { width: 360, height: 640 };
const QUALITY = 0.8;
/** All pictures together, in bytes. */
const MOST = 400_000;

/** Brings each chapter's screen up. */
const CHAPTERS: Record<string, (page: Page, demo: Demo) => Promise<void>> = {
  card: async (page) => {
    await page.goto('/app/pay/card');
    for (const text of ['+5만', '+1만']) await page.getByRole('button', { name: text }).click();
  },
  ars: (page) => asked(page, 'ars'),
  sms: (page) => asked(page, 'sms'),
  cash: async (page) => {
    await page.goto('/app/pay/cash');
    for (const text of ['+1만', '+1만']) await page.getByRole('button', { name: text }).click();
    await page.getByRole('button', { name: '20,000원 현금 받기' }).click();
    await page.getByRole('group', { name: '받은 지폐' }).getByRole('button', { name: '+5만' }).click();
  },
  receipt: async (page) => {
    await opened(page, '/app/payments');
    await page.locator('a.row').first().click();
    await page.getByRole('button', { name: /영수증 보내기/ }).first().click();
  },
  history: (page) => opened(page, '/app/payments'),
  cancel: (page) => opened(page, '/app/cancel'),
  products: async (page) => {
    await page.goto('/app/products');
    await page.getByRole('button', { name: /담기|추가/ }).first().waitFor();
  },
  settings: async (page) => {
    await page.goto('/app/settings');
    await page.getByRole('switch').first().waitFor();
  },
  help: async (page) => {
    await page.goto('/app/support');
    await page.getByRole('link', { name: /고객센터 1600/ }).waitFor();
  },
};

async function opened(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.locator('a.row').first().waitFor();
}

async function asked(page: Page, way: string): Promise<void> {
  await page.goto(`/app/pay/${way}`);
  await page.getByRole('button', { name: '+5만' }).click();
  await page.getByRole('button', { name: '50,000원 받는 사람 입력' }).click();
  await page.getByLabel('휴대폰 번호').fill('01000000001');
  await page.getByLabel('구매자 이름').fill('구매자 1');
}

/** The window as WebP, which browsers write and the driver does not. */
async function picture(page: Page): Promise<Buffer> {
  await settled(page);
  const png = (await page.screenshot()).toString('base64');
  const url = await page.evaluate(
    async ([data, quality, width, height]) => {
      const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [width, height];
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
      return canvas.toDataURL('image/webp', quality);
    },
    [png, QUALITY, SIZE.width, SIZE.height] as const,
  );
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

const out = join(import.meta.dirname, '../ui/public/guide');
await mkdir(out, { recursive: true });
const [demo, browser] = await Promise.all([Demo.start(), launch()]);
let bytes = 0;
try {
  const { page } = await openWindow(browser, demo.file.baseUrl, SIZE);
  const keep = async (name: string): Promise<void> => {
    const taken = await picture(page);
    bytes += taken.length;
    await writeFile(join(out, `${name}.webp`), taken);
    console.log(`${String(taken.length).padStart(7)} bytes  ${name}.webp`);
  };
  await page.goto('/app/login');
  await page.getByRole('button', { name: '로그인' }).waitFor();
  await keep('start');
  await logIn(page, demo.merchant('MIXED'));
  for (const [name, show] of Object.entries(CHAPTERS)) {
    await show(page, demo);
    await keep(name);
  }
} finally {
  await browser.close();
  await demo.stop();
}
if (bytes > MOST) {
  console.error(`${bytes} bytes of pictures, more than ${MOST}`);
  process.exit(1);
}
