import type { BrowserContext, Page } from 'playwright-core';

/** What the page keeps of a fake port, so that the test plays the device. */
interface Played {
  send: (bytes: number[]) => void;
  unplug: () => void;
  plug: () => void;
  /** How often the page asked for a device, and how often it opened one. */
  asked: number;
  opened: number;
}

/**
 * Gives every page of a window a card reader on a serial port, which a headless browser has
 * none of: the port is picked, opened, read and lost as a real one.
 */
export async function withSerialReader(context: BrowserContext): Promise<void> {
  // The compiler of the tests names functions by a helper of its own, which the page lacks.
  await context.addInitScript('globalThis.__name = (named) => named');
  await context.addInitScript(() => {
    let line: ReadableStreamDefaultController<Uint8Array> | null = null;
    let there = true;
    const played: Played = {
      send: (bytes) => line?.enqueue(Uint8Array.from(bytes)),
      unplug: () => {
        there = false;
        port.readable = null;
        line?.error(new DOMException('The device has been lost.', 'NetworkError'));
      },
      plug: () => {
        there = true;
        serial.dispatchEvent(new Event('connect'));
      },
      asked: 0,
      opened: 0,
    };
    const port = Object.assign(new EventTarget(), {
      readable: null as ReadableStream<Uint8Array> | null,
      getInfo: () => ({ usbVendorId: 0x0acd, usbProductId: 0x2010 }),
      open: () => {
        played.opened++;
        port.readable = new ReadableStream<Uint8Array>({ start: (controller) => void (line = controller) });
        return Promise.resolve();
      },
      close: () => {
        port.readable = null;
        return Promise.resolve();
      },
    });
    const allowed = (): boolean => sessionStorage.getItem('e2e.serial') === 'allowed';
    const serial = Object.assign(new EventTarget(), {
      requestPort: () => {
        played.asked++;
        sessionStorage.setItem('e2e.serial', 'allowed');
        return Promise.resolve(port);
      },
      getPorts: () => Promise.resolve(there && allowed() ? [port] : []),
    });
    Object.defineProperty(navigator, 'serial', { value: serial });
    Object.assign(window, { playedReader: played });
  });
}

/** Acts as the device of withSerialReader. */
export async function play(page: Page, act: 'unplug' | 'plug' | number[]): Promise<void> {
  await page.evaluate((what) => {
    const { playedReader } = window as unknown as { playedReader: Played };
    if (typeof what === 'string') playedReader[what]();
    else playedReader.send(what);
  }, act);
}

/** How often the page asked for a device, and how often it opened one. */
export function played(page: Page): Promise<{ asked: number; opened: number }> {
  return page.evaluate(() => {
    const { asked, opened } = (window as unknown as { playedReader: Played }).playedReader;
    return { asked, opened };
  });
}

/** A browser that can reach no device but a keyboard, as Safari on a phone. */
export async function withoutDevices(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    for (const name of ['serial', 'hid', 'bluetooth', 'usb']) delete (Navigator.prototype as unknown as Record<string, unknown>)[name];
  });
}
