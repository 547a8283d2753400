import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { Notice } from '../../../../shared/design/parts';
import { failureText } from '../../../../shared/design/states';
import { t } from '../../../../shared/i18n/i18n';
import { notRemoved } from '../../../removals';

/** A mark that was not set: it stands as it was. */
export const notMarked = signal<{ name: string; failure: unknown } | null>(null);

/** A deletion or a mark that did not succeed. */
export function NotDone(): JSX.Element | null {
  const m = t().goods;
  const told = notRemoved.value ?? notMarked.value;
  if (!told) return null;
  return (
    <Notice tone="bad" icon="alert">
      <p>{notRemoved.value ? m.notRemoved(told.name) : m.notMarked(told.name)}</p>
      {failureText(told.failure)}
    </Notice>
  );
}
