import { readChoice, writeChoice } from '../shared/state/choice';

const STORE = 'innopay.return';

/** Whether the result of a payment makes way for the next one by itself, on this device. */
export const returns = (): boolean => readChoice(STORE, ['on', 'off'], 'on') === 'on';

/** Chooses that, on this device. */
export function setReturns(on: boolean): void {
  writeChoice(STORE, on ? 'on' : 'off');
}
