import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { t } from '../../../../shared/i18n/i18n';
import { useDrag } from './drag';

interface SortableProps<T> {
  label: string;
  items: readonly T[];
  draw: (item: T) => ComponentChildren;
  onMove: (from: number, to: number) => void;
}

/** A list put into order by dragging its handles, or by the buttons that stand beside each (WCAG 2.5.7). */
export function Sortable<T extends { id: string; name: string }>({ label, items, draw, onMove }: SortableProps<T>): JSX.Element {
  const m = t().goods;
  const list = useRef<HTMLUListElement>(null);
  const { onPointerDown, ...rest } = useDrag(list, onMove);
  /** The button that was pressed keeps the focus, wherever its row goes. */
  const pressed = useRef<{ id: string; way: 'up' | 'down' } | null>(null);
  const step = (item: T, from: number, way: 'up' | 'down'): void => {
    pressed.current = { id: item.id, way };
    onMove(from, way === 'up' ? from - 1 : from + 1);
  };
  useLayoutEffect(() => {
    const was = pressed.current;
    pressed.current = null;
    if (!was) return;
    const row = list.current?.querySelector(`[data-id="${CSS.escape(was.id)}"]`);
    const buttons = (row?.querySelector<HTMLElement>(`[data-way="${was.way}"] button:not(:disabled)`) ?? row?.querySelector<HTMLElement>('button:not(:disabled)'));
    buttons?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }, [items]);
  return (
    <ul ref={list} class="sortable" aria-label={label} onPointerMove={rest.onPointerMove} onPointerUp={rest.onPointerUp} onPointerCancel={rest.onPointerCancel}>
      {items.map((item, at) => (
        <li key={item.id} class="sortable-row" data-id={item.id}>
          <span class="sortable-grip" aria-hidden="true" onPointerDown={(event) => onPointerDown(event, at)}>
            <Icon name="grip" />
          </span>
          <span class="sortable-body">{draw(item)}</span>
          <span data-way="up" class={at === 0 ? 'is-end' : ''}>
            <IconButton icon="up" label={m.up(item.name)} disabled={at === 0} onPress={() => step(item, at, 'up')} />
          </span>
          <span data-way="down" class={at === items.length - 1 ? 'is-end' : ''}>
            <IconButton icon="down" label={m.down(item.name)} disabled={at === items.length - 1} onPress={() => step(item, at, 'down')} />
          </span>
        </li>
      ))}
    </ul>
  );
}
