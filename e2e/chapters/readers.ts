import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, enterAmount, kept, logIn, typeAtOnce } from '../support/acts';
import { BLUETOOTH_FLAGS, BluetoothReader } from '../support/bluetooth';
import { launch, openWindow } from '../support/browser';
import { play, played, withoutDevices, withSerialReader } from '../support/reader';
import { journey, world } from '../support/world';

interface Payment {
  status: string;
  card: { entry: string; maskedNumber: string };
}

const PLAIN = '%B9990011000000011^TEST/CARD^35121010000?;9990011000000011=35121010000?';

const posts = (sent: readonly { method: string; url: string; body: string }[]): { body: string }[] => sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments'));

/** The shop's terms as an operator may set them. */
async function withTerms(page: Page, terms: object): Promise<void> {
  await page.route('**/v1/merchant', async (route) => {
    const answer = await route.fetch();
    const merchant = (await answer.json()) as { readers: object };
    await route.fulfill({ response: answer, json: { ...merchant, readers: { ...merchant.readers, ...terms } } });
  });
}

async function openReaders(page: Page): Promise<void> {
  await page.goto('/app/settings/reader');
  await page.getByRole('heading', { name: '리더기 기종' }).waitFor();
}

describe('chapter 10: the reader', () => {
  test(
    'a test swipe shows the card masked and sends nothing; the choice is this device\'s and survives a reload',
    journey({}, async ({ page, watch }, demo) => {
      const card = demo.card('APPROVE');
      await logIn(page, demo.merchant('TAXABLE'));
      await page.goto('/app/settings');
      await page.getByRole('link', { name: /^카드 리더기/ }).click();
      await page.getByRole('heading', { name: '리더기를 쓰지 않아요' }).waitFor();
      await page.getByRole('button', { name: /^가상 리더기/ }).click();
      await page.getByText('배터리 73%').waitFor();
      await page.getByRole('button', { name: '시험 긁기' }).click();
      await page.getByRole('button', { name: '카드 긁기' }).click();
      await page.getByRole('radio', { name: 'ID TECH' }).click();
      await page.getByRole('button', { name: /승인돼요/ }).click();
      await page.getByRole('heading', { name: '카드를 읽었어요' }).waitFor();
      await page.getByText(`${card.number.slice(0, 4)} **** **** ${card.number.slice(-4)}`).waitFor();
      await page.getByText('리더기가 가림').waitFor();
      assert.ok(!(await kept(page)).includes(card.number.slice(0, 12)));
      assert.equal(posts(watch.sent).length, 0);
      await page.getByRole('button', { name: /^키보드 리더기/ }).click();
      await page.getByText('확인할 수 없음').waitFor();
      await page.getByText('카드번호를 암호화하지 않는 리더기예요').waitFor();
      await page.reload();
      await page.getByRole('heading', { name: '키보드 리더기' }).waitFor();
      await page.getByRole('button', { name: '시험 긁기' }).click();
      await typeAtOnce(page, PLAIN);
      await page.getByText('9990 01** **** 0011').waitFor();
      assert.ok(!(await kept(page)).includes('9990011000000011'));
      assert.ok(!watch.sent.some(({ url, body }) => (url + body).includes('9990011000000011')));
    }),
  );

  for (const format of ['MAGTEK', 'IDTECH'] as const) {
    test(
      `an encrypted swipe of a ${format} keyboard is paid with over the keypad, and no number is seen anywhere`,
      journey({}, async ({ page, watch }, demo) => {
        const merchant = demo.merchant('TAXABLE');
        const card = demo.card('APPROVE');
        await page.addInitScript((kind) => localStorage.setItem('innopay.reader', kind), format.toLowerCase());
        await logIn(page, merchant);
        await page.goto('/app/pay/card');
        for (const digit of '11000') await page.getByRole('button', { name: digit, exact: true }).click();
        await page.getByRole('group', { name: '금액 키패드' }).focus();
        const { frame } = await demo.swipe({ card: card.number, format });
        await typeAtOnce(page, frame.trim());
        await page.getByRole('heading', { name: '카드를 읽었어요' }).waitFor();
        assert.match(await page.locator('.hero .amount').first().innerText(), /^11,000/);
        await page.getByRole('radio', { name: 'IC 칩을 읽지 못함' }).click();
        await page.getByRole('button', { name: '11,000원 결제' }).click();
        const id = await approved(page);
        const payment = await demo.api<Payment>(merchant, `/v1/payments/${id}`);
        assert.deepEqual([payment.status, payment.card.entry, payment.card.maskedNumber.slice(-4)], ['DONE', 'SWIPE', card.number.slice(-4)]);
        const [post] = posts(watch.sent);
        const sent = (JSON.parse(post?.body ?? '{}') as { card: Record<string, unknown> }).card;
        assert.deepEqual([sent['entry'], sent['format'], sent['fallbackReason']], ['SWIPE_ENCRYPTED', format, 'CHIP_FAILED IC 칩을 읽지 못함']);
        assert.ok(!watch.sent.some(({ url, body }) => (url + body).includes(card.number)), 'the card number left the page in clear');
      }),
    );
  }

  test(
    'a barcode and an encrypted swipe are told apart where barcodes are waited for',
    journey({}, async ({ page, watch }, demo) => {
      const card = demo.card('APPROVE');
      await page.addInitScript(() => localStorage.setItem('innopay.reader', 'idtech'));
      await logIn(page, demo.merchant('TAXABLE'));
      const driver = page.waitForResponse(/\/keyboard-[^/]+\.js$/);
      await page.goto('/app/products');
      await driver;
      await page.getByRole('searchbox').focus();
      await typeAtOnce(page, '2000000000022');
      await page.getByRole('link', { name: '장바구니 1개 보기' }).waitFor();
      const { frame } = await demo.swipe({ card: card.number, format: 'IDTECH' });
      await typeAtOnce(page, frame.trim());
      await page.getByText('카드 결제 화면에서 긁어 주세요').waitFor();
      await page.getByRole('link', { name: '장바구니 1개 보기' }).waitFor();
      assert.equal(await page.getByRole('searchbox').inputValue(), '');
      assert.ok(!watch.sent.some(({ url, body }) => (url + body).includes(frame.slice(20, 40))));
    }),
  );

  test(
    'a reader on a serial port: picked once, taken up after a reload, lost in the middle and back; a used swipe is refused',
    journey({}, async ({ page, context }, demo) => {
      const card = demo.card('APPROVE');
      await withSerialReader(context);
      await logIn(page, demo.merchant('TAXABLE'));
      await openReaders(page);
      await page.getByRole('button', { name: /^시리얼 리더기/ }).click();
      await page.getByText('연결됨').first().waitFor();
      await enterAmount(page, 9_000);
      await page.getByRole('heading', { name: '카드를 긁어 주세요' }).waitFor();
      assert.deepEqual(await played(page), { asked: 0, opened: 1 });
      await play(page, 'unplug');
      await page.getByText('리더기와 연결이 끊겼어요').waitFor();
      await page.getByRole('button', { name: '카드번호 직접 입력' }).waitFor();
      await play(page, 'plug');
      await page.getByRole('heading', { name: '카드를 긁어 주세요' }).waitFor();
      const { frame } = await demo.swipe({ card: card.number, format: 'IDTECH', transport: 'HID' });
      const bytes = [...Buffer.from(frame, 'hex')];
      await play(page, bytes);
      await page.getByRole('heading', { name: '카드를 읽었어요' }).waitFor();
      // Lost now, the card that was read is paid with all the same.
      await play(page, 'unplug');
      await page.getByText('리더기와 연결이 끊겼어요').waitFor();
      await page.getByRole('radio', { name: '칩이 없는 카드' }).click();
      await page.getByRole('button', { name: '9,000원 결제' }).click();
      await approved(page);
      await play(page, 'plug');
      await page.goto('/app/pay/card');
      await enterAmount(page, 8_000);
      await page.getByRole('heading', { name: '카드를 긁어 주세요' }).waitFor();
      await play(page, bytes);
      await page.getByRole('radio', { name: '칩이 없는 카드' }).click();
      await page.getByRole('button', { name: '8,000원 결제' }).click();
      await page.getByText('이미 쓴 카드 정보예요').waitFor();
      await page.getByRole('heading', { name: '카드를 긁어 주세요' }).waitFor();
      await play(page, [...Buffer.from('%E?;E?\r')]);
      await play(page, [...Buffer.from('%E?;E?\r')]);
      await play(page, [...Buffer.from('%E?;E?\r')]);
      await page.getByText('카드를 읽지 못했어요 (3번째)').waitFor();
      await page.getByRole('button', { name: '카드번호 직접 입력' }).click();
      await page.getByLabel('카드번호').waitFor();
    }),
  );

  test(
    'the chip comes first: the server sees what the reader masks, and asks for it where the shop is strict',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      await page.route('**/v1/payments', async (route) => {
        if (route.request().method() !== 'POST' || !route.request().postData()?.includes('칩이 없는 카드')) return route.fallback();
        const errors = [{ field: '/card/fallbackReason', code: 'CHIP_FIRST', message: 'IC 카드예요. IC 단말기에 꽂아 결제하고, 칩이 읽히지 않을 때만 긁어 주세요.' }];
        return route.fulfill({ status: 400, contentType: 'application/problem+json', json: { status: 400, code: 'INVALID_REQUEST', message: '입력한 내용을 확인해 주세요.', errors } });
      });
      await withTerms(page, { chipFirst: 'REFUSE' });
      await page.addInitScript(() => localStorage.setItem('innopay.reader', 'simulated'));
      await enterAmount(page, 7_000);
      await page.getByRole('button', { name: '카드 긁기' }).click();
      await page.getByRole('radio', { name: 'IC 칩 있음' }).click();
      await page.getByRole('button', { name: /승인돼요/ }).click();
      await page.getByText('칩이 있는 카드라면').waitFor();
      await page.getByRole('radio', { name: '칩이 없는 카드' }).click();
      await page.getByRole('button', { name: '7,000원 결제' }).click();
      await page.getByText('IC 카드예요.').waitFor();
      await page.getByText('칩을 먼저 꽂아 주세요').waitFor();
      assert.equal(await page.getByRole('radio', { name: '칩이 없는 카드' }).count(), 0);
      await page.getByRole('radio', { name: 'IC 칩을 읽지 못함' }).click();
      await page.getByRole('button', { name: '7,000원 결제' }).click();
      await approved(page);
    }),
  );

  test(
    'where readers must encrypt, the others are not offered, and their swipes are not taken',
    journey({}, async ({ page, watch }, demo) => {
      await withTerms(page, { plainTrack: false });
      await logIn(page, demo.merchant('TAXABLE'));
      await openReaders(page);
      await page.getByText('암호화하지 않는 리더기는 운영사 정책에 따라').waitFor();
      assert.equal(await page.getByRole('button', { name: /^키보드 리더기/ }).count(), 0);
      await page.getByRole('button', { name: /^MagTek 방식 · 키보드/ }).click();
      await enterAmount(page, 6_000);
      await page.getByRole('heading', { name: '카드를 긁어 주세요' }).waitFor();
      await typeAtOnce(page, PLAIN);
      await page.getByText('암호화하지 않는 리더기라 받을 수 없어요').waitFor();
      assert.ok(!(await kept(page)).includes('9990011000000011'));
      await page.getByRole('button', { name: '카드번호 직접 입력' }).click();
      await page.getByLabel('카드번호').waitFor();
      assert.equal(posts(watch.sent).length, 0);
    }),
  );

  test(
    'a phone that can reach no device says so and leads to what it can',
    journey({ width: 320, height: 640 }, async ({ page, context }, demo) => {
      await withoutDevices(context);
      await logIn(page, demo.merchant('TAXABLE'));
      await openReaders(page);
      await page.getByText('이 기기의 브라우저는 USB·시리얼·블루투스 리더기 연결을 지원하지 않아요').waitFor();
      assert.equal(await page.getByRole('button', { name: /시리얼 리더기|블루투스 리더기|· USB/ }).count(), 0);
      await page.getByRole('button', { name: /^키보드 리더기/ }).waitFor();
      assert.equal(await page.getByRole('link', { name: 'SMS결제' }).getAttribute('href'), '/app/pay/sms');
    }),
  );

  test('a Bluetooth reader: its battery falls from 42 to 9 percent with a word wherever one is, and it is lost', async () => {
    const { demo } = await world();
    const browser = await launch(...BLUETOOTH_FLAGS);
    try {
      const { page, context, watch } = await openWindow(browser, demo.file.baseUrl);
      const radio = await BluetoothReader.start(browser, 'SWIPE-42', 42);
      await radio.bePicked(await context.newCDPSession(page));
      await page.clock.install();
      await logIn(page, demo.merchant('TAXABLE'));
      await openReaders(page);
      await page.getByRole('button', { name: /^블루투스 리더기/ }).click();
      await page.getByText('배터리 42%').waitFor();
      await page.getByText('SWIPE-42').waitFor();
      await page.getByText('넉넉해요').waitFor();
      radio.drain(15);
      await page.clock.runFor(61_000);
      await page.getByText('배터리 15%').waitFor();
      await page.getByText('곧 충전하세요').waitFor();
      // The reader stays connected from one screen to the next.
      await page.getByRole('link', { name: '홈' }).first().click();
      await page.getByText('배터리 15% · 곧 충전하세요').waitFor();
      radio.drain(9);
      await page.clock.runFor(61_000);
      await page.getByText('리더기 배터리가 9% 남았어요').waitFor();
      await page.getByText('배터리 9% · 지금 충전하세요').waitFor();
      await radio.leave();
      await page.getByText('연결 안 됨').waitFor();
      assert.deepEqual(watch.faults(), []);
    } finally {
      await browser.close();
    }
  });
});
