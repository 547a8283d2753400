import { computed, effect } from '@preact/signals';
import type { PayRequest } from '../shared/api/requests';
import type { Channel } from '../shared/api/types';
import type { IconName } from '../shared/design/icons';
import { t } from '../shared/i18n/i18n';
import { readChoice, writeChoice } from '../shared/state/choice';
import { ownMerchant } from './own';
import { CHANNEL_ICONS } from './words';

/** How a buyer who is asked for a payment pays it: by a link in a text, or by calling the line. */
export type Way = PayRequest['kind'];

const STORE = 'innopay.line';

/**
 * Whether buyers can call a line here. Before the merchant is fetched it is as this
 * device last heard, so that no screen changes under the eyes; undefined when it never did.
 */
export const hasLine = computed<boolean | undefined>(() => {
  const shop = ownMerchant.value;
  if (shop) return Boolean(shop.arsNumber);
  const heard = readChoice(STORE, ['yes', 'no', ''], '');
  return heard === '' ? undefined : heard === 'yes';
});

/** Remembers on this device whether there is a line. Gives what ends it. */
export function followLine(): () => void {
  return effect(() => {
    if (ownMerchant.value) writeChoice(STORE, ownMerchant.value.arsNumber ? 'yes' : 'no');
  });
}

/** Where a buyer is asked to pay in each way. */
export const ASKED_AT: Record<Way, string> = { ARS: '/pay/ars', SMS: '/pay/sms' };

/** The ways there are here, in the manual's order. */
const ways = (): readonly Way[] => (hasLine.value ? ['ARS', 'SMS'] : ['SMS']);

/** Where to ask again in the same way; by a link where there is no line any more. */
export const askedAt = (way: Way): string => ASKED_AT[ways().includes(way) ? way : 'SMS'];

/** A way there is here, as it is offered. */
export interface Asking {
  way: Way;
  to: string;
  icon: IconName;
  text: string;
  hint: string;
}

/** The ways there are here with their words. */
export function askings(): Asking[] {
  const f = t().functions;
  const words = { ARS: { text: f.ars, hint: f.arsHint }, SMS: { text: f.sms, hint: f.smsHint } };
  return ways().map((way) => ({ way, to: ASKED_AT[way], icon: CHANNEL_ICONS[way], ...words[way] }));
}

/** The kinds of payment that can be taken here, in the manual's order. */
export const channels = (): readonly Channel[] => ['CARD', ...ways(), 'CASH'];
