import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { c } from '../../../shared/i18n/console/console';
import { href, navigate } from '../../../shared/router/router';
import { groupBusinessNumber } from '../../../shared/text/digits';
import { conditions } from '../../address';
import { merchants, type Merchant } from '../../api-merchant';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Id, Page, When } from '../../parts';
import { Table, type Column } from '../../table';
import { MerchantStatus } from './status';

const columns = (): Column<Merchant>[] => {
  const m = c().merchants;
  return [
    { key: 'name', title: m.name, cell: (row) => row.name },
    { key: 'status', title: m.status, cell: (row) => <MerchantStatus status={row.status} /> },
    { key: 'number', title: m.businessNumber, cell: (row) => groupBusinessNumber(row.businessNumber) },
    { key: 'owner', title: m.ownerName, wide: true, cell: (row) => row.ownerName },
    { key: 'tax', title: m.taxType, wide: true, cell: (row) => m.taxTypes[row.taxType] },
    { key: 'terminals', title: m.terminals, end: true, wide: true, cell: (row) => row.terminals.length },
    { key: 'id', title: 'ID', wide: true, cell: (row) => <Id short>{row.id}</Id> },
    { key: 'since', title: m.since, wide: true, cell: (row) => <When at={row.createdAt} /> },
  ];
};

/** Merchants under contract. */
export default function MerchantsPage(): JSX.Element {
  const query = conditions(['q', 'status']) as Parameters<typeof merchants.list>[0];
  const list = useList((cursor, signal) => merchants.list(query, cursor, signal), JSON.stringify(query));
  const m = c().merchants;
  return (
    <Page
      title={c().nav.pages.merchants}
      acts={
        <Button kind="tint" icon="plus" href={href('/merchants/new')}>
          {m.add}
        </Button>
      }
    >
      <div class="split-main">
        <Filters
          filters={[
            { name: 'q', label: m.q },
            { name: 'status', label: m.status, options: Object.entries(m.statuses).map(([value, text]) => ({ value, text })) },
          ]}
        />
        <Table
          label={c().nav.pages.merchants}
          columns={columns()}
          list={list}
          rowKey={(row) => row.id}
          onOpen={(row) => navigate(`/merchants/${row.id}`)}
          empty={{ title: m.emptyTitle, text: c().filter.emptyText }}
        />
      </div>
    </Page>
  );
}
