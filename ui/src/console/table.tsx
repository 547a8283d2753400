import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../shared/design/controls';
import { Icon } from '../shared/design/icons';
import { EmptyState, ErrorState, FailureNotice } from '../shared/design/states';
import { c } from '../shared/i18n/console/console';
import { t } from '../shared/i18n/i18n';
import { bindKeys } from './keys';
import type { List } from './list';
import './table.css';

export interface Column<R> {
  /** Unique in the table. */
  key: string;
  title: string;
  /** Numbers and amounts stand at the right. */
  end?: boolean;
  /** Left out on narrow screens. */
  wide?: boolean;
  /** Sentences, which go on in further lines. */
  text?: boolean;
  cell: (row: R) => ComponentChildren;
  /** The server's word for this order; a column without one cannot be ordered by. */
  sort?: string;
}

export interface Order {
  by: string;
  down: boolean;
}

interface TableProps<R> {
  /** What the table lists, for those who do not see it. */
  label: string;
  columns: readonly Column<R>[];
  list: List<R>;
  rowKey: (row: R) => string;
  /** Where a row leads, or what opens it; its first cell is the link. */
  onOpen?: (row: R) => void;
  /** The row that stands open beside the table. */
  opened?: string;
  /** What an empty list says. */
  empty: { title: string; text: string; children?: ComponentChildren };
  order?: Order;
  onOrder?: (order: Order) => void;
}

/** A dense table: rows are walked with j and k or the arrows and opened with Enter. */
export function Table<R>(props: TableProps<R>): JSX.Element {
  const { label, columns, list, rowKey, onOpen, opened = '', empty } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => (onOpen ? walkKeys(box) : undefined), [onOpen === undefined]);
  if (list.failure !== undefined && list.rows.length === 0) return <ErrorState failure={list.failure} onRetry={list.reload} />;
  if (!list.loading && list.rows.length === 0) {
    return (
      <EmptyState picture="search" title={empty.title} text={empty.text}>
        {empty.children}
      </EmptyState>
    );
  }
  return (
    // Where no row is a stop for the keyboard, what scrolls sideways is one itself.
    <div class="table-box" ref={box} aria-busy={list.loading} {...(onOpen ? {} : { tabIndex: 0, role: 'region' as const, 'aria-label': label })}>
      <table class="table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} order={props.order} onOrder={props.onOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row, at) => {
            const key = rowKey(row);
            const found = opened !== '' && key === opened;
            return (
              <tr key={key} class={found ? 'is-open' : undefined} {...(onOpen ? { onClick: (event: MouseEvent) => press(event, () => onOpen(row)) } : {})}>
                {columns.map((column, i) => (
                  <td key={column.key} class={cellClass(column)}>
                    {i === 0 && onOpen ? (
                      <button type="button" class="row-open" data-row aria-expanded={found} tabIndex={at === 0 || found ? 0 : -1} onClick={() => onOpen(row)}>
                        {column.cell(row)}
                      </button>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
          {list.loading && list.rows.length === 0 && <Bones columns={columns.length} />}
        </tbody>
      </table>
      <Foot list={list} />
    </div>
  );
}

function cellClass<R>(column: Column<R>): string | undefined {
  const names = [column.end && 'is-end', column.wide && 'is-wide', column.text && 'is-text'].filter(Boolean);
  return names.length > 0 ? names.join(' ') : undefined;
}

/** A press anywhere in a row opens it, but not one on what does something of its own, nor the end of a selection. */
function press(event: MouseEvent, act: () => void): void {
  if ((event.target as Element).closest('button, a, input, label')) return;
  if (getSelection()?.isCollapsed === false) return;
  act();
}

function Head<R>({ column, order, onOrder }: { column: Column<R>; order: Order | undefined; onOrder: ((order: Order) => void) | undefined }): JSX.Element {
  const { sort } = column;
  if (!sort || !onOrder) {
    return (
      <th scope="col" class={cellClass(column)}>
        {column.title}
      </th>
    );
  }
  const mine = order?.by === sort;
  return (
    <th scope="col" class={cellClass(column)} aria-sort={mine ? (order.down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="head-sort" onClick={() => onOrder({ by: sort, down: mine ? !order.down : true })}>
        {column.title}
        {mine && <Icon name={order.down ? 'down' : 'up'} size={16} />}
      </button>
    </th>
  );
}

function Bones({ columns }: { columns: number }): JSX.Element {
  return (
    <>
      {Array.from({ length: 8 }, (_, i) => (
        <tr key={i} class="bones">
          <td colSpan={columns}>
            <span class="bone" />
            {i === 0 && (
              <span class="unseen" role="status">
                {t().common.loading}
              </span>
            )}
          </td>
        </tr>
      ))}
    </>
  );
}

/** How many there are, and the way to more; a page that could not be fetched says so here. */
function Foot<R>({ list }: { list: List<R> }): JSX.Element | null {
  if (list.rows.length === 0) return null;
  return (
    <div class="table-foot">
      {list.failure !== undefined && <FailureNotice failure={list.failure} />}
      <span>{list.more ? c().table.countMore(list.rows.length) : c().table.count(list.rows.length)}</span>
      {list.more && (
        <Button kind="soft" disabled={list.loading} onPress={list.fetchMore}>
          {list.loading ? t().common.loading : c().table.more}
        </Button>
      )}
    </div>
  );
}

/** The rows that can be walked, in their order. */
const rowsOf = (box: HTMLElement | null): HTMLElement[] => [...(box?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];

/** Puts the keyboard on the row so many further; the first step goes to the first row, or the one that stands open. */
export function walk(box: HTMLElement | null, by: number): boolean {
  const rows = rowsOf(box);
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row === document.activeElement);
  const start = rows.findIndex((row) => row.getAttribute('aria-expanded') === 'true');
  const from = at >= 0 ? at : start;
  const next = rows[from < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, from + by))];
  if (!next) return false;
  for (const row of rows) row.tabIndex = row === next ? 0 : -1;
  next.focus();
  next.closest('tr')?.scrollIntoView?.({ block: 'nearest' });
  return true;
}

function walkKeys(box: { current: HTMLDivElement | null }): () => void {
  const by = (n: number) => (): boolean => walk(box.current, n);
  return bindKeys({ j: by(1), k: by(-1), ArrowDown: by(1), ArrowUp: by(-1), Home: by(-1e6), End: by(1e6) });
}
