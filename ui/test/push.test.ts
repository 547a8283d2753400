import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { push } from '../src/shared/api/api';
import { NoAnswer } from '../src/shared/api/failure';
import type { Session } from '../src/shared/api/types';
import { pushState, turnOff, turnOn } from '../src/shared/state/push';
import { endPush, readChosen, renewPush, writeChosen } from '../src/shared/state/pushed';

const me = { id: 'ses_1', merchantId: 'mer_1', user: { id: 'usr_1' } } as Session;
const key = new Uint8Array([4, 251, 255, 0]);
const keyText = 'BPv_AA'; // base64url of key

/** A browser whose push service gives one address after another. */
function browser(permission: NotificationPermission, answer: NotificationPermission = permission): { held: () => string | null; holds: (options: { key: Uint8Array }) => void } {
  let number = 0;
  let held: { endpoint: string; options: { applicationServerKey: ArrayBuffer }; toJSON: () => unknown; unsubscribe: () => Promise<boolean> } | null = null;
  const make = (bytes: Uint8Array): NonNullable<typeof held> => {
    const endpoint = `https://push.example/${++number}`;
    return {
      endpoint,
      options: { applicationServerKey: bytes.slice().buffer },
      toJSON: () => ({ endpoint, keys: { p256dh: 'point', auth: 'secret' } }),
      unsubscribe: () => {
        held = null;
        return Promise.resolve(true);
      },
    };
  };
  const pushManager = {
    getSubscription: () => Promise.resolve(held),
    subscribe: vi.fn(({ applicationServerKey }: { applicationServerKey: Uint8Array }) => Promise.resolve((held ??= make(applicationServerKey)))),
  };
  vi.stubGlobal('PushManager', class {});
  const notification = {
    permission,
    requestPermission: () => Promise.resolve((notification.permission = answer)),
  };
  vi.stubGlobal('Notification', notification);
  Object.defineProperty(navigator, 'serviceWorker', { value: { getRegistration: () => Promise.resolve({ pushManager }) }, configurable: true });
  return { held: () => held?.endpoint ?? null, holds: (options) => (held = make(options.key)) };
}

let known: string[] = [];
beforeEach(() => {
  localStorage.clear();
  known = [];
  vi.spyOn(push, 'key').mockResolvedValue(keyText);
  vi.spyOn(push, 'subscribe').mockImplementation(({ endpoint, keys }) => {
    expect(keys).toEqual({ p256dh: 'point', auth: 'secret' });
    known.push(endpoint);
    return Promise.resolve(`psh_${known.length}`);
  });
  vi.spyOn(push, 'unsubscribe').mockResolvedValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'serviceWorker');
  Reflect.deleteProperty(navigator, 'standalone');
});

describe('notices on this device', () => {
  it('are turned on by a press that the browser confirms, and off again', async () => {
    const { held } = browser('default', 'granted');
    expect(await pushState(me)).toBe('off');
    expect(await turnOn(me)).toBe('on');
    expect(known).toEqual([held()]);
    expect(await pushState(me)).toBe('on');
    expect(await turnOff()).toBe('off');
    expect(push.unsubscribe).toHaveBeenCalledWith('psh_1');
    expect([held(), readChosen(), await pushState(me)]).toEqual([null, null, 'off']);
  });

  it.each([
    ['denied', 'denied'],
    ['default', 'off'],
  ] as const)('stay off when the question ends %s', async (answer, state) => {
    browser('default', answer);
    expect(await turnOn(me)).toBe(state);
    expect(await pushState(me)).toBe(state);
    expect(push.subscribe).not.toHaveBeenCalled();
  });

  it('are off, with the reason, when the server gives no answer', async () => {
    browser('granted');
    vi.mocked(push.subscribe).mockRejectedValueOnce(new NoAnswer('no answer'));
    await expect(turnOn(me)).rejects.toBeInstanceOf(NoAnswer);
    expect(await pushState(me)).toBe('off');
  });

  it('are off on the device even when the server cannot be told', async () => {
    const { held } = browser('granted');
    await turnOn(me);
    vi.mocked(push.unsubscribe).mockRejectedValueOnce(new NoAnswer('no answer'));
    expect(await turnOff()).toBe('off');
    expect([held(), await pushState(me)]).toEqual([null, 'off']);
  });

  it('are made anew where the browser holds those of another key', async () => {
    const { held, holds } = browser('granted');
    holds({ key: new Uint8Array([4, 1, 2, 3]) });
    const old = held();
    await turnOn(me);
    expect(held()).not.toBe(old);
    expect(known).toEqual([held()]);
  });

  it('keep the address that the browser holds already', async () => {
    const { held, holds } = browser('granted');
    holds({ key });
    const old = held();
    await turnOn(me);
    expect(known).toEqual([old]);
  });

  it('give up on a browser that never answers', async () => {
    vi.useFakeTimers();
    try {
      browser('granted');
      const registration = await navigator.serviceWorker.getRegistration();
      vi.mocked(registration!.pushManager.subscribe).mockReturnValueOnce(new Promise(() => undefined));
      const outcome = expect(turnOn(me)).rejects.toThrow('does not answer');
      await vi.advanceTimersByTimeAsync(20_000);
      await outcome;
    } finally {
      vi.useRealTimers();
    }
  });

  it('need a browser that has them', async () => {
    expect(await pushState(me)).toBe('unsupported');
    Object.defineProperty(navigator, 'standalone', { value: false, configurable: true });
    expect(await pushState(me)).toBe('install');
    Object.defineProperty(navigator, 'standalone', { value: true, configurable: true });
    expect(await pushState(me)).toBe('unsupported');
  });

  it('that the user blocked later are shown as blocked', async () => {
    browser('granted');
    await turnOn(me);
    browser('denied');
    expect(await pushState(me)).toBe('denied');
  });
});

describe('at the start of the app', () => {
  it('nothing is asked or sent where nobody wanted notices', async () => {
    browser('granted');
    await renewPush(me);
    expect([push.key, push.subscribe].map((call) => vi.mocked(call).mock.calls.length)).toEqual([0, 0]);
  });

  it('the device says that it is still there', async () => {
    const { held } = browser('granted');
    await turnOn(me);
    await renewPush(me);
    expect(known).toEqual([held(), held()]);
    expect(readChosen()).toEqual({ userId: 'usr_1', id: 'psh_2' });
  });

  it('another user is told nothing of the last one, and the last one nothing here any more', async () => {
    const { held } = browser('granted');
    await turnOn(me);
    const other = { ...me, user: { ...me.user, id: 'usr_2' } };
    expect(await pushState(other)).toBe('off');
    await renewPush(other);
    expect([held(), readChosen(), known.length]).toEqual([null, null, 1]);
  });

  it('a permission taken back ends them', async () => {
    browser('granted');
    await turnOn(me);
    const { held } = browser('denied');
    await renewPush(me);
    expect([held(), readChosen(), known.length]).toEqual([null, null, 1]);
  });
});

it('a log-out ends them in the browser and does not wait for it for ever', async () => {
  const { held } = browser('granted');
  await turnOn(me);
  await endPush();
  expect([held(), readChosen()]).toEqual([null, null]);
  writeChosen({ userId: 'usr_1', id: 'psh_1' });
  Object.defineProperty(navigator, 'serviceWorker', { value: { getRegistration: () => new Promise(() => undefined) }, configurable: true });
  vi.useFakeTimers();
  try {
    const ended = endPush();
    await vi.advanceTimersByTimeAsync(2000);
    await ended;
  } finally {
    vi.useRealTimers();
  }
  expect(readChosen()).toBeNull();
});
