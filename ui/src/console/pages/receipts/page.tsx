import type { JSX } from 'preact';
import { Badge, Facts } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { Act } from '../../act';
import { conditions, open, opened } from '../../address';
import { receipts, type Receipt } from '../../api';
import { ReceiptStatus } from '../../badges';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Id, Page, When, Won } from '../../parts';
import { openKey, paymentAddress } from '../../place';
import { Table, type Column } from '../../table';

const columns = (): Column<Receipt>[] => {
  const m = c().receipts.columns;
  return [
    { key: 'at', title: m.at, cell: (row) => <When at={row.requestedAt} /> },
    { key: 'status', title: m.status, cell: (row) => <ReceiptStatus status={row.status} /> },
    { key: 'needs', title: m.needs, cell: (row) => row.needsSomebody && <Badge tone="bad">{c().receipts.needs}</Badge> },
    { key: 'merchant', title: m.merchant, cell: (row) => row.merchantName },
    { key: 'type', title: m.type, wide: true, cell: (row) => c().receipts.types[row.type] },
    { key: 'who', title: m.identifier, wide: true, cell: (row) => row.maskedIdentifier },
    { key: 'amount', title: m.amount, end: true, cell: (row) => <Won won={row.amount} /> },
    { key: 'number', title: m.number, wide: true, cell: (row) => row.issueNumber ?? '' },
  ];
};

/** Cash receipts of all merchants; those that need somebody stand first. */
export default function ReceiptsPage(): JSX.Element {
  const { needsSomebody, status, ...texts } = conditions(['q', 'from', 'to', 'status', 'merchantId', 'needsSomebody']);
  const query = { ...texts, ...(needsSomebody ? { needsSomebody: true } : {}), ...(status ? { status: [status as Receipt['status']] } : {}) };
  const list = useList((cursor, signal) => receipts.list(query, cursor, signal), JSON.stringify(query));
  const row = list.rows.find((each) => openKey(each) === opened());
  const m = c().receipts;
  return (
    <Page title={c().nav.pages.receipts}>
      <Split side={row && <Beside key={openKey(row)} row={row} onChange={list.reload} />}>
        <Filters
          filters={[
            { name: 'needsSomebody', label: m.columns.needs, options: [{ value: 'true', text: m.needs }] },
            { name: 'q', label: m.q },
            { name: 'from', label: c().filter.from, kind: 'date' },
            { name: 'to', label: c().filter.to, kind: 'date' },
            { name: 'status', label: m.columns.status, options: Object.entries(m.statuses).map(([value, text]) => ({ value, text })) },
            { name: 'merchantId', label: c().filter.merchantId },
          ]}
        />
        <Table
          label={c().nav.pages.receipts}
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

function Beside({ row, onChange }: { row: Receipt; onChange: () => void }): JSX.Element {
  const m = c().receipts;
  const retry = async (reason: string): Promise<string> => {
    await receipts.retry(row, reason);
    onChange();
    return m.retried;
  };
  return (
    <Drawer title={row.orderName} onClose={() => open('')}>
      <div class="drawer-hero">
        <ReceiptStatus status={row.status} />
        {row.needsSomebody && <Badge tone="bad">{m.needs}</Badge>}
      </div>
      {row.mayRetry && (
        <div class="acts acts-start">
          <Act name={m.retry} onAct={retry}>
            <p>{m.retryText}</p>
          </Act>
        </div>
      )}
      <Facts
        rows={[
          [m.columns.merchant, row.merchantName],
          [c().filter.merchantId, <Id key="m">{row.merchantId}</Id>],
          ['ID', <Id key="i">{row.id}</Id>],
          [m.columns.type, m.types[row.type]],
          [m.columns.identifier, row.maskedIdentifier],
          [m.columns.amount, <Won key="a" won={row.amount} />],
          [m.balance, <Won key="b" won={row.balanceAmount} />],
          [m.columns.number, row.issueNumber && <Id key="n">{row.issueNumber}</Id>],
          [m.office, row.office],
          [m.answer, [row.code, row.message].filter(Boolean).join(' · ')],
          [m.sends, row.sends],
          [m.columns.at, <When key="r" at={row.requestedAt} />],
          [m.issuedAt, row.issuedAt && <When key="s" at={row.issuedAt} />],
          [m.judgedAt, row.judgedAt && <When key="j" at={row.judgedAt} />],
          [m.nextAt, row.nextAt && <When key="x" at={row.nextAt} />],
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
