import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { complaints } from '../support/axe';
import { settled } from '../support/browser';
import { at, call, CALLER, key } from '../support/calls';
import type { Demo } from '../support/demo';
import { journey } from '../support/world';

interface Request {
  id: string;
  status: string;
  arsNumber: string;
  code: string;
}

/** Asks a buyer for a payment by phone. */
function ask(demo: Demo, amount: number): Promise<Request> {
  const order = `call-${Date.now()}-${amount}`;
  return demo.api<Request>(demo.merchant('TAXABLE'), '/v1/payment-requests', { kind: 'ARS', orderId: order, orderName: '커피', amount, buyer: { name: '구매자', phone: CALLER } });
}

/** Waits until the request stands as wanted. */
async function becomes(demo: Demo, id: string, wanted: string): Promise<void> {
  let status = '';
  for (let tries = 0; tries < 50 && status !== wanted; tries += 1) {
    ({ status } = await demo.api<Request>(demo.merchant('TAXABLE'), `/v1/payment-requests/${id}`));
    if (status !== wanted) await sleep(200);
  }
  assert.equal(status, wanted);
}

describe('calls of the virtual phone', () => {
  test(
    'a buyer phones and pays by keypad, and the seller sees it',
    journey({}, async ({ page, watch }, demo) => {
      const request = await ask(demo, 12_300);
      const before = (await demo.journal()).length;
      await call(page);
      await page.getByText('만이천삼백원').waitFor();
      await becomes(demo, request.id, 'IN_CALL');
      assert.deepEqual(await complaints(page, 'call'), []);
      await key(page, '1').click();
      await at(page, 'consent');
      await key(page, '1').click();
      await at(page, 'card');
      await page.locator('.call-card').click();
      await page.locator('.face[data-behaviour="APPROVE"]').first().click();
      await at(page, 'expiry');
      assert.deepEqual(await complaints(page, 'call'), []);
      for (const next of ['birth', 'password', 'confirm']) {
        await page.locator('.call-card').click();
        await at(page, next);
      }
      assert.match((await page.locator('.call-typed').textContent()) ?? '', /^•*$/);
      await key(page, '1').click();
      await at(page, 'approved');
      await becomes(demo, request.id, 'PAID');
      const entries = (await demo.journal()).slice(before).filter(({ type }) => type === 'AUTHORIZE');
      assert.deepEqual(
        entries.map(({ amount, result }) => [amount, result]),
        [[12_300, 'APPROVED']],
      );
      const { number } = demo.card('APPROVE');
      assert.deepEqual(
        watch.sent.filter(({ url, body }) => url.includes(number) || body.includes(number)),
        [],
      );
      await page.locator('.call-end').click();
      await page.locator('.screen-call[data-state="ended"]').waitFor();
      await page.locator('.call-end').click();
      await page.locator('.screen-dial .row').first().waitFor();
    }),
  );

  test(
    'a hidden number is asked for the code, and hanging up gives the request back',
    journey({ dark: true }, async ({ page }, demo) => {
      const request = await ask(demo, 4_500);
      await page.goto('/simulator/phone');
      await page.locator('.who').nth(2).click();
      await page.locator('.app[data-app="messages"]').click();
      await page.locator('.row').first().click();
      await page.locator('.bubble-text a', { hasText: request.arsNumber }).last().click();
      await settled(page);
      assert.deepEqual(await complaints(page, 'call'), []);
      await page.locator('#withheld').check();
      await page.locator('.dial-go').click();
      await at(page, 'code');
      await page.keyboard.type(request.code);
      await at(page, 'order');
      await becomes(demo, request.id, 'IN_CALL');
      await page.locator('.call-end').click();
      await becomes(demo, request.id, 'SENT');
      await demo.api(demo.merchant('TAXABLE'), `/v1/payment-requests/${request.id}/withdraw`, {});
    }),
  );

  test(
    'a number pressed at once goes over WebRTC key by key, each once, while the browser empties its buffer',
    journey({}, async ({ page }) => {
      await page.route(/\/phone\/\d+\/call$/, (route) => route.fulfill({ json: { id: 'call_1', sdp: 'v=0' } }));
      await page.route(/\/call\/call_1\/keys$/, (route) => route.fulfill({ status: 204 }));
      await page.goto('/simulator/phone');
      // The compiler of the tests names functions by a helper of its own, which the page lacks.
      await page.evaluate('globalThis.__name = (named) => named');
      const card = '9990011000000018#';
      assert.equal(await page.evaluate(sentByTones, card), card);
    }),
  );
});

/** Presses keys of a call whose browser takes a tone from its buffer whenever it is looked at; gives what sounded. */
async function sentByTones(keys: string): Promise<string> {
  let sounded = '';
  class Dtmf {
    canInsertDTMF = true;
    ontonechange: ((event: { tone: string }) => void) | null = null;
    waiting = '';
    /** Sounds the next tone of the buffer, the last of them with word that it is empty. */
    sound(): void {
      sounded += this.waiting.slice(0, 1);
      const last = this.waiting.length === 1;
      this.waiting = this.waiting.slice(1);
      if (last) setTimeout(() => this.ontonechange?.({ tone: '' }));
    }
    get toneBuffer(): string {
      const seen = this.waiting;
      this.sound();
      return seen;
    }
    insertDTMF(tones: string): void {
      this.waiting = tones;
      setTimeout(() => {
        while (this.waiting !== '') this.sound();
      });
    }
  }
  const dtmf = new Dtmf();
  class Peer extends EventTarget {
    iceGatheringState = 'complete';
    connectionState = 'connected';
    localDescription = { sdp: 'v=0' };
    createDataChannel = (): object => ({});
    addTrack = (): void => undefined;
    getTransceivers = (): object[] => [];
    getSenders = (): object[] => [{ dtmf }];
    setLocalDescription = (): Promise<void> => Promise.resolve();
    setRemoteDescription = (): Promise<void> => Promise.resolve();
    close = (): void => undefined;
  }
  Object.assign(window, { RTCPeerConnection: Peer });
  const page = '/simulator/phone/page/voice.mjs';
  const { connect } = (await import(page)) as { connect: (number: string, withheld: boolean, webrtc: boolean) => Promise<{ voice: { press: (call: string, key: string) => void } }> };
  const { voice } = await connect('01000000003', false, true);
  for (const key of keys) voice.press('/phone/01000000003/call/call_1', key);
  await new Promise((done) => setTimeout(done, 300));
  return sounded;
}
