import type { JSX } from 'preact';
import { Button } from '../shared/design/controls';
import { Notice } from '../shared/design/parts';
import { t } from '../shared/i18n/i18n';
import { difference } from './cart-keep';

/** Says what the catalogue changed about chosen products, until it has been read. */
export function DifferenceNotice(): JSX.Element | null {
  const told = difference.value;
  const m = t().cart;
  if (!told) return null;
  return (
    <Notice tone="warn" icon="alert">
      <div role="status">
        {told.gone > 0 && <p>{m.gone(told.gone)}</p>}
        {told.changed && <p>{m.changed}</p>}
      </div>
      <Button kind="text" onPress={() => (difference.value = null)}>
        {m.known}
      </Button>
    </Notice>
  );
}
