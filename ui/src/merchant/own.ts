import { signal } from '@preact/signals';
import { merchants } from '../shared/api/api';
import { ApiFailure } from '../shared/api/failure';
import type { Merchant, Settings } from '../shared/api/types';
import { onWord } from '../shared/state/live';
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
  // An answer that was overtaken by a newer one says nothing any more.
  if (ownSettings.value && settings.version < ownSettings.value.version) return ownSettings.value;
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

/** Whether another device changed the very thing that is being changed here. */
function sameThing(change: Partial<Settings>, before: Settings, now: Settings): boolean {
  return (Object.keys(change) as (keyof Settings)[]).some((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
}

/** Saves on top of what is stored; another device's change of something else is kept as well. */
async function put(change: Partial<Settings>, tries: number): Promise<Settings> {
  const before = await loadSettings();
  try {
    return await merchants.saveSettings({ ...before, ...change });
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || failure.status !== 409) throw failure;
    const now = await readSettings();
    if (tries <= 1 || sameThing(change, before, now)) throw new SettingsChanged();
    return put(change, tries - 1);
  }
}

/** How often a change is put on top of what others save meanwhile. */
const TRIES = 3;

/**
 * Saves a change of the settings, one after another, so that quick presses do not
 * overtake each other. A look is worn at once, and taken off again when it is refused.
 * Throws SettingsChanged when another device changed the same thing.
 */
export function saveSettings(change: Partial<Settings>): Promise<Settings> {
  wear(change);
  const saved = turn.then(async () => {
    try {
      return take(await put(change, TRIES));
    } catch (failure) {
      if (ownSettings.value) take(ownSettings.value);
      throw failure;
    }
  });
  turn = saved.catch(() => undefined);
  return saved;
}

/** Takes over what another device saves. Gives what ends it. */
export function followSettings(hear: typeof onWord = onWord): () => void {
  return hear(({ settings }) => {
    if (settings === undefined || (settings > 0 && settings <= (ownSettings.value?.version ?? 0))) return;
    // No answer: the next word, or the next screen, reads them again.
    turn = turn.then(readSettings).catch(() => undefined);
  });
}
