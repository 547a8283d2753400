import { signal } from '@preact/signals';
import type { JSX } from 'preact';

interface Undo {
  text: string;
  run: () => void;
}

const shown = signal<{ text: string; undo?: Undo } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Says for a moment that something small worked; undo takes it back. Failures that need
 * an act are never toasts.
 */
export function toast(text: string, undo?: Undo): void {
  shown.value = undo ? { text, undo } : { text };
  clearTimeout(timer);
  timer = setTimeout(() => (shown.value = null), undo ? 6000 : 3000);
}

/** The place where toasts appear; once in the app. */
export function ToastArea(): JSX.Element {
  const now = shown.value;
  const takeBack = (): void => {
    shown.value = null;
    now?.undo?.run();
  };
  return (
    <div role="status" aria-live="polite">
      {now && (
        <div class={now.undo ? 'toast toast-undo' : 'toast'}>
          <span>{now.text}</span>
          {now.undo && (
            <button type="button" class="toast-act" onClick={takeBack}>
              {now.undo.text}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
