import type { JSX } from 'preact';
import { Facts } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { Act } from '../../act';
import { conditions, open, opened } from '../../address';
import { deliveries, type Delivery } from '../../api';
import { DeliveryStatus } from '../../badges';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Id, Page, When } from '../../parts';
import { openKey, paymentAddress } from '../../place';
import { Table, type Column } from '../../table';

const purposeOf = (purpose: string): string => (c().deliveries.purposes as Record<string, string>)[purpose] ?? purpose;

const columns = (): Column<Delivery>[] => {
  const m = c().deliveries.columns;
  return [
    { key: 'at', title: m.at, cell: (row) => <When at={row.createdAt} /> },
    { key: 'status', title: m.status, cell: (row) => <DeliveryStatus status={row.status} /> },
    { key: 'purpose', title: m.purpose, cell: (row) => purposeOf(row.purpose) },
    { key: 'to', title: m.to, cell: (row) => row.maskedTo },
    { key: 'merchant', title: m.merchant, wide: true, cell: (row) => row.merchantName },
    { key: 'gateway', title: m.gateway, wide: true, cell: (row) => [row.gateway, row.kind].filter(Boolean).join(' ') },
    { key: 'reason', title: m.reason, wide: true, cell: (row) => row.reason ?? row.code ?? '' },
    { key: 'tries', title: m.tries, end: true, wide: true, cell: (row) => row.tries },
  ];
};

/** Texts and mails of all merchants, and what became of them. */
export default function DeliveriesPage(): JSX.Element {
  const { status, medium, ...texts } = conditions(['from', 'to', 'status', 'medium', 'gateway', 'paymentId', 'merchantId']);
  const query = { ...texts, ...(status ? { status: [status as Delivery['status']] } : {}), ...(medium ? { medium: medium as 'TEXT' | 'MAIL' } : {}) };
  const list = useList((cursor, signal) => deliveries.messages(query, cursor, signal), JSON.stringify(query));
  const row = list.rows.find((each) => openKey(each) === opened());
  const m = c().deliveries;
  return (
    <Page title={c().nav.pages.deliveries}>
      <Split side={row && <Beside key={openKey(row)} row={row} onChange={list.reload} />}>
        <Filters
          filters={[
            { name: 'status', label: m.columns.status, options: Object.entries(m.statuses).map(([value, text]) => ({ value, text })) },
            { name: 'medium', label: m.medium, options: Object.entries(m.media).map(([value, text]) => ({ value, text })) },
            { name: 'from', label: c().filter.from, kind: 'date' },
            { name: 'to', label: c().filter.to, kind: 'date' },
            { name: 'paymentId', label: c().payments.facts.id },
            { name: 'merchantId', label: c().filter.merchantId },
          ]}
        />
        <Table
          label={c().nav.pages.deliveries}
          columns={columns()}
          list={list}
          rowKey={openKey}
          opened={opened()}
          onOpen={(each) => open(openKey(each))}
          empty={{ title: m.emptyTitle, text: c().filter.emptyText }}
        />
      </Split>
    </Page>
  );
}

function Beside({ row, onChange }: { row: Delivery; onChange: () => void }): JSX.Element {
  const m = c().deliveries;
  const act =
    (what: typeof deliveries.retry, said: string) =>
    async (reason: string): Promise<string> => {
      await what(row, reason);
      onChange();
      return said;
    };
  return (
    <Drawer title={purposeOf(row.purpose)} onClose={() => open('')}>
      <div class="drawer-hero">
        <DeliveryStatus status={row.status} />
      </div>
      <div class="acts acts-start">
        {row.mayRetry && (
          <Act name={m.retry} onAct={act(deliveries.retry, m.retried)}>
            <p>{m.retryText}</p>
          </Act>
        )}
        {row.mayCancel && (
          <Act name={m.drop} danger onAct={act(deliveries.cancel, m.dropped)}>
            <p>{m.dropText}</p>
          </Act>
        )}
      </div>
      <Facts
        rows={[
          ['ID', <Id key="i">{row.id}</Id>],
          [m.columns.merchant, row.merchantName],
          [c().filter.merchantId, <Id key="m">{row.merchantId}</Id>],
          [m.columns.to, row.maskedTo],
          [m.sender, row.sender],
          [m.columns.gateway, [row.gateway, row.kind].filter(Boolean).join(' ')],
          [m.columns.reason, [row.code, row.reason].filter(Boolean).join(' · ')],
          [m.reference, row.reference && <Id key="r">{row.reference}</Id>],
          [m.columns.tries, row.tries],
          [m.columns.at, <When key="c" at={row.createdAt} />],
          [m.acceptedAt, row.acceptedAt && <When key="a" at={row.acceptedAt} />],
          [m.settledAt, row.settledAt && <When key="s" at={row.settledAt} />],
          [m.nextAt, row.nextAt && <When key="n" at={row.nextAt} />],
        ]}
      />
      {row.paymentId && (
        <a class="link" href={href(paymentAddress({ merchantId: row.merchantId, id: row.paymentId }))}>
          {c().unsettled.toPayment}
        </a>
      )}
    </Drawer>
  );
}
