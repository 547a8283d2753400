import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';
import './toast.css';

interface Undo {
  text: string;
  run: () => void;
}

/** How long a toast that can be taken back stands, in milliseconds. */
export const UNDO_TIME = 6000;

const shown = signal<{ text: string; undo?: Undo; bad?: true } | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Says for a moment that something small worked; undo takes it back. Failures that need
 * an act are never toasts.
 */
export function toast(text: string, undo?: Undo): void {
  shown.value = undo ? { text, undo } : { text };
  clearTimeout(timer);
  timer = setTimeout(() => (shown.value = null), undo ? UNDO_TIME : 3000);
}

/** Says what wants attention soon, whatever screen is open; what it is about stands elsewhere too. */
export function alarm(text: string): void {
  shown.value = { text, bad: true };
  clearTimeout(timer);
  timer = setTimeout(() => (shown.value = null), 8000);
}

/** The place where toasts appear; once in the app. */
export function ToastArea(): JSX.Element {
  const now = shown.value;
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Into the top layer, so that an open sheet does not hide it.
    const element = box.current;
    if (element && 'showPopover' in element && !element.matches(':popover-open')) element.showPopover();
  }, [now]);
  const takeBack = (): void => {
    shown.value = null;
    now?.undo?.run();
  };
  return (
    <div role="status" aria-live="polite">
      {now && (
        <div ref={box} popover="manual" class={now.undo ? 'toast toast-undo' : now.bad ? 'toast toast-bad' : 'toast'}>
          {now.bad && <Icon name="alert" size={20} />}
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
