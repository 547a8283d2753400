import { signal } from '@preact/signals';
import { merchants } from '../shared/api/api';
import { ApiFailure } from '../shared/api/failure';
import type { Merchant, Settings } from '../shared/api/types';
import { readChoice, writeChoice } from '../shared/state/choice';
import { isOwner } from '../shared/state/session';
import { setTextSize, setTheme, type TextSize, type Theme } from '../shared/state/theme';

/** The logged-in merchant, once fetched: what the payment form must ask and how VAT is rounded. */
export const ownMerchant = signal<Merchant | null>(null);

let asked: Promise<Merchant> | null = null;

/** The merchant from memory, or from the server the first time; whoever asks meanwhile gets the same answer. */
export async function loadMerchant(): Promise<Merchant> {
  if (ownMerchant.value) return ownMerchant.value;
  asked ??= merchants.own().finally(() => (asked = null));
  const shop = await asked;
  return (ownMerchant.value ??= shop);
}

/** The settings of the shop, once fetched; null before, when every screen takes the server's defaults. */
export const ownSettings = signal<Settings | null>(null);

/** The settings from memory, or from the server the first time. */
export async function loadSettings(): Promise<Settings> {
  return ownSettings.value ?? readSettings();
}

/** The settings as the server has them now. */
export async function readSettings(): Promise<Settings> {
  return take(await merchants.settings());
}

const LOOK = 'innopay.look';

/**
 * Theme and text size of the shop hold on its owner's devices; staff, who cannot
 * change the shop's, may choose their own for the device at hand.
 */
function take(settings: Settings): Settings {
  ownSettings.value = settings;
  if (ownMerchant.value) ownMerchant.value = { ...ownMerchant.value, signatureLimit: settings.signatureLimit };
  if (isOwner.value || readChoice(LOOK, ['shop', 'device'], 'shop') === 'shop') wear(settings);
  return settings;
}

function wear(look: { theme?: Settings['theme']; textSize?: Settings['textSize'] }): void {
  if (look.theme) setTheme(look.theme.toLowerCase() as Theme);
  if (look.textSize) setTextSize(look.textSize.toLowerCase() as TextSize);
}

/** A look for this device alone: what staff choose. */
export function wearHere(look: { theme?: Settings['theme']; textSize?: Settings['textSize'] }): void {
  writeChoice(LOOK, 'device');
  wear(look);
}

/** Somebody changed the settings elsewhere: they have been read again, and nothing was saved. */
export class SettingsChanged extends Error {
  override readonly name = 'SettingsChanged';
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * Saves a change of the settings, one after another, so that quick presses do not
 * overtake each other. Throws SettingsChanged when another device was faster.
 */
export function saveSettings(change: Partial<Settings>): Promise<Settings> {
  const saved = turn.then(async () => {
    const now = await loadSettings();
    try {
      return take(await merchants.saveSettings({ ...now, ...change }));
    } catch (failure) {
      if (!(failure instanceof ApiFailure) || failure.status !== 409) throw failure;
      await readSettings();
      throw new SettingsChanged();
    }
  });
  turn = saved.catch(() => undefined);
  return saved;
}
