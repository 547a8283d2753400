import type { JSX } from 'preact';
import { c } from '../../../shared/i18n/console/console';
import { navigate } from '../../../shared/router/router';
import { conditions } from '../../address';
import { deliveries, type Request } from '../../api';
import { DeliveryStatus, RequestStatus } from '../../badges';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Page, When, Won } from '../../parts';
import { openKey, paymentAddress } from '../../place';
import { Table, type Column } from '../../table';

const columns = (): Column<Request>[] => {
  const m = c().deliveries.columns;
  return [
    { key: 'at', title: m.at, cell: (row) => <When at={row.createdAt} /> },
    { key: 'status', title: m.status, cell: (row) => <RequestStatus status={row.status} /> },
    { key: 'kind', title: m.kind, cell: (row) => row.kind },
    { key: 'amount', title: m.amount, end: true, cell: (row) => <Won won={row.amount} /> },
    { key: 'to', title: m.to, cell: (row) => row.maskedPhone },
    { key: 'merchant', title: m.merchant, wide: true, cell: (row) => row.merchantName },
    { key: 'order', title: m.order, wide: true, cell: (row) => row.orderName },
    { key: 'text', title: m.text, wide: true, cell: (row) => row.messageStatus && <DeliveryStatus status={row.messageStatus} /> },
    { key: 'tries', title: m.tries, end: true, wide: true, cell: (row) => row.tries },
    { key: 'until', title: m.until, wide: true, cell: (row) => <When at={row.expiresAt} /> },
  ];
};

/** What buyers of all merchants were asked for; a row leads to its payment. */
export default function RequestsPage(): JSX.Element {
  const { status, kind, ...texts } = conditions(['from', 'to', 'status', 'kind', 'phoneLast4', 'merchantId']);
  const query = { ...texts, ...(status ? { status: [status as Request['status']] } : {}), ...(kind ? { kind: kind as Request['kind'] } : {}) };
  const list = useList((cursor, signal) => deliveries.requests(query, cursor, signal), JSON.stringify(query));
  const m = c().deliveries;
  return (
    <Page title={c().nav.pages.requests}>
      <Filters
        filters={[
          { name: 'status', label: m.columns.status, options: Object.entries(m.requestStatuses).map(([value, text]) => ({ value, text })) },
          { name: 'kind', label: m.columns.kind, options: ['SMS', 'ARS'].map((value) => ({ value, text: value })) },
          { name: 'from', label: c().filter.from, kind: 'date' },
          { name: 'to', label: c().filter.to, kind: 'date' },
          { name: 'phoneLast4', label: m.phoneLast4, kind: 'number' },
          { name: 'merchantId', label: c().filter.merchantId },
        ]}
      />
      <Table
        label={c().nav.pages.requests}
        columns={columns()}
        list={list}
        rowKey={openKey}
        onOpen={(row) => navigate(paymentAddress({ merchantId: row.merchantId, id: row.paymentId }))}
        empty={{ title: m.emptyRequestsTitle, text: c().filter.emptyText }}
      />
    </Page>
  );
}
