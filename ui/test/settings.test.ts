import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { merchants } from '../src/shared/api/api';
import { ApiFailure } from '../src/shared/api/failure';
import type { Merchant, Session, Settings } from '../src/shared/api/types';
import { session } from '../src/shared/state/session';
import { setTextSize, setTheme, startTheme, textSize, theme } from '../src/shared/state/theme';
import { followSettings, loadSettings, ownMerchant, ownSettings, readSettings, saveSettings, SettingsChanged, wearHere } from '../src/merchant/own';

const DEFAULTS: Settings = {
  slideMenu: true, cart: true, buyerInfo: true, signatureLimit: 50_000, sound: true, vibration: true, notify: true,
  shuffleKeypad: true, theme: 'SYSTEM', textSize: 'NORMAL', version: 1,
};

/** A server that keeps settings as ours does: a change must name the version it read. */
function server(): { stored: Settings; read: ReturnType<typeof vi.spyOn>; write: ReturnType<typeof vi.spyOn> } {
  const state = { stored: DEFAULTS };
  const read = vi.spyOn(merchants, 'settings').mockImplementation(() => Promise.resolve(state.stored));
  const write = vi.spyOn(merchants, 'saveSettings').mockImplementation((body) => {
    if (body.version !== state.stored.version) return Promise.reject(new ApiFailure(409, { code: 'CHANGED_MEANWHILE' }, 0));
    state.stored = { ...body, version: body.version + 1 };
    return Promise.resolve(state.stored);
  });
  return Object.assign(state, { read, write });
}

const as = (role: 'OWNER' | 'STAFF'): void => void (session.value = { id: 'ses_1', merchantId: 'mer_1', user: { id: 'usr_1', role } } as Session);

beforeEach(() => {
  localStorage.clear();
  ownSettings.value = null;
  ownMerchant.value = null;
  setTheme('system');
  setTextSize('normal');
  as('OWNER');
});
afterEach(() => void vi.restoreAllMocks());

describe('settings', () => {
  it('are read once and kept', async () => {
    const { read } = server();
    await loadSettings();
    await loadSettings();
    expect(read).toHaveBeenCalledTimes(1);
    expect(ownSettings.value).toEqual(DEFAULTS);
  });

  it('are saved whole, with what no screen shows left as it was', async () => {
    const { write } = server();
    await saveSettings({ cart: false });
    expect(write).toHaveBeenCalledWith({ ...DEFAULTS, cart: false });
    expect(ownSettings.value).toEqual({ ...DEFAULTS, cart: false, version: 2 });
  });

  it('saved quickly one after another do not overtake each other', async () => {
    const shop = server();
    await Promise.all([saveSettings({ cart: false }), saveSettings({ sound: false }), saveSettings({ cart: true, slideMenu: false })]);
    expect(shop.stored).toEqual({ ...DEFAULTS, sound: false, slideMenu: false, version: 4 });
  });

  it('changed elsewhere in another thing keep both changes', async () => {
    const shop = server();
    await loadSettings();
    shop.stored = { ...DEFAULTS, cart: false, version: 2 };
    await saveSettings({ sound: false });
    expect(shop.stored).toEqual({ ...DEFAULTS, cart: false, sound: false, version: 3 });
    expect(ownSettings.value).toEqual(shop.stored);
  });

  it('changed elsewhere in the same thing are read again, and the own change is not saved over them', async () => {
    const shop = server();
    await loadSettings();
    shop.stored = { ...DEFAULTS, signatureLimit: 30_000, version: 2 };
    await expect(saveSettings({ signatureLimit: 10_000 })).rejects.toBeInstanceOf(SettingsChanged);
    expect(shop.stored.signatureLimit).toBe(30_000);
    expect(ownSettings.value).toEqual(shop.stored);
    await saveSettings({ signatureLimit: 10_000 });
    expect(shop.stored).toEqual({ ...DEFAULTS, signatureLimit: 10_000, version: 3 });
  });

  it('changed elsewhere again and again give up, with nothing lost', async () => {
    const shop = server();
    await loadSettings();
    shop.write.mockRejectedValue(new ApiFailure(409, { code: 'CHANGED_MEANWHILE' }, 0));
    await expect(saveSettings({ sound: false })).rejects.toBeInstanceOf(SettingsChanged);
    expect(shop.write).toHaveBeenCalledTimes(3);
    expect(ownSettings.value).toEqual(DEFAULTS);
  });

  it('read before a change and answered after it do not undo it', async () => {
    const shop = server();
    await loadSettings();
    let answer: (settings: Settings) => void = () => undefined;
    shop.read.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const late = readSettings();
    await saveSettings({ sound: false });
    answer(DEFAULTS);
    expect(await late).toEqual({ ...DEFAULTS, sound: false, version: 2 });
    expect(ownSettings.value?.sound).toBe(false);
  });

  it('that another device saves are taken over, once, and not after the end', async () => {
    const shop = server();
    await loadSettings();
    const words = new Set<(word: { settings?: number; ended?: true }) => void>();
    const end = followSettings((hear) => {
      words.add(hear);
      return () => words.delete(hear);
    });
    const say = (word: { settings?: number; ended?: true }): void => words.forEach((hear) => hear(word));
    shop.stored = { ...DEFAULTS, slideMenu: false, version: 2 };
    say({ settings: 2 });
    await vi.waitFor(() => expect(ownSettings.value).toEqual(shop.stored));
    say({ settings: 2 });
    say({ ended: true });
    shop.stored = { ...DEFAULTS, theme: 'DARK', version: 3 };
    say({ settings: 0 });
    await vi.waitFor(() => expect(theme.value).toBe('dark'));
    expect(shop.read).toHaveBeenCalledTimes(3);
    end();
    expect(words.size).toBe(0);
  });

  it('that were refused for another reason stay as they were', async () => {
    const { write } = server();
    const refusal = new ApiFailure(422, { code: 'INVALID_REQUEST' }, 0);
    write.mockRejectedValueOnce(refusal);
    await expect(saveSettings({ signatureLimit: -1 })).rejects.toBe(refusal);
    expect(ownSettings.value).toEqual(DEFAULTS);
  });

  it('tell the payment form the new limit without signature at once', async () => {
    server();
    ownMerchant.value = { id: 'mer_1', signatureLimit: 50_000 } as Merchant;
    await saveSettings({ signatureLimit: 30_000 });
    expect(ownMerchant.value.signatureLimit).toBe(30_000);
  });
});

describe('the look', () => {
  it('is worn before the server has answered, and taken off when it refuses', async () => {
    const { write } = server();
    await loadSettings();
    const refusal = new ApiFailure(422, { code: 'INVALID_REQUEST' }, 0);
    write.mockImplementationOnce(() => {
      expect([theme.value, textSize.value]).toEqual(['dark', 'huge']);
      return Promise.reject(refusal);
    });
    await expect(saveSettings({ theme: 'DARK', textSize: 'HUGE' })).rejects.toBe(refusal);
    expect([theme.value, textSize.value]).toEqual(['system', 'normal']);
  });

  it('is the shop\'s on its owner\'s device, and there again before the server has answered', async () => {
    const shop = server();
    shop.stored = { ...DEFAULTS, theme: 'DARK', textSize: 'HUGE' };
    await loadSettings();
    expect(document.documentElement.dataset).toMatchObject({ theme: 'dark', text: 'huge' });
    document.documentElement.removeAttribute('data-theme');
    startTheme();
    expect([theme.value, textSize.value, document.documentElement.dataset['theme']]).toEqual(['dark', 'huge', 'dark']);
  });

  it('that staff choose holds on their device and changes nothing in the shop', async () => {
    const shop = server();
    shop.stored = { ...DEFAULTS, theme: 'DARK' };
    as('STAFF');
    await loadSettings();
    expect(theme.value).toBe('dark');
    wearHere({ theme: 'LIGHT' });
    ownSettings.value = null;
    await loadSettings();
    expect(theme.value).toBe('light');
    expect(shop.write).not.toHaveBeenCalled();
  });
});
