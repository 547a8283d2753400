import { effect, signal } from '@preact/signals';
import { place } from '../shared/router/router';

/** Payments that ended elsewhere and were not looked at yet. */
export const unseen = signal<readonly string[]>([]);

/** The payment whose request is on the screen, which tells by itself; empty when none is. */
export const watching = signal('');

/** Notes news of a payment, once. */
export function note(paymentId: string): void {
  if (!unseen.value.includes(paymentId)) unseen.value = [...unseen.value, paymentId];
}

const LISTS = ['/payments', '/requests'];

/** Takes away what was looked at: a list shows them all, a payment's own screen that one. Gives what ends it. */
export function followSeen(): () => void {
  return effect(() => {
    const { path } = place.value;
    const shown = watching.value;
    const before = unseen.value;
    const left = LISTS.includes(path) ? [] : before.filter((id) => id !== shown && !path.includes(id));
    if (left.length !== before.length) unseen.value = left;
  });
}
