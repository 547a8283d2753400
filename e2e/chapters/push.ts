import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { logInAnew } from '../support/acts';
import { journey } from '../support/world';

/**
 * Stands in for the browser maker's push service, which a headless browser has none of: the
 * page gets subscriptions with keys of their own, as from the real one. All else is real.
 */
async function withPushService(context: BrowserContext): Promise<void> {
  // The compiler of the tests names functions by a helper of its own, which the page lacks.
  await context.addInitScript('globalThis.__name = (named) => named');
  await context.addInitScript(() => {
    if (!('PushManager' in window)) return;
    let held: PushSubscription | null = null;
    const text = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    PushManager.prototype.getSubscription = () => Promise.resolve(held);
    PushManager.prototype.subscribe = async (options) => {
      const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
      const keys = { p256dh: text(await crypto.subtle.exportKey('raw', publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16)).buffer) };
      const endpoint = `https://push.example/${crypto.randomUUID()}`;
      held = {
        endpoint,
        options: { applicationServerKey: (options?.applicationServerKey as Uint8Array<ArrayBuffer>).slice().buffer, userVisibleOnly: true },
        toJSON: () => ({ endpoint, keys }),
        unsubscribe: () => Promise.resolve(((held = null), true)),
      } as unknown as PushSubscription;
      return held;
    };
  });
}

/** Waits until the app's worker runs. */
async function workerRuns(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active && active.state !== 'activated') await new Promise((changed) => active.addEventListener('statechange', changed, { once: true }));
  });
}

/**
 * Gives the worker a push, as the browser does when its push service has one. The browser does
 * not tell of a push that reached no worker, as where the registration is still being written.
 */
async function deliver(page: Page, data: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const registered = new Promise<string>((found) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL.endsWith('/app/'));
      if (ours) found(ours.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.deliverPushMessage', { origin: new URL(page.url()).origin, registrationId: await registered, data });
  await session.detach();
}

interface Note {
  title: string;
  body: string;
  tag: string;
  data: unknown;
}

/** Delivers a push, again as a push service does while the worker does not answer, and gives what notices came of it. */
async function shown(page: Page, data: string, count: number, says = ''): Promise<Note[]> {
  for (let tries = 0; ; tries++) {
    await deliver(page, data);
    const all = await notes(page, count, says);
    if (all.length >= count || tries === 3) return all;
  }
}

/** The notices on the device, once there are as many, and one of them says what is wanted; else as they are after a while. */
function notes(page: Page, count: number, says = ''): Promise<Note[]> {
  return page.evaluate(
    async ([wanted, text]) => {
      const registration = await navigator.serviceWorker.ready;
      for (let look = 0; ; look++) {
        const all = await registration.getNotifications();
        const here = all.length === wanted && (wanted === 0 || all.some(({ body }) => body.includes(text)));
        if (here || look === 150) return all.map(({ title, body, tag, data }) => ({ title, body, tag, data: data as unknown }));
        await new Promise((later) => setTimeout(later, 50));
      }
    },
    [count, says] as const,
  );
}

describe('notices on this device', () => {
  test(
    'are turned on in the settings, stay on, and go off with a press',
    journey({ worker: true }, async ({ page, context, watch }, demo) => {
      await withPushService(context);
      await context.grantPermissions(['notifications']);
      await logInAnew(page, demo.merchant('TAXABLE'));
      await workerRuns(page);
      await page.goto('/app/settings');
      const own = page.getByRole('switch', { name: '이 기기로 알림 받기' });
      const answers: string[] = [];
      page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        if (pathname.startsWith('/v1/push/')) answers.push(`${response.request().method()} ${pathname.replace(/psh_\w+/, 'psh')} ${response.status()}`);
      });
      assert.equal(await own.getAttribute('aria-checked'), 'false');
      await own.click();
      await page.getByText('이 기기로 알려 드릴게요').waitFor();
      assert.equal(await own.getAttribute('aria-checked'), 'true');
      assert.deepEqual(answers, ['GET /v1/push/key 200', 'POST /v1/push/subscriptions 201']);
      await page.reload();
      await own.and(page.locator('[aria-checked=true]')).waitFor();
      await own.click();
      await page.getByText('이 기기로는 알리지 않을게요').waitFor();
      assert.equal(answers.at(-1), 'DELETE /v1/push/subscriptions/psh 204');
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      assert.doesNotMatch(stored, /push\.example/);
      assert.ok(watch.sent.some(({ body }) => body.includes('push.example')));
    }),
  );

  test(
    'are shown by the worker, and a press on one opens the payment in the app that is open',
    journey({ worker: true }, async ({ page, context }, demo) => {
      await context.grantPermissions(['notifications']);
      await logInAnew(page, demo.merchant('TAXABLE'));
      await workerRuns(page);
      const { payments } = await demo.api<{ payments: { id: string }[] }>(demo.merchant('TAXABLE'), '/v1/payments?limit=1');
      const id = payments[0]?.id ?? '';
      const sent = { title: 'SMS결제', body: '14,500원 결제 완료', url: `/app/payments/${id}`, tag: id };
      assert.deepEqual(await shown(page, JSON.stringify(sent), 1), [{ title: 'SMS결제', body: '14,500원 결제 완료', tag: id, data: `/app/payments/${id}` }]);
      const next = await shown(page, JSON.stringify({ ...sent, body: '14,500원 승인이 취소됐어요' }), 1, '취소됐어요');
      assert.deepEqual(next.map(({ body }) => body), ['14,500원 승인이 취소됐어요'], 'the next word on a payment takes the place of the last');
      assert.equal((await shown(page, 'no JSON', 2, '결제 소식')).length, 2);
      const cached = await page.evaluate(async () => {
        const all: string[] = [];
        for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) all.push(new URL(request.url).pathname);
        return all;
      });
      assert.deepEqual(
        cached.filter((path) => !path.startsWith('/app/')),
        [],
      );
      const worker = context.serviceWorkers().find((each) => each.url().endsWith('/app/sw.js'));
      await worker?.evaluate(async (tag) => {
        const scope = self as unknown as { registration: ServiceWorkerRegistration } & EventTarget;
        const [notification] = await scope.registration.getNotifications({ tag });
        const Press = (self as unknown as { NotificationEvent: new (type: string, init: object) => Event }).NotificationEvent;
        scope.dispatchEvent(new Press('notificationclick', { notification }));
      }, id);
      await page.waitForURL(`**/app/payments/${id}`);
      await page.getByRole('heading', { name: '거래 상세' }).waitFor();
      assert.equal((await notes(page, 1)).length, 1);
    }),
  );
});
