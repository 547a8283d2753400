import type { Page } from 'playwright-core';
import type { Demo } from './demo';
import { plugIn } from './printing';
import type { Visit } from './tour';

/** The printer's settings and the print sheet, each in its states, with a printer of this device. */
export async function printingTour(page: Page, demo: Demo, visit: Visit): Promise<void> {
  await plugIn(page);
  await page.goto('/app/settings/printer');
  const use = page.getByRole('switch', { name: '모바일 프린터 사용' });
  await use.waitFor();
  await visit('printer-off');
  await use.click();
  await page.getByRole('heading', { name: '이 기기의 프린터' }).waitFor();
  await page.locator('.shop-printer').first().waitFor();
  await visit('printer-none');
  await shopPrinters(page, visit);
  await sheets(page, demo, visit);
  await page.goto('/app/settings/printer');
  await page.getByText('연결됨', { exact: true }).waitFor();
  await visit('printer-connected');
  await page.evaluate(() => window.fakePort.port.dispatchEvent(new Event('disconnect')));
  await page.getByText('프린터와 연결이 끊겼어요').waitFor();
  await visit('printer-lost');
  await page.goto('/app/');
  await page.locator('a.row').first().waitFor();
  await visit('home-printer');
  await page.goto('/app/settings/printer');
  await use.click();
  await page.getByRole('heading', { name: '종이 영수증을 쓰지 않고 있어요' }).waitFor();
}

/** Printers of the shop: the form, its fault, one that asks the server, and its end. */
async function shopPrinters(page: Page, visit: Visit): Promise<void> {
  await page.getByRole('button', { name: '프린터 추가' }).click();
  await page.getByLabel('프린터 이름').fill('계산대');
  await page.getByLabel('프린터 주소').fill('8.8.8.8');
  await page.getByRole('button', { name: '추가', exact: true }).click();
  await page.getByText('가게 네트워크에 있는 프린터 주소를 입력해 주세요').waitFor();
  await visit('printer-form-wrong');
  await page.getByRole('radio', { name: 'CloudPRNT' }).click();
  await page.getByLabel('프린터 이름').fill('주방 프린터');
  await visit('printer-form');
  await page.getByRole('button', { name: '추가', exact: true }).click();
  await page.getByRole('heading', { name: '프린터에 입력할 주소' }).waitFor();
  await visit('printer-shop');
  const added = page.getByRole('group', { name: '주방 프린터' });
  await added.getByRole('button', { name: '수정' }).click();
  await page.getByRole('button', { name: '프린터 삭제' }).click();
  await visit('printer-remove');
  await page.getByRole('button', { name: '삭제', exact: true }).click();
  await added.waitFor({ state: 'detached' });
}

/** From the receipt: no printer, no paper, broken off, printed. */
async function sheets(page: Page, demo: Demo, visit: Visit): Promise<void> {
  const { payments } = await demo.api<{ payments: { id: string }[] }>(demo.merchant('MIXED'), '/v1/payments?status=DONE&limit=1');
  await page.goto(`/app/payments/${payments[0]?.id}`);
  await page.getByRole('button', { name: '출력', exact: true }).click();
  const bluetooth = page.getByRole('dialog').getByRole('button', { name: /^블루투스 프린터/ });
  await bluetooth.waitFor();
  await visit('print-connect');
  await page.evaluate(() => (window.fakePort.status = 0x32));
  await bluetooth.click();
  await page.getByText('용지가 떨어졌어요').waitFor();
  await visit('print-failed');
  await page.evaluate(() => Object.assign(window.fakePort, { status: 0x12, breaksAfter: 100 }));
  await page.getByRole('button', { name: '다시 출력', exact: true }).click();
  await page.getByRole('heading', { name: '인쇄됐는지 확인해 주세요' }).waitFor();
  await visit('print-unsure');
  await page.evaluate(() => (window.fakePort.breaksAfter = Infinity));
  await page.getByRole('button', { name: '사본으로 다시 출력' }).click();
  await page.getByRole('button', { name: '다시 출력 (사본)' }).waitFor();
  await visit('print-again');
}
