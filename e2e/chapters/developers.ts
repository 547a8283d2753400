import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { logIn, owner } from '../support/acts';
import type { Demo, DemoMerchant } from '../support/demo';
import { journey } from '../support/world';

interface Verifier {
  verify: (body: string, headers: Record<string, string>) => unknown;
}

// The package as receivers have it, locked where the server's own tests use it.
const { Webhook } = createRequire(join(import.meta.dirname, '../../internal/webhook/testdata/sdk/verify.mjs'))('standardwebhooks') as { Webhook: new (secret: string) => Verifier };

interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the server says of the deliveries of a shop's webhooks. */
async function tried(demo: Demo, merchant: DemoMerchant): Promise<string> {
  const { webhooks } = await demo.api<{ webhooks: { id: string }[] }>(merchant, '/v1/webhooks');
  return JSON.stringify(await Promise.all(webhooks.map(({ id }) => demo.api<object>(merchant, `/v1/webhooks/${id}/deliveries`))));
}

/** A shop's own system: what it was sent, and what it answers. */
async function receiver(): Promise<{ url: string; status: number; next: () => Promise<Call>; close: () => void }> {
  const calls: Call[] = [];
  let heard = (): void => undefined;
  const self = {
    url: '',
    status: 204,
    next: async (): Promise<Call> => {
      // A server that another journey killed holds its share of the outbox for half a minute.
      for (const until = Date.now() + 45_000; Date.now() < until; ) {
        const call = calls.shift();
        if (call) return call;
        await new Promise<void>((done) => {
          heard = done;
          setTimeout(done, 200).unref();
        });
      }
      throw new Error('nothing arrived');
    },
    close: () => void server.close(),
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (body += part));
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      response.writeHead(self.status).end();
      heard();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/innopay`;
  return self;
}

/** Runs what stands on the page, as somebody who copied it. */
async function run(code: string, name: string, environment: Record<string, string>, ...args: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'innopay-example-'));
  try {
    await writeFile(join(folder, name), code);
    const program = name.endsWith('.sh') ? 'bash' : process.execPath;
    const { stdout } = await promisify(execFile)(program, [name, ...args], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...environment }, timeout: 60_000 });
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The secret on the sheet that shows it once, copied in one press. */
async function copied(page: Page, act: RegExp): Promise<string> {
  const sheet = page.getByRole('dialog');
  const secret = (await sheet.locator('.secret-text').textContent()) ?? '';
  await sheet.getByText('지금 한 번만 보여 드려요', { exact: false }).waitFor();
  await page.keyboard.press('Escape');
  assert.ok(await sheet.isVisible(), 'it needs its act to go away');
  await sheet.getByRole('button', { name: act }).click();
  await sheet.getByRole('button', { name: '복사했어요' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
  await sheet.getByRole('button', { name: '보관했어요' }).click();
  await sheet.waitFor({ state: 'detached' });
  assert.equal(await page.getByText(secret).count(), 0);
  return secret;
}

const onOff = (within: Locator, name: string): Promise<void> => within.getByRole('switch', { name, exact: true }).click();

async function sale(demo: Demo, merchant: DemoMerchant, orderId: string): Promise<{ id: string }> {
  const { behaviour: _, ...card } = demo.card('APPROVE');
  return demo.api(merchant, '/v1/payments', { method: 'CARD', orderId, orderName: '웹훅', amount: 1500, card: { entry: 'KEY_IN', ...card } });
}

describe('developers: keys, examples, webhooks', () => {
  test(
    'an owner makes a key, and an example of the page works with it',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.file.baseUrl });
      await logIn(page, merchant);
      await page.goto('/app/settings');
      await page.getByRole('link', { name: /API 키/ }).click();
      await page.getByRole('button', { name: '키 만들기' }).click();
      const form = page.getByRole('dialog');
      await form.getByLabel('키 이름').fill('예제');
      await onOff(form, '거래 조회');
      await onOff(form, '결제');
      await form.getByLabel('로그인 비밀번호').fill(owner(merchant).password);
      await form.getByRole('button', { name: '키 만들기' }).click();
      await page.getByRole('heading', { name: '키를 복사해 주세요' }).waitFor();
      const key = await copied(page, /키 복사하기/);
      assert.match(key, /^sk_test_/);

      await page.getByRole('link', { name: /연동 안내/ }).click();
      await page.getByRole('heading', { name: '내 시스템에 결제를 연결해요' }).waitFor();
      await page.locator('label[for="pay-node"]').click();
      const shown = page.locator('[id="code-pay.mjs"]');
      assert.ok(await shown.isVisible());
      assert.ok(!(await page.locator('[id="code-find.sh"]').isVisible()), 'all examples follow the choice');
      await page.locator('[data-copy="code-pay.mjs"]').click();
      const code = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(code, await shown.textContent());
      const environment = { INNOPAY_URL: demo.file.baseUrl, INNOPAY_KEY: key };
      const order = `example-${Date.now()}`;
      const said = await run(code, 'pay.mjs', environment, order);
      assert.match(said, /^DONE pay_/);
      const found = await run((await page.locator('[id="code-find.sh"]').textContent()) ?? '', 'find.sh', environment, order);
      assert.equal((JSON.parse(found) as { id: string }).id, said.split(' ')[1]);

      await page.goto('/app/settings/keys');
      await page.getByRole('region', { name: '예제' }).getByRole('button', { name: '없애기' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '없애기' }).click();
      await page.getByRole('region', { name: '예제' }).waitFor({ state: 'detached' });
      await assert.rejects(run(await page.evaluate(() => navigator.clipboard.readText()), 'pay.mjs', environment, `${order}-2`));
    }),
  );

  test(
    'the page works without a script, in two languages',
    journey({ scriptless: true, width: 320 }, async ({ page }) => {
      await page.goto('/developers');
      assert.ok(await page.locator('[id="code-cancel.sh"]').isVisible());
      await page.locator('label[for="cancel-node"]').click();
      assert.ok(await page.locator('[id="code-cancel.mjs"]').isVisible());
      assert.ok(!(await page.locator('[id="code-cancel.sh"]').isVisible()));
      assert.equal(await page.getByRole('button', { name: '복사' }).count(), 0, 'no button that does nothing');
      await page.getByRole('link', { name: 'English' }).click();
      await page.getByRole('heading', { name: 'Take payments from your own systems' }).waitFor();
    }),
  );

  test(
    'a webhook is made, told, turned off, told of, turned on again and changed, and sends again',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const system = await receiver();
      try {
        await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: demo.file.baseUrl });
        await logIn(page, merchant);
        await page.goto('/app/settings/webhooks');
        await page.getByRole('button', { name: '웹훅 만들기' }).click();
        const form = page.getByRole('dialog');
        await form.getByLabel('받을 주소').fill('https://10.0.0.1/innopay');
        await form.getByRole('button', { name: '웹훅 만들기' }).click();
        await form.getByText('인터넷에서 열리는 https 주소를 입력해 주세요', { exact: false }).waitFor();
        await form.getByLabel('받을 주소').fill(system.url);
        await form.getByRole('button', { name: '웹훅 만들기' }).click();
        await page.getByRole('heading', { name: '비밀값을 복사해 주세요' }).waitFor();
        const verifier = new Webhook(await copied(page, /비밀값 복사하기/));
        const heard = async (): Promise<{ type: string; data: { id?: string; version: number } }> => {
          const { body, headers } = await system.next().catch(async (cause: unknown) => {
            throw new Error(`what the server tried: ${await tried(demo, merchant)}`, { cause });
          });
          return verifier.verify(body, headers as Record<string, string>) as { type: string; data: { id?: string; version: number } };
        };
        const first = await sale(demo, merchant, `hook-${Date.now()}`);
        const told = await heard();
        assert.deepEqual([told.type, told.data.id], ['payment.approved', first.id]);

        // It answers that it is gone: the owner is told at home, and turns it on again.
        system.status = 410;
        await sale(demo, merchant, `hook-gone-${Date.now()}`);
        await heard();
        await page.goto('/app/');
        const notice = page.getByRole('link', { name: /웹훅이 꺼졌어요/ });
        await notice.click();
        await page.getByText('받는 서버가 더는 받지 않겠다고 답해서(410)', { exact: false }).waitFor();
        system.status = 204;
        await page.goto('/app/settings/webhooks');
        const card = page.getByRole('region', { name: system.url });
        await card.getByRole('button', { name: '다시 켜기' }).click();
        await card.getByText('켜짐', { exact: true }).waitFor();
        await card.getByRole('button', { name: /전송 기록/ }).click();
        const log = page.getByRole('dialog');
        const failed = log.getByRole('listitem').filter({ hasText: '실패' });
        await failed.getByRole('button', { name: '다시 보내기' }).click();
        await heard();
        await log.getByRole('button', { name: '새로 고침' }).click();
        await log.getByText('실패', { exact: true }).waitFor({ state: 'detached' });
        await log.getByText('2번 보냄', { exact: false }).waitFor();
        await log.getByRole('button', { name: '닫기' }).click();

        // Another address, and cancels alone.
        await card.getByRole('button', { name: /주소와 알림 고치기/ }).click();
        await form.getByLabel('받을 주소').fill(`${system.url}/v2`);
        for (const name of ['결제 승인', '결제 거절', '승인 되돌림 (망취소)']) await onOff(form, name);
        await form.getByRole('button', { name: '저장', exact: true }).click();
        await page.getByRole('region', { name: `${system.url}/v2` }).waitFor();
        await sale(demo, merchant, `hook-untold-${Date.now()}`);
        await demo.api(merchant, `/v1/payments/${first.id}/cancel`, { reason: '변심', cancelPassword: merchant.cancelPassword });
        assert.equal((await heard()).type, 'payment.canceled');
        await page.getByRole('region', { name: `${system.url}/v2` }).getByRole('button', { name: '없애기' }).click();
        await page.getByRole('dialog').getByRole('button', { name: '없애기' }).click();
        await page.getByRole('heading', { name: '아직 웹훅이 없어요' }).waitFor();
      } finally {
        system.close();
      }
    }),
  );
});
