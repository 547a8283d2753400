import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, enterAmount, keyIn, logIn, openCancel, withSettings } from '../support/acts';
import { BluetoothPrinter, RADIO } from '../support/bluetooth-printer';
import { launch, openWindow } from '../support/browser';
import type { Demo, DemoMerchant } from '../support/demo';
import { AskingPrinter, decode, likeIphone, papers, plugIn, scriptPrinter, sizeOfPng, solid, type Printed } from '../support/printing';
import { journey, world } from '../support/world';

const NAME = '뷁 라떼와 쀍한 쿠키';
/** The mark of a copy. */
const COPY = /재발행\(사본\)/;

interface Payment {
  id: string;
  receiptUrl: string;
  card: { approvalNumber: string };
}

/** A sale by the API, with syllables that cheap printers lack. */
async function sale(demo: Demo, merchant: DemoMerchant, amount = 12_300): Promise<Payment> {
  const { number, expiryMonth, expiryYear, birthOrBusinessNumber, passwordTwoDigits } = demo.card('APPROVE');
  return demo.api<Payment>(merchant, '/v1/payments', {
    method: 'CARD',
    orderId: `print-${crypto.randomUUID()}`,
    orderName: NAME,
    amount,
    card: { entry: 'KEY_IN', number, expiryMonth, expiryYear, birthOrBusinessNumber, passwordTwoDigits },
  });
}

const printButton = (page: Page) => page.getByRole('button', { name: '출력', exact: true });
const copyButton = (page: Page) => page.getByRole('button', { name: '다시 출력 (사본)' });
const done = (page: Page) => page.getByText('영수증을 출력했어요').waitFor();

/** What the fake printer got since the last look. */
async function onPaper(page: Page): Promise<Printed[]> {
  const bytes = await page.evaluate(() => window.fakePort.bytes.splice(0));
  return decode(page, bytes);
}

/** Every label and value of the buyer's receipt page, without blanks. */
async function onReceipt(page: Page, demo: Demo, url: string): Promise<string[]> {
  const other = await page.context().newPage();
  await other.goto(url.startsWith('http') ? url : demo.file.baseUrl + url);
  const texts = await other.locator('.shop, dt, dd, li > b').allTextContents();
  await other.close();
  return texts.map((text) => text.replace(/\s/g, '')).filter(Boolean);
}

/** Prints a payment's receipt on a printer that has run out of paper. */
async function printWithoutPaper(page: Page, merchant: DemoMerchant, id: string): Promise<void> {
  await plugIn(page);
  await logIn(page, merchant);
  await page.goto(`/app/payments/${id}`);
  await page.evaluate(() => (window.fakePort.status = 0x32));
  await printButton(page).click();
  await page.getByRole('button', { name: /^블루투스 프린터/ }).click();
  await page.getByText('용지가 떨어졌어요').waitFor();
}

describe('chapter 10: the printer', () => {
  test(
    'turned on, every receipt has its button, on a second device too; turned off it is gone',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id } = await sale(demo, merchant);
      const before = await demo.api<{ printer?: boolean }>(merchant, '/v1/settings');
      assert.equal(before.printer ?? false, false);
      await logIn(page, merchant);
      await page.goto(`/app/payments/${id}`);
      await page.getByRole('button', { name: '영수증 보내기' }).waitFor();
      assert.equal(await printButton(page).count(), 0);

      await page.goto('/app/settings');
      await page.getByRole('link', { name: /모바일 프린터/ }).click();
      await page.getByRole('switch', { name: '모바일 프린터 사용' }).click();
      await page.getByText('저장됨').waitFor();
      await page.goto(`/app/payments/${id}`);
      await printButton(page).waitFor();
      const { browser } = await world();
      const second = await openWindow(browser, demo.file.baseUrl);
      try {
        await logIn(second.page, merchant);
        await second.page.getByRole('link', { name: '프린터 연결' }).waitFor();
        await second.page.goto(`/app/payments/${id}`);
        await printButton(second.page).waitFor();

        await page.goto('/app/settings/printer');
        await page.getByRole('switch', { name: '모바일 프린터 사용', checked: true }).click();
        await page.getByText('종이 영수증을 쓰지 않고 있어요').waitFor();
        await page.getByText('저장됨').waitFor();
        await second.page.reload();
        await second.page.getByRole('button', { name: '영수증 보내기' }).waitFor();
        assert.equal(await printButton(second.page).count(), 0);
      } finally {
        await second.context.close();
      }
    }),
  );

  test(
    'connects from the receipt and prints it: the paper says what the receipt says, 뷁 included, and the second print that it is a copy',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const payment = await sale(demo, merchant);
      await withSettings(demo, merchant, { printer: true }, async () => {
        await plugIn(page);
        await logIn(page, merchant);
        await page.goto(`/app/payments/${payment.id}`);
        await printButton(page).click();
        await page.getByRole('dialog', { name: '영수증 출력' }).getByRole('button', { name: /^블루투스 프린터/ }).click();
        await done(page);
        const paper = await onPaper(page);
        const text = solid(paper);
        for (const part of [NAME, '12,300', payment.card.approvalNumber, merchant.name]) assert.ok(text.includes(part.replace(/\s/g, '')), `${part} in ${text}`);
        const said = await onReceipt(page, demo, payment.receiptUrl);
        assert.ok(said.length > 15);
        assert.deepEqual(said.filter((part) => !text.includes(part)), []);
        const link = new URL(payment.receiptUrl, demo.file.baseUrl).href;
        assert.ok(paper.some((each) => 'code' in each && each.code === link));
        assert.ok(paper.some((each) => 'cut' in each));
        for (const each of paper) if ('text' in each) assert.ok(columns(each.text) <= 32, each.text);
        assert.doesNotMatch(text, COPY);

        await copyButton(page).click();
        await page.getByText('사본을 출력했어요').waitFor();
        const copy = solid(await onPaper(page));
        assert.match(copy, COPY);
        assert.ok(copy.includes(payment.card.approvalNumber));
        assert.equal(await page.evaluate(() => window.fakePort.asked), 1);
      });
    }),
  );

  test(
    'without paper nothing is printed and the next try is still the original; broken off midway it asks for a look at the paper',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id } = await sale(demo, merchant);
      await withSettings(demo, merchant, { printer: true }, async () => {
        await printWithoutPaper(page, merchant, id);
        await page.evaluate(() => (window.fakePort.status = 0x12));
        assert.deepEqual(await onPaper(page), []);
        await page.getByRole('button', { name: '다시 출력', exact: true }).click();
        await done(page);
        assert.doesNotMatch(solid(await onPaper(page)), COPY);

        await page.evaluate(() => (window.fakePort.breaksAfter = 300));
        await copyButton(page).click();
        await page.getByRole('heading', { name: '인쇄됐는지 확인해 주세요' }).waitFor();
        await page.evaluate(() => {
          window.fakePort.breaksAfter = Infinity;
          window.fakePort.bytes = [];
        });
        await page.getByRole('button', { name: '사본으로 다시 출력' }).click();
        await page.getByText('사본을 출력했어요').waitFor();
        assert.match(solid(await onPaper(page)), COPY);
      });
    }),
  );

  test(
    'a print that failed is told of on every screen after a reload, and what comes out then is the original still',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id } = await sale(demo, merchant);
      await withSettings(demo, merchant, { printer: true }, async () => {
        await printWithoutPaper(page, merchant, id);

        // Whoever opens the app anew, somewhere else: the printer has paper again.
        await page.goto('/app/');
        await page.getByRole('link', { name: '영수증을 출력하지 못했어요.' }).click();
        await page.getByRole('heading', { name: '출력하지 못했어요' }).waitFor();
        await page.reload();
        await page.getByRole('heading', { name: '출력하지 못했어요' }).waitFor();
        await page.getByRole('button', { name: '다시 출력', exact: true }).click();
        await done(page);
        const paper = solid(await onPaper(page));
        assert.ok(paper.includes('12,300') && !COPY.test(paper), paper);
        await page.reload();
        await printButton(page).or(copyButton(page)).waitFor();
        assert.equal(await page.getByRole('dialog').count(), 0, 'what came out is told of no more');
      });
    }),
  );

  test(
    'prints by itself after a payment, on the printer of before, also the cancel',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withSettings(demo, merchant, { printer: true }, async () => {
        await plugIn(page);
        await logIn(page, merchant);
        await page.goto('/app/settings/printer');
        await page.getByRole('button', { name: /^블루투스 프린터/ }).click();
        await page.getByText('연결됨', { exact: true }).waitFor();
        await page.getByRole('radio', { name: '80mm · 42자' }).click();
        await page.getByRole('switch', { name: '결제하면 바로 출력' }).click();
        await page.getByRole('button', { name: '시험 인쇄' }).click();
        await page.getByRole('button', { name: '잘 나왔어요' }).click();
        const trial = await onPaper(page);
        assert.ok(solid(trial).includes('뷁') && trial.some((each) => 'code' in each));

        // A reload forgets the connection and not the printer.
        await enterAmount(page, 8_800);
        await keyIn(page, demo.card('APPROVE'));
        await page.getByRole('button', { name: '8,800원 결제' }).click();
        const id = await approved(page);
        await done(page);
        const paper = await onPaper(page);
        assert.ok(solid(paper).includes('8,800'));
        assert.ok(paper.some((each) => 'text' in each && columns(each.text) === 42));
        assert.equal(await page.evaluate(() => window.fakePort.asked), 0);

        await openCancel(page, id);
        await page.getByRole('radio', { name: '단순 변심' }).click();
        await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
        await page.getByRole('button', { name: '8,800원 취소' }).click();
        await page.getByRole('heading', { name: '취소했어요' }).waitFor();
        await printButton(page).click();
        await done(page);
        assert.match(solid(await onPaper(page)), /취소/);
      });
    }),
  );

  test(
    'prints over Bluetooth Low Energy, and connects again to a printer that was switched off',
    async () => {
      const { demo } = await world();
      const merchant = demo.merchant('TAXABLE');
      const payment = await sale(demo, merchant);
      const browser = await launch(...RADIO);
      try {
        const printer = await BluetoothPrinter.start(browser, 'MPT-II');
        const { page, context, watch } = await openWindow(browser, demo.file.baseUrl);
        await printer.bePicked(await context.newCDPSession(page));
        await withSettings(demo, merchant, { printer: true }, async () => {
          await logIn(page, merchant);
          await page.goto(`/app/payments/${payment.id}`);
          await printButton(page).click();
          await page.getByRole('button', { name: /^블루투스 LE 프린터/ }).click();
          await done(page);
          const text = solid(await decode(page, printer.bytes.splice(0)));
          for (const part of [NAME.replace(/\s/g, ''), payment.card.approvalNumber]) assert.ok(text.includes(part), `${part} in ${text}`);
          assert.ok(printer.sizes.every((size) => size <= 180) && printer.sizes.length > 3, printer.sizes.join());

          await printer.restart();
          await copyButton(page).click();
          await page.getByText('사본을 출력했어요').waitFor();
          assert.match(solid(await decode(page, printer.bytes.splice(0))), COPY);
        });
        assert.deepEqual(watch.faults(), []);
      } finally {
        await browser.close();
      }
    },
  );

  test(
    'the first slip of a sale in cash opens the drawer; its cash receipt is printed too',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const cash = await demo.api<{ id: string; cashReceipt: { id: string } }>(merchant, '/v1/payments', {
        method: 'CASH',
        orderId: `print-${crypto.randomUUID()}`,
        orderName: NAME,
        amount: 9_900,
        cash: { received: 10_000, receipt: { type: 'INCOME_DEDUCTION', identifier: '01000000001' } },
      });
      await withSettings(demo, merchant, { printer: true }, async () => {
        await plugIn(page);
        await logIn(page, merchant);
        await page.goto('/app/settings/printer');
        await page.getByRole('button', { name: /^블루투스 프린터/ }).click();
        await page.getByRole('switch', { name: '현금 결제 때 돈통 열기' }).click();
        await page.goto(`/app/payments/${cash.id}`);
        await printButton(page).click();
        await done(page);
        assert.deepEqual((await onPaper(page))[0], { drawer: true });
        await copyButton(page).click();
        await page.getByText('사본을 출력했어요').waitFor();
        assert.ok(!(await onPaper(page)).some((each) => 'drawer' in each));

        await page.goto(`/app/cash-receipts/${cash.cashReceipt.id}`);
        await printButton(page).click();
        await done(page);
        const { issueNumber } = await demo.api<{ issueNumber: string }>(merchant, `/v1/cash-receipts/${cash.cashReceipt.id}`);
        const text = solid(await onPaper(page));
        assert.ok(text.includes(issueNumber) && text.includes('현금영수증') && text.includes('9,900'), text);
      });
    }),
  );

  test(
    'a printer in the shop is added by its address, and its paper says what the receipt says; its trouble is told',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id, receiptUrl } = await sale(demo, merchant);
      await withSettings(demo, merchant, { printer: true }, async () => {
        await logIn(page, merchant);
        await page.goto('/app/settings/printer');
        await page.getByRole('button', { name: '프린터 추가' }).click();
        await page.getByLabel('프린터 이름').fill('계산대');
        await page.getByLabel('프린터 주소').fill('8.8.8.8');
        await page.getByRole('button', { name: '추가', exact: true }).click();
        await page.getByText('가게 네트워크에 있는 프린터 주소를 입력해 주세요').waitFor();
        await page.getByLabel('프린터 주소').fill(demo.file.printer);
        await page.getByRole('button', { name: '추가', exact: true }).click();
        await page.getByRole('group', { name: '계산대' }).getByRole('button', { name: '이 기기에서 쓰기' }).click();
        await page.getByText('이 기기에서 쓰는 중').waitFor();
        const own = page.getByRole('group', { name: '계산대' });
        await own.getByText('아직 쓴 적이 없어요').waitFor();
        await page.getByRole('button', { name: '시험 인쇄' }).click();
        await page.getByText('시험 페이지를 보냈어요').waitFor();
        await page.locator('.shop-printer', { hasText: '계산대' }).getByText(/마지막 연결/).waitFor({ state: 'attached' });
        await page.getByRole('button', { name: '글자나 용지 설정 바꾸기' }).click();
        await own.getByText(/마지막 연결/).waitFor();
        const before = (await papers(demo)).length;
        await page.goto(`/app/payments/${id}`);
        await scriptPrinter(demo, 'PAPER_OUT');
        await printButton(page).click();
        await page.getByText('용지가 떨어졌어요').waitFor();
        await page.getByRole('button', { name: '다시 출력', exact: true }).click();
        await done(page);
        const all = await papers(demo);
        assert.equal(all.length, before + 1);
        const text = (all.at(-1)?.text ?? '').replace(/\s/g, '');
        assert.ok(text.includes(NAME.replace(/\s/g, '')), text);
        assert.deepEqual((await onReceipt(page, demo, receiptUrl)).filter((part) => !text.includes(part)), []);
        // What failed left nothing on paper: this is the original.
        assert.doesNotMatch(text, COPY);
        const paper = await fetch(new URL(all.at(-1)?.url ?? '', demo.file.baseUrl), { signal: AbortSignal.timeout(10_000) });
        assert.equal(paper.headers.get('content-type'), 'image/png');
        const [width, height] = sizeOfPng(new Uint8Array(await paper.arrayBuffer()));
        assert.ok(width >= 384 && height > width, `${width} x ${height}`);
        await scriptPrinter(demo, 'CUT');
        await copyButton(page).click();
        await page.getByRole('heading', { name: '인쇄됐는지 확인해 주세요' }).waitFor();
        await page.getByRole('button', { name: '사본으로 다시 출력' }).click();
        await page.getByText('사본을 출력했어요').waitFor();
        assert.match((await papers(demo)).at(-1)?.text.replace(/\s/g, '') ?? '', COPY);

        await page.goto('/app/settings/printer');
        await page.getByRole('group', { name: '계산대' }).getByText(/마지막 연결/).waitFor();
        await removePrinter(page, '계산대');
        assert.equal(await page.getByRole('button', { name: '시험 인쇄' }).count(), 0);
      });
    }),
  );

  test(
    'a printer that asks the server gets what is printed, and its trouble is told',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const payment = await sale(demo, merchant, 4_400);
      await withSettings(demo, merchant, { printer: true }, async () => {
        await logIn(page, merchant);
        await page.goto('/app/settings/printer');
        await page.getByRole('button', { name: '프린터 추가' }).click();
        await page.getByRole('radio', { name: 'CloudPRNT' }).click();
        await page.getByLabel('프린터 이름').fill('주방');
        await page.getByRole('button', { name: '추가', exact: true }).click();
        await page.getByRole('heading', { name: '프린터에 입력할 주소' }).waitFor();
        const printer = new AskingPrinter((await page.locator('.poll-address .slip-code').textContent()) ?? '');
        assert.equal(await printer.ask(), undefined);
        await page.getByRole('group', { name: '주방' }).getByRole('button', { name: '이 기기에서 쓰기' }).click();
        await page.goto(`/app/payments/${payment.id}`);
        await printButton(page).click();
        await page.getByRole('heading', { name: '프린터가 가져가기를 기다리고 있어요' }).waitFor();
        const job = await printer.ask();
        assert.ok(job && job.body.length > 300, job?.type);
        const text = await page.evaluate((bytes) => new TextDecoder('euc-kr').decode(Uint8Array.from(bytes)), [...job.body]);
        for (const part of ['4,400', payment.card.approvalNumber]) assert.ok(text.includes(part), `${part} in ${text}`);
        await done(page);

        await copyButton(page).click();
        await page.getByRole('heading', { name: '프린터가 가져가기를 기다리고 있어요' }).waitFor();
        await printer.ask('200 OK', '410 paper out');
        await page.getByRole('heading', { name: '인쇄됐는지 확인해 주세요' }).waitFor();
        await page.goto('/app/settings/printer');
        await page.getByRole('group', { name: '주방' }).getByText('용지가 떨어졌어요').waitFor();
        await removePrinter(page, '주방');
      });
    }),
  );

  test(
    'a phone without ways to printers hears what it can do instead, shares the slip as a picture, and opens its print window',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id } = await sale(demo, merchant);
      await withSettings(demo, merchant, { printer: true }, async () => {
        await likeIphone(page);
        await logIn(page, merchant);
        await page.goto('/app/settings/printer');
        await page.getByRole('heading', { name: '이 기기에서 출력하는 방법' }).waitFor();
        await page.getByText('이 기기는 지원하지 않아요: 블루투스 프린터, 블루투스 LE 프린터, USB 프린터, 시리얼 프린터').waitFor();
        assert.equal(await page.getByRole('button', { name: /^블루투스/ }).count(), 0);
        const ladder = await page.locator('.printer-ladder li').allTextContents();
        assert.ok(ladder.length >= 3 && /공유 창/.test(ladder[0] ?? '') && /AirPrint/.test(ladder[1] ?? '') && /CloudPRNT/.test(ladder.at(-1) ?? ''), ladder.join());

        await page.goto(`/app/payments/${id}`);
        await printButton(page).click();
        await page.getByRole('button', { name: /^그림으로 공유/ }).click();
        await page.getByRole('img', { name: '출력할 영수증' }).waitFor();
        await page.getByRole('button', { name: '그림 공유하기' }).click();
        assert.deepEqual(await page.evaluate(() => window.fakePhone.given), ['receipt.png image/png full']);

        await page.goto('/app/settings/printer');
        await page.getByRole('button', { name: '프린터 바꾸기' }).click();
        await page.getByRole('button', { name: /^기기 인쇄 창/ }).click();
        await page.goto(`/app/payments/${id}`);
        await printButton(page).click();
        await page.getByRole('heading', { name: '인쇄 창을 열었어요' }).waitFor();
        assert.equal(await page.evaluate(() => window.fakePhone.printed), 1);
        await page.emulateMedia({ media: 'print' });
        const image = page.locator('.paper-out img');
        const box = await image.boundingBox();
        // 48 mm at 96 px an inch.
        assert.ok(box && Math.abs(box.width - 181.4) < 1 && box.height > box.width, JSON.stringify(box));
        assert.equal(await page.getByRole('heading', { level: 1 }).isVisible(), false);
        await page.emulateMedia({ media: null });
      });
    }),
  );
});

/** Takes a printer of the shop out of its list. */
async function removePrinter(page: Page, name: string): Promise<void> {
  const printer = page.getByRole('group', { name });
  await printer.getByRole('button', { name: '수정' }).click();
  await page.getByRole('button', { name: '프린터 삭제' }).click();
  await page.getByRole('button', { name: '삭제', exact: true }).click();
  await printer.waitFor({ state: 'detached' });
}

/** How many columns a line takes: a Hangul syllable two. */
function columns(text: string): number {
  return [...text].reduce((sum, character) => sum + (character.charCodeAt(0) < 0x80 ? 1 : 2), 0);
}
