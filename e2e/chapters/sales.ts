import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { logIn, logInAnew, withSettings } from '../support/acts';
import type { Demo, DemoMerchant } from '../support/demo';
import { papers } from '../support/printing';
import { journey } from '../support/world';

interface Sums {
  netAmount: number;
  count: number;
  canceledCount: number;
}

const DAY_MS = 86_400_000;
const today = (): string => new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
const before = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
const grouped = (won: number): string => won.toLocaleString('ko-KR').replace('-', '−');

async function cashSale(demo: Demo, merchant: DemoMerchant, amount: number): Promise<void> {
  await demo.api(merchant, '/v1/payments', { method: 'CASH', orderId: `sales-${crypto.randomUUID()}`, orderName: '마감 시험', amount, cash: { received: amount } });
}

const summary = (demo: Demo, merchant: DemoMerchant, from: string, to: string): Promise<Sums> => demo.api<Sums>(merchant, `/v1/payments/summary?from=${from}&to=${to}`);

/** Waits until the large amount is what it should be: sales of others may still come in. */
async function shows(page: Page, won: number): Promise<void> {
  await page.locator('.sales-head .amount-xl').getByText(grouped(won), { exact: true }).waitFor();
}

/** The download of a link, opened and read as lines of cells. */
async function taken(page: Page, press: () => Promise<void>): Promise<string[][]> {
  const [file] = await Promise.all([page.waitForEvent('download'), press()]);
  const text = await readFile(await file.path(), 'utf8');
  return text
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
}

describe('sales', () => {
  test(
    'home leads to them; day, week and month are what the summary of the payments says, and a file of them adds up',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await cashSale(demo, merchant, 12_340);
      await logIn(page, merchant);
      await page.getByRole('link', { name: '오늘 매출' }).click();
      const day = today();
      const of = await summary(demo, merchant, day, day);
      await shows(page, of.netAmount);
      await page.getByText('현금', { exact: true }).first().waitFor();

      await page.getByRole('radio', { name: '월', exact: true }).click();
      const month = await summary(demo, merchant, `${day.slice(0, 8)}01`, day);
      await shows(page, month.netAmount);
      await page.getByText('표로 보기').first().click();
      assert.equal(await page.getByRole('table', { name: '날짜별 표' }).getByRole('row').count(), Number(day.slice(8)) + 1);

      await page.getByRole('button', { name: '파일로 받기' }).click();
      const lines = await taken(page, () => page.getByRole('link', { name: 'CSV' }).click());
      const at = lines[0]?.indexOf('순매출') ?? -1;
      const days = lines.slice(1, -1).map((cells) => Number(cells[at]));
      assert.equal(
        days.reduce((sum, won) => sum + won, 0),
        month.netAmount,
      );
      assert.deepEqual([lines.at(-1)?.[0], Number(lines.at(-1)?.[at])], ['합계', month.netAmount]);
    }),
  );

  test(
    'staff see their own of today, until the owner lets them see all',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant, 'STAFF');
      await page.goto('/app/sales');
      await page.getByText('오늘 내가 받은 매출만 보여요', { exact: false }).waitFor();
      assert.equal(await page.getByRole('radio', { name: '월', exact: true }).count(), 0);
      await page.goto('/app/sales/close');
      await page.getByRole('heading', { name: '쓸 수 있는 권한이 없어요' }).waitFor();
    }),
  );

  test(
    'a day is closed with what is missing in the drawer, is printed, and a later sale stands beside it',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const day = before(today(), 1); // a day of its own: nobody sells on it any more
      const { expectedCash } = await demo.api<{ expectedCash: number }>(merchant, `/v1/closings/${day}`);
      await withSettings(demo, merchant, { printer: true }, async () => {
        await logIn(page, merchant);
        await page.goto(`/app/sales/close?day=${day}`);
        await page.getByLabel('1,000원 개수').fill('9');
        await page.getByRole('button', { name: '1,000원 하나 더하기' }).click();
        await page.getByLabel('준비금').fill(String(10_500 - expectedCash));
        await page.getByText('500원 모자라요').waitFor();
        await page.getByLabel('메모').fill('거스름돈을 더 줬어요');
        await page.getByRole('button', { name: /마감$/ }).click();
        await page.getByText('마감했어요').waitFor();
        await page.getByText('500원 모자라요').waitFor();
        const { difference } = (await demo.api<{ closings: { difference: number }[] }>(merchant, `/v1/closings?from=${day}&to=${day}`)).closings[0] ?? {};
        assert.equal(difference, -500);

        const { id } = await demo.api<{ id: string }>(merchant, '/v1/printers', { name: '마감 프린터', transport: 'NETWORK', address: demo.file.printer, columns: 42, mode: 'CP949', hangul: 'FULL', drawer: false });
        await page.goto('/app/settings/printer');
        await page.getByRole('group', { name: '마감 프린터' }).getByRole('button', { name: '이 기기에서 쓰기' }).click();
        await page.getByText('이 기기에서 쓰는 중').waitFor();
        await page.goto(`/app/sales/close?day=${day}`);
        await page.getByRole('button', { name: '출력', exact: true }).click();
        await page.getByText('출력했어요').first().waitFor();
        const text = ((await papers(demo)).at(-1)?.text ?? '').replace(/\s/g, '');
        for (const word of ['일마감', day, '-500원', '거스름돈을더줬어요']) assert.ok(text.includes(word), `${word} in ${text}`);
        await demo.remove(merchant, `/v1/printers/${id}`);

        await page.getByRole('button', { name: '마감 다시 열기' }).click();
        await page.getByLabel('다시 여는 이유').fill('잘못 셌어요');
        await page.getByRole('button', { name: '다시 열기', exact: true }).click();
        await page.getByText('현금을 세어 주세요').waitFor();
        await page.goto('/app/sales/closings');
        await page.getByText('다시 엶').waitFor();
      });
    }),
  );

  test(
    'what comes after the close of today is told apart and changes nothing of it',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const day = today();
      await demo.api(merchant, '/v1/closings', { day, counted: [], float: 0 });
      await demo.api(merchant, '/v1/payments', { method: 'CASH', orderId: `late-${crypto.randomUUID()}`, orderName: '늦은 손님', amount: 7_700, cash: { received: 7_700 } });
      await logIn(page, merchant);
      await page.goto('/app/sales/close');
      await page.getByText('마감 후 거래', { exact: true }).waitFor();
      await page.getByText('마감 금액은 바뀌지 않았어요', { exact: false }).waitFor();
      // Other journeys may sell meanwhile, and only ever more.
      const { supplement } = await demo.api<{ supplement: { amount: number } }>(merchant, `/v1/closings/${day}`);
      assert.ok(supplement.amount >= 7_700, String(supplement.amount));
    }),
  );

  test(
    'payouts are expected, as a calendar and a list',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/sales/settlements');
      await page.getByText('예상 금액이에요', { exact: false }).waitFor();
      const day = today();
      const month = await demo.api<{ total: { netAmount: number }; uncoveredAmount?: number }>(merchant, `/v1/settlements?from=${day.slice(0, 8)}01&to=${before(nextMonth(day), 1)}`);
      await shows(page, month.total.netAmount);
      if (month.uncoveredAmount) await page.getByText(`${grouped(month.uncoveredAmount)}원`, { exact: false }).first().waitFor();
      await page.getByRole('table', { name: /정산 달력$/ }).waitFor();
    }),
  );
});

function nextMonth(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
}
