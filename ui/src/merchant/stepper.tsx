import type { JSX } from 'preact';
import { IconButton } from '../shared/design/controls';
import { t } from '../shared/i18n/i18n';

interface StepperProps {
  name: string;
  quantity: number;
  onStep: (by: 1 | -1) => void;
}

/** Counts a chosen product up and down. */
export function Stepper({ name, quantity, onStep }: StepperProps): JSX.Element {
  const m = t().products;
  return (
    <div class="stepper">
      <IconButton icon="minus" label={m.less(name)} onPress={() => onStep(-1)} />
      <output aria-label={m.chosen(name, quantity)}>{quantity}</output>
      <IconButton icon="plus" label={m.more(name)} onPress={() => onStep(1)} />
    </div>
  );
}
