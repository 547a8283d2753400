import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { openWindow } from './browser';
import { Demo } from './demo';
import { world } from './world';

/** The demo by its name, in a window of its own: browsers bind passkeys to names. */
export async function byName(walk: (page: Page, demo: Demo) => Promise<void>): Promise<void> {
  await at((await world()).demo, walk);
}

/** The same on a demo of its own: a new passkey ends every other session of its user. */
export async function byNameAlone(walk: (page: Page, demo: Demo) => Promise<void>): Promise<void> {
  const demo = await Demo.start();
  try {
    await at(demo, walk);
  } finally {
    await demo.stop();
  }
}

async function at(demo: Demo, walk: (page: Page, demo: Demo) => Promise<void>): Promise<void> {
  const { browser } = await world();
  const window = await openWindow(browser, demo.file.baseUrl.replace('127.0.0.1', 'localhost'), {});
  try {
    await walk(window.page, demo);
    assert.deepEqual(window.watch.faults(), []);
  } finally {
    await window.context.close();
  }
}

/** An authenticator that verifies its user without asking. The browser offers no passkey by itself, so that the button is what logs in. */
export async function authenticator(page: Page): Promise<void> {
  await page.addInitScript(() => {
    if ('PublicKeyCredential' in window) PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}
