import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { Download, Locator, Page } from 'playwright-core';
import { approved, enterAmount, keyIn, logIn, logInAnew, pay, paymentId } from '../support/acts';
import { openWindow } from '../support/browser';
import { Demo, type DemoMerchant } from '../support/demo';
import { journey, world } from '../support/world';

/** Settling takes its read time-outs and pauses, in milliseconds. */
const SETTLED = 60_000;

interface Payment {
  id: string;
  orderId: string;
  status: string;
  balanceAmount: number;
  staffId: string;
}

interface Timeline {
  steps: { kind: string }[];
  settling: unknown[];
}

const get = (demo: Demo, merchant: DemoMerchant, id: string): Promise<Payment> => demo.api<Payment>(merchant, `/v1/payments/${id}`);

/** The history as a file of a format, which the sheet behind the button offers. */
async function taken(page: Page, format: string): Promise<Download> {
  await page.getByRole('button', { name: '거래내역 파일로 받기' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: format }).click()]);
  return file;
}

describe('chapters 7 and 8: the desk', () => {
  test(
    'every filter stands in the address, survives reload and back, and leaves by its chip',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.goto('/app/payments');
      await page.getByRole('radio', { name: '3개월' }).click();
      await page.getByRole('radio', { name: '카드', exact: true }).click();
      await page.getByRole('radio', { name: '승인', exact: true }).click();
      await page.getByRole('button', { name: '상세 조건' }).click();
      await page.getByLabel('최소 금액').fill('1000');
      await page.getByLabel('최대 금액').fill('900000');
      await page.getByLabel('카드사').selectOption({ label: '신한카드' });
      await page.getByLabel('할부').selectOption({ label: '일시불' });
      await page.getByRole('button', { name: '조회' }).click();
      const asked = /period=quarter&channel=CARD&status=DONE&minAmount=1000&maxAmount=900000&issuerCode=41&installmentMonths=0/;
      await page.waitForURL(asked);
      const row = page.locator('a.row').first();
      await row.waitFor();
      const rows = await page.locator('a.row').count();
      await page.reload();
      await row.waitFor();
      await stillAsked(page, rows);
      await row.click();
      await page.getByRole('heading', { name: '거래 상세' }).waitFor();
      await page.goBack();
      await row.waitFor();
      assert.match(page.url(), asked);
      await stillAsked(page, rows);
      await page.getByRole('button', { name: '카드사 신한카드 조건 지우기' }).click();
      await page.waitForURL((url) => !url.search.includes('issuerCode'));
      await page.getByRole('button', { name: '모두 지우기' }).click();
      await page.waitForURL(/period=quarter&channel=CARD&status=DONE$/);
    }),
  );

  test(
    'the owner asks for what one person took and sees no other payments',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const card = demo.card('APPROVE');
      await logInAnew(page, merchant, 'STAFF');
      await pay(page, 23_450, card);
      const theirs = await approved(page);
      await context.clearCookies();
      await logIn(page, merchant);
      await pay(page, 23_450, card);
      const own = await approved(page);
      const { staffId } = await get(demo, merchant, theirs);
      await page.goto('/app/payments?period=today&minAmount=23450&maxAmount=23450');
      const row = (id: string): Locator => page.locator(`a.row[href$="/payments/${id}"]`);
      await row(theirs).waitFor();
      await row(own).waitFor();
      await page.getByRole('button', { name: '상세 조건' }).click();
      await page.getByLabel('담당자').selectOption({ label: '시험 직원' });
      await page.getByRole('button', { name: '조회' }).click();
      await page.waitForURL((url) => url.searchParams.get('staffId') === staffId);
      await row(own).waitFor({ state: 'detached' });
      await row(theirs).waitFor();
      await page.reload();
      await row(theirs).waitFor();
      assert.equal(await row(own).count(), 0);
      const chip = page.getByRole('button', { name: '담당자 시험 직원 조건 지우기' });
      await chip.waitFor();
      await row(theirs).click();
      await page.locator('.fact', { hasText: '담당자' }).getByText('시험 직원').waitFor();
      await page.goBack();
      await chip.click();
      await row(own).waitFor();
      await row(own).click();
      await page.locator('.fact', { hasText: '담당자' }).getByText('시험 점주').waitFor();
    }),
  );

  test(
    'a reload comes back to where the list was',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.goto('/app/payments?period=quarter');
      const rows = page.locator('a.row');
      await rows.nth(29).waitFor();
      while ((await rows.count()) < 60) {
        await page.mouse.wheel(0, 3000);
        await page.waitForTimeout(100);
      }
      await rows.nth(45).scrollIntoViewIfNeeded();
      const before = await page.evaluate(() => window.scrollY);
      assert.ok(before > 1000, `scrolled only to ${before}`);
      await page.waitForFunction((y) => (history.state as { scroll: number } | null)?.scroll === y, before);
      await page.reload();
      await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 120, before);
    }),
  );

  test(
    'the filter goes as a file that holds the row, masked and in Korean',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const card = demo.card('APPROVE');
      await logIn(page, merchant);
      await pay(page, 12_340, card);
      const id = await approved(page);
      await page.goto('/app/payments?period=today&minAmount=12340&maxAmount=12340');
      await page.locator(`a[href$="/payments/${id}"]`).waitFor();
      const file = await taken(page, 'CSV');
      assert.match(file.suggestedFilename(), /^거래내역_\d{8}\.csv$/);
      const text = await readFile(await file.path(), 'utf8');
      assert.ok(text.startsWith('\uFEFF거래번호,주문번호,상품명,거래종류,상태,금액'), text.slice(0, 80));
      const lines = text.trimEnd().split('\r\n');
      assert.equal(lines.length, 2);
      assert.match(lines[1] ?? '', new RegExp(`^${id},.*,카드,승인,12340,11218,1122,`));
      assert.ok(!text.includes(card.number));
      assert.ok(text.includes(`${card.number.slice(0, 6)}******${card.number.slice(-4)}`));
      const book = await taken(page, '엑셀');
      assert.match(book.suggestedFilename(), /^거래내역_\d{8}\.xlsx$/);
      const packed = await readFile(await book.path());
      assert.equal(packed.subarray(0, 4).toString('latin1'), 'PK\u0003\u0004');
    }),
  );

  test(
    'cancel from the menu: kind, list, part, rest, slip, and the list says so',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await pay(page, 33_000, demo.card('APPROVE'));
      const id = await approved(page);
      await page.goto('/app/');
      await page.getByRole('link', { name: '취소/환불' }).first().click();
      await page.getByRole('heading', { name: '어떤 거래를 취소할까요?' }).waitFor();
      await page.getByRole('link', { name: /카드결제/ }).last().click();
      await page.waitForURL(/\/cancel\?channel=CARD/);
      await page.locator(`a[href$="/payments/${id}"]`).click();
      await page.getByRole('link', { name: '결제 취소' }).click();
      await page.getByRole('radio', { name: '부분' }).click();
      await page.getByLabel('취소 금액', { exact: true }).fill('3000');
      await cancelWith(page, merchant.cancelPassword, '3,000원 취소');
      await page.getByRole('heading', { name: '취소했어요' }).waitFor();

      await page.goto('/app/cancel?channel=CARD');
      const row = page.locator(`a[href$="/payments/${id}"]`);
      await row.getByText('30,000').waitFor();
      await row.click();
      await page.getByRole('link', { name: '결제 취소' }).click();
      await cancelWith(page, merchant.cancelPassword, '30,000원 취소');
      await page.getByRole('heading', { name: '취소했어요' }).waitFor();
      assert.deepEqual(await books(demo, merchant, id), { status: 'CANCELED', balanceAmount: 0 });
      await page.getByRole('link', { name: '거래내역으로' }).click();
      await page.locator(`a[href$="/payments/${id}"]`).getByText('취소', { exact: true }).waitFor();

      // What cannot be cancelled any more stays in the list with its reason, and leads nowhere.
      await page.goto('/app/cancel?channel=CARD&period=today&status=CANCELED');
      await page.getByText('이미 모두 취소').first().waitFor();
      assert.equal(await page.locator(`a[href$="/payments/${id}"]`).count(), 0);
      await page.goto(`/app/payments/${id}`);
      await page.getByText('3,000원 취소를 요청했어요').waitFor();
      assert.equal(await page.getByText('취소됐어요').count(), 2);
    }),
  );

  test(
    'a payment without an answer is told while it is settled and after, and never as failed',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      // The first reversals get no answer either, so that there is time to look.
      await demo.script([{ on: 'REVERSE', do: 'DROP', times: 2 }]);
      await enterAmount(page, 17_170);
      await keyIn(page, demo.card('TIMEOUT'));
      await page.getByRole('button', { name: /원 결제$/ }).click();
      await page.getByRole('heading', { name: '결제 결과를 확인 중이에요' }).waitFor();
      const { payments } = await demo.api<{ payments: Payment[] }>(merchant, '/v1/payments?limit=1&minAmount=17170&maxAmount=17170');
      const id = payments[0]?.id ?? '';

      const owner = await page.context().newPage();
      await owner.goto('/app/payments');
      await owner.getByRole('heading', { name: '확인 중인 거래 1건' }).waitFor();
      await owner.getByText('답이 오지 않아 결제를 되돌리고 있어요').waitFor();
      await neverFailed(owner);
      await owner.getByRole('button', { name: '모두 보기' }).click();
      await owner.waitForURL(/status=UNKNOWN/);
      await owner.locator(`a.row[href$="/payments/${id}"]`).click();
      await owner.getByText('제때 답이 오지 않아 결과를 확인하기 시작했어요').waitFor();
      await neverFailed(owner);
      await owner.getByText('결제를 되돌렸어요. 돈은 나가지 않아요').waitFor({ timeout: SETTLED });
      await owner.getByText('구매자의 돈은 나가지 않아요').waitFor();
      await neverFailed(owner);
      await owner.getByRole('button', { name: '번호 보기' }).click();
      await owner.getByRole('button', { name: '거래번호 복사' }).waitFor();
      await owner.getByText(id).waitFor();
      const line = await demo.api<Timeline>(merchant, `/v1/payments/${id}/timeline`);
      assert.deepEqual(line.settling, []);
      assert.equal(line.steps.at(-1)?.kind, 'REVERSED');
      await owner.goto('/app/payments');
      await owner.locator('a.row').first().waitFor();
      assert.equal(await owner.getByRole('heading', { name: /^확인 중인 거래/ }).count(), 0);
      assert.equal(paymentId(page), id);
    }),
  );

  test(
    'a cancel without an answer holds its amount, is told, and resolves by itself',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await pay(page, 19_190, demo.card('APPROVE'));
      const id = await approved(page);
      await demo.script([
        { on: 'VOID', do: 'TIMEOUT', times: 1 },
        { on: 'INQUIRE', do: 'DROP', times: 1 },
      ]);
      await page.goto(`/app/payments/${id}/cancel`);
      await cancelWith(page, merchant.cancelPassword, '19,190원 취소');
      await page.getByRole('heading', { name: '취소 결과를 확인 중이에요' }).waitFor();
      const owner = await context.newPage();
      await owner.goto('/app/payments?status=UNKNOWN');
      await owner.locator(`a.row[href$="/payments/${id}"]`).click();
      await owner.getByText('취소할 금액은 잡아 두었어요. 결과가 나오면').waitFor();
      await neverFailed(owner);
      await page.getByRole('heading', { name: '취소했어요' }).waitFor({ timeout: SETTLED });
      await owner.getByText('취소됐어요').waitFor({ timeout: SETTLED });
      assert.deepEqual(await books(demo, merchant, id), { status: 'CANCELED', balanceAmount: 0 });
    }),
  );

  test(
    'wrong cancel passwords lock, the screen says for how long, and nothing moves',
    async () => {
      // A demo of its own: the lock of a merchant outlives every other journey.
      const [demo, { browser }] = await Promise.all([Demo.start(), world()]);
      const window = await openWindow(browser, demo.file.baseUrl);
      try {
        await lockOut(window.page, demo);
        assert.deepEqual(window.watch.faults(), []);
      } finally {
        await window.context.close();
        await demo.stop();
      }
    },
  );
});

/** The chips of the first journey are all as they were chosen, over as many rows. */
async function stillAsked(page: Page, rows: number): Promise<void> {
  for (const name of ['3개월', '카드', '승인']) assert.equal(await page.getByRole('radio', { name, exact: true }).getAttribute('aria-checked'), 'true', name);
  for (const text of ['1,000원 이상', '900,000원 이하', '카드사 신한카드', '할부 일시불']) await page.getByRole('button', { name: `${text} 조건 지우기` }).waitFor();
  assert.equal(await page.locator('a.row').count(), rows);
}

async function lockOut(page: Page, demo: Demo): Promise<void> {
  const merchant = demo.merchant('TAXABLE');
  await logInAnew(page, merchant);
  await pay(page, 21_000, demo.card('APPROVE'));
  const id = await approved(page);
  await page.goto(`/app/payments/${id}/cancel`);
  for (const left of [4, 3, 2, 1]) {
    await cancelWith(page, 'not-the-password', '21,000원 취소');
    await page.getByText(`남은 시도 ${left}회`).waitFor();
  }
  await cancelWith(page, 'not-the-password', '21,000원 취소');
  await page.getByText(/\d+분 뒤에 다시 할 수 있어요/).waitFor();
  await cancelWith(page, merchant.cancelPassword, '21,000원 취소');
  await page.getByText(/\d+분 뒤에 다시 할 수 있어요/).waitFor();
  assert.deepEqual(await books(demo, merchant, id), { status: 'DONE', balanceAmount: 21_000 });
}

async function cancelWith(page: Page, password: string, act: string): Promise<void> {
  await page.getByRole('radio', { name: '단순 변심' }).click();
  await page.getByLabel('취소 비밀번호').fill(password);
  await page.getByRole('button', { name: act }).click();
}

async function books(demo: Demo, merchant: DemoMerchant, id: string): Promise<{ status: string; balanceAmount: number }> {
  const { status, balanceAmount } = await get(demo, merchant, id);
  return { status, balanceAmount };
}

async function neverFailed(page: Page): Promise<void> {
  assert.ok(!(await page.locator('body').innerText()).includes('실패'));
}
