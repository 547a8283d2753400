import { after } from 'node:test';
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launch, openWindow, type Window, type WindowOptions } from './browser';
import { Demo } from './demo';

export interface World {
  demo: Demo;
  browser: Browser;
}

let started: Promise<World> | undefined;

/** One demo and one browser for all journeys; started when first wanted. */
export function world(): Promise<World> {
  started ??= Promise.all([Demo.start(), launch()]).then(([demo, browser]) => ({ demo, browser }));
  return started;
}

after(async () => {
  if (!started) return;
  const { demo, browser } = await started;
  await browser.close();
  await demo.stop();
});

/**
 * Runs a journey in a window of its own. Afterwards the window must have kept the
 * Content-Security-Policy, thrown nothing and asked nobody but the server.
 */
export function journey(options: WindowOptions, walk: (window: Window, demo: Demo) => Promise<void>): () => Promise<void> {
  return async () => {
    const { demo, browser } = await world();
    const window = await openWindow(browser, demo.file.baseUrl, options);
    try {
      await walk(window, demo);
      assert.deepEqual(window.watch.faults(), []);
    } finally {
      await window.context.close();
    }
  };
}
