import { signal } from '@preact/signals';
import { readChoice, writeChoice } from './choice';

export type Theme = 'system' | 'light' | 'dark';

const STORE = 'innopay.theme';

export const theme = signal<Theme>('system');

function apply(next: Theme): void {
  theme.value = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
}

/** Chooses light, dark or what the device says, on this device. */
export function setTheme(next: Theme): void {
  apply(next);
  writeChoice(STORE, next);
}

/** Applies the theme chosen on this device before. */
export function startTheme(): void {
  apply(readChoice<Theme>(STORE, ['system', 'light', 'dark'], 'system'));
}
