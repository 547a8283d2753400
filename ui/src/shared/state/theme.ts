import { signal } from '@preact/signals';
import { readChoice, writeChoice } from './choice';

export type Theme = 'system' | 'light' | 'dark';
export type TextSize = 'normal' | 'large' | 'huge';

const STORE = 'innopay.theme';
const SIZE_STORE = 'innopay.text';

export const theme = signal<Theme>('system');
export const textSize = signal<TextSize>('normal');

function mark(name: 'theme' | 'text', value: string, usual: string): void {
  if (value === usual) delete document.documentElement.dataset[name];
  else document.documentElement.dataset[name] = value;
}

function apply(next: Theme): void {
  theme.value = next;
  mark('theme', next, 'system');
}

function applySize(next: TextSize): void {
  textSize.value = next;
  mark('text', next, 'normal');
}

/** Chooses light, dark or what the device says, on this device. */
export function setTheme(next: Theme): void {
  apply(next);
  writeChoice(STORE, next);
}

/** Chooses the size of all text, on this device. */
export function setTextSize(next: TextSize): void {
  applySize(next);
  writeChoice(SIZE_STORE, next);
}

/** Applies the look chosen on this device before. */
export function startTheme(): void {
  apply(readChoice<Theme>(STORE, ['system', 'light', 'dark'], 'system'));
  applySize(readChoice<TextSize>(SIZE_STORE, ['normal', 'large', 'huge'], 'normal'));
}
