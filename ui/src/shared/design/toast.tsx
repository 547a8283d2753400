import { signal } from '@preact/signals';
import type { JSX } from 'preact';

const text = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says for a moment that something small worked. Failures that need an act are never toasts. */
export function toast(message: string): void {
  text.value = message;
  clearTimeout(timer);
  timer = setTimeout(() => (text.value = ''), 3000);
}

/** The place where toasts appear; once in the app. */
export function ToastArea(): JSX.Element {
  return (
    <div role="status" aria-live="polite">
      {text.value && <div class="toast">{text.value}</div>}
    </div>
  );
}
