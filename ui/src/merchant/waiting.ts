import { signal } from '@preact/signals';
import { merchants } from '../shared/api/api';
import { toast } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import { onWord } from '../shared/state/live';
import { isOwner } from '../shared/state/session';

/** How many people registered and wait for the owner. */
export const waiting = signal(0);

/** Counts them for an owner, anew whenever somebody registers; a new one is told. Gives the function that stops it. */
export function startWaiting(): () => void {
  let known: number | undefined;
  const count = (): void => {
    if (!isOwner.value) return;
    merchants.staff().then(
      (people) => {
        waiting.value = people.filter(({ status }) => status === 'PENDING').length;
        if (known !== undefined && waiting.value > known) toast(t().rights.asked);
        known = waiting.value;
      },
      () => undefined,
    );
  };
  count();
  return onWord(({ staff }) => staff && count());
}
