import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { logInAnew } from '../support/acts';
import { enterConsole, logInOperator } from '../support/console';
import { authenticator, byNameAlone } from '../support/passkey';
import { journey } from '../support/world';

const DESK = { width: 1440, height: 900 };

interface Paid {
  id: string;
  status: string;
  card: { approvalNumber: string };
}

/** Does something about an open outcome, by keys. While the worker is at it the server says so, and the words stay to be sent again. */
async function act(page: Page, beside: Locator, name: string, reason: string): Promise<void> {
  const settled = beside.getByText('결과가 확인됐어요. 더 할 일이 없어요.');
  const button = beside.getByRole('button', { name, disabled: false });
  await button.or(settled).first().waitFor();
  // The worker was there before.
  if (await settled.isVisible()) return;
  await button.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name });
  await dialog.getByLabel('사유').fill(reason);
  for (let turn = 0; turn < 20; turn++) {
    await page.keyboard.press('Enter');
    const refused = dialog.getByRole('alert');
    await Promise.race([dialog.waitFor({ state: 'hidden' }), refused.waitFor()]);
    if (!(await dialog.isVisible())) return;
    if (await settled.isVisible()) return void (await page.keyboard.press('Escape'));
    await page.waitForTimeout(200);
  }
}

describe('operator console', () => {
  test(
    'an operator logs in with the second factor beside a seller in one browser, and finds a payment by its approval number, by keyboard',
    journey(DESK, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { behaviour: _, ...card } = demo.card('APPROVE');
      const paid = await demo.api<Paid>(merchant, '/v1/payments', { method: 'CARD', orderId: 'console-find-1', orderName: '콘솔 시험 주문', amount: 41_500, card: { entry: 'KEY_IN', ...card } });
      await logInAnew(page, merchant);
      await logInOperator(page, demo);
      await page.getByRole('heading', { level: 1, name: '현황' }).waitFor();

      await page.keyboard.press('/');
      await page.keyboard.type(paid.card.approvalNumber);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /승인번호.*조건 지우기/ }).waitFor();
      await page.locator('[data-row]').first().waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      const beside = page.getByRole('complementary', { name: '콘솔 시험 주문' });
      await beside.getByText('41,500').first().waitFor();
      await beside.getByText(paid.id).waitFor();
      assert.equal(await beside.getByText(card.number).count(), 0, 'a card number is on the screen');
      await page.keyboard.press('Escape');
      await beside.waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-row')), true, 'the keyboard is back on its row');
      await page.keyboard.press('g');
      await page.keyboard.press('m');
      await page.getByRole('heading', { level: 1, name: '가맹점' }).waitFor();

      // The seller's session in the same browser is another one, and still there.
      await page.goto('/app/');
      await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
      await page.goto('/console/');
      await page.getByRole('button', { name: '시험 운영자' }).click();
      await page.getByRole('button', { name: '로그아웃' }).click();
      await page.getByLabel('아이디').waitFor();
      await page.goto('/app/');
      await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
    }),
  );

  test(
    'the unknown desk settles a payment whose acquirer fell silent, with a reason that the audit keeps',
    journey(DESK, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { behaviour: _, ...card } = demo.card('APPROVE');
      const amount = 38_717;
      await enterConsole(page, demo, '/console/unsettled');
      await demo.script([
        { on: 'AUTHORIZE', do: 'TIMEOUT', times: 1 },
        { on: 'REVERSE', do: 'DROP', times: 50 },
      ]);
      const open = await demo.api<Paid>(merchant, '/v1/payments', { method: 'CARD', orderId: 'console-open-1', orderName: '답이 없는 주문', amount, card: { entry: 'KEY_IN', ...card } });
      assert.equal(open.status, 'UNKNOWN');
      await page.reload();
      await page.locator('[data-row]').first().waitFor();
      await page.getByRole('row', { name: /38,717/ }).getByRole('button').first().focus();
      await page.keyboard.press('Enter');
      const beside = page.getByRole('complementary', { name: '답이 없는 주문' });
      await beside.getByText('망취소 중', { exact: true }).waitFor();

      await act(page, beside, '매입사에 조회', '매입사 회선 장애 확인');
      await beside.getByText('매입사에 승인으로 남아 있어요.').waitFor();

      await demo.heal();
      await act(page, beside, '다음 단계 실행', '회선이 돌아와서 다시 보냄');
      await beside.getByText('결과가 확인됐어요. 더 할 일이 없어요.').waitFor();
      const journal = (await demo.journal()).filter((entry) => entry.amount === amount);
      assert.deepEqual(
        journal.filter(({ type, result }) => result === 'APPROVED' && type !== 'INQUIRE').map(({ type }) => type),
        ['AUTHORIZE', 'REVERSE'],
        'the money that moved has moved back',
      );
      await page.goto('/console/audit?action=operator&subject=' + open.id);
      // Every try is recorded, also one that the worker was faster than.
      await page.getByText('매입사 회선 장애 확인').first().waitFor();
    }),
  );

  test(
    'a rule is tried on last week, put in force, stops a payment, is switched off and stops no more',
    journey(DESK, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const { behaviour: _, ...card } = demo.card('APPROVE');
      let orders = 0;
      const pay = (): Promise<Paid> => demo.api<Paid>(merchant, '/v1/payments', { method: 'CARD', orderId: `console-risk-${++orders}`, orderName: '규칙 시험 주문', amount: 912_300, taxFreeAmount: 0, card: { entry: 'KEY_IN', ...card } });
      const before = await pay();
      await enterConsole(page, demo, '/console/');
      await page.keyboard.press('g');
      await page.keyboard.press('k');
      await page.getByRole('button', { name: '규칙 추가' }).click();
      const beside = page.getByRole('complementary');
      await beside.getByLabel('규칙 이름').fill('큰 결제 막기');
      await beside.getByLabel('걸리면').selectOption('REFUSE');
      await beside.getByLabel('최대 금액').fill('912299');
      await beside.getByLabel('가맹점 ID').fill(merchant.id);
      await beside.getByLabel('저장한 뒤').selectOption('ON');
      await beside.getByLabel('사유').fill('고액 결제 사고 예방');
      assert.ok(await beside.getByRole('button', { name: '규칙 켜기' }).isDisabled(), 'put in force without a trial');
      await beside.getByRole('button', { name: '지난 7일로 시험하기' }).click();
      await beside.getByText(/\d+건을 막았을 거예요/).waitFor();
      // The newest stands among them; nothing was stopped by the trial.
      await beside.getByRole('table', { name: '걸렸을 결제' }).waitFor();
      if (await beside.getByRole('button', { name: /모두 보기/ }).isVisible()) await beside.getByRole('button', { name: /모두 보기/ }).click();
      await beside.locator(`a[href*="${before.id}"]`).waitFor();
      assert.equal((await pay()).status, 'DONE');
      await beside.getByRole('button', { name: '규칙 켜기' }).click();
      const row = page.getByRole('row', { name: /큰 결제 막기/ });
      await row.getByText('켜짐').waitFor();
      await assert.rejects(pay(), /RISK_REFUSED/);

      await row.getByRole('button').first().focus();
      await page.keyboard.press('Enter');
      await beside.getByRole('button', { name: '규칙 끄기' }).click();
      await page.getByRole('dialog').getByLabel('사유').fill('확인 끝');
      await page.keyboard.press('Enter');
      await row.getByText('꺼짐').waitFor();
      assert.equal((await pay()).status, 'DONE');
      await page.getByRole('link', { name: '걸린 거래' }).click();
      const found = page.getByRole('row', { name: /큰 결제 막기/ });
      await found.getByText('막음').waitFor();
      await found.getByText('912,300').waitFor();
    }),
  );

  test('an operator makes a passkey and logs in by it, without password and code', () =>
    byNameAlone(async (page, demo) => {
      await authenticator(page);
      await logInOperator(page, demo);
      await page.getByRole('button', { name: '시험 운영자' }).click();
      await page.getByRole('link', { name: '내 로그인' }).click();
      await page.getByRole('button', { name: '패스키 만들기' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('패스키 이름').fill('운영실');
      await dialog.getByLabel('지금 비밀번호').fill(demo.file.operator.password);
      await dialog.getByRole('button', { name: '패스키 만들기' }).click();
      await page.getByText('운영실').waitFor();
      await page.getByRole('button', { name: '시험 운영자' }).click();
      await page.getByRole('button', { name: '로그아웃' }).click();
      await page.getByRole('button', { name: '패스키로 로그인' }).waitFor();
      await page.getByRole('button', { name: '패스키로 로그인' }).click();
      await page.getByRole('button', { name: '시험 운영자' }).waitFor();
      await page.goto('/console/account');
      await page.getByRole('button', { name: '운영실 관리' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '패스키 지우기' }).click();
      await page.getByText('운영실').waitFor({ state: 'detached' });
    }));
});
