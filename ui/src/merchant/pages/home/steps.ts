import { readChoice, writeChoice } from '../../../shared/state/choice';

export type StepName = 'products' | 'reader' | 'payment';

export interface Step {
  name: StepName;
  done: boolean;
}

/** What is known of a shop's first run; undefined while it is on its way or could not be read. */
export interface Known {
  /** The shop has products. */
  products: boolean | undefined;
  /** A reader is chosen on this device. */
  reader: boolean | undefined;
  /** There was a payment, ever. */
  paid: boolean | undefined;
}

/** The steps of the first run in their order; none until all is known, so that nothing jumps about. */
export function firstSteps({ products, reader, paid }: Known): readonly Step[] {
  if (products === undefined || reader === undefined || paid === undefined) return [];
  return [
    { name: 'products', done: products },
    { name: 'reader', done: reader },
    { name: 'payment', done: paid },
  ];
}

/** Whether something is left to do, which is when the list is shown. */
export function someLeft(steps: readonly Step[]): boolean {
  return steps.some(({ done }) => !done);
}

const store = (merchantId: string): string => `innopay.first.${merchantId}`;

/** Whether the first run is over on this device: hidden, or done once, and never shown again. */
export function firstRunOver(merchantId: string): boolean {
  return readChoice(store(merchantId), ['open', 'over'], 'open') === 'over';
}

/** Ends the first run on this device, or takes that back. */
export function endFirstRun(merchantId: string, over: boolean): void {
  writeChoice(store(merchantId), over ? 'over' : 'open');
}
