import type { JSX } from 'preact';
import { c } from '../../../shared/i18n/console/console';
import { place } from '../../../shared/router/router';
import { open, opened } from '../../address';
import { tickets, type Ticket } from '../../api-office';
import { Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Page, When } from '../../parts';
import { openKey, readKey } from '../../place';
import { useRefresh } from '../../refresh';
import { operator } from '../../session';
import { Table, type Column } from '../../table';
import { TicketDrawer } from './drawer';
import { TicketStatus } from './status';

/** Merchants ask meanwhile: how often the queue is looked at, in milliseconds. */
const EVERY = 15_000;

const keyOf = ({ merchantId = '', id }: Ticket): string => openKey({ merchantId, id });

const columns = (): Column<Ticket>[] => {
  const m = c().tickets;
  return [
    { key: 'subject', title: m.columns.subject, cell: (row) => row.subject },
    { key: 'status', title: m.columns.status, cell: (row) => <TicketStatus status={row.status} /> },
    { key: 'kind', title: m.columns.kind, cell: (row) => m.kinds[row.kind] },
    { key: 'merchant', title: m.columns.merchant, cell: (row) => row.merchantName },
    { key: 'assignee', title: m.columns.assignee, wide: true, cell: (row) => (row.assignee?.id === operator.value?.user.id ? c().approvals.me : (row.assignee?.name ?? m.nobody)) },
    { key: 'count', title: m.columns.count, end: true, wide: true, cell: (row) => row.messageCount },
    { key: 'at', title: m.columns.at, wide: true, cell: (row) => <When at={row.changedAt} /> },
  ];
};

/** What merchants ask, those that wait for an answer first. */
export default function TicketsPage(): JSX.Element {
  const status = (place.value.query.get('status') ?? 'OPEN') as Ticket['status'] | 'ALL';
  const list = useList((cursor, signal) => tickets.list(status === 'ALL' ? undefined : status, cursor, signal), status);
  const of = readKey(opened());
  // Pages that were fetched further down would be dropped under the reader.
  useRefresh(() => list.rows.length <= 30 && list.reload(), EVERY);
  const m = c().tickets;
  return (
    <Page title={c().nav.pages.tickets}>
      <Split side={of && <TicketDrawer key={openKey(of)} of={of} onClose={() => open('')} onChange={list.reload} />}>
        <Filters filters={[{ name: 'status', label: m.columns.status, options: [...Object.entries(m.statuses).map(([value, text]) => ({ value, text })), { value: 'ALL', text: m.all }], usual: 'OPEN' }]} />
        <Table
          label={c().nav.pages.tickets}
          columns={columns()}
          list={list}
          rowKey={keyOf}
          opened={opened()}
          onOpen={(row) => open(keyOf(row))}
          empty={{ title: m.emptyTitle, text: m.emptyText }}
        />
      </Split>
    </Page>
  );
}
