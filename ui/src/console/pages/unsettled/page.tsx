import type { JSX } from 'preact';
import { Badge, Facts } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { conditions, open, opened } from '../../address';
import { operators, type Unsettled } from '../../api';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Id, Page, When } from '../../parts';
import { Table, type Column } from '../../table';

const columns = (): Column<Unsettled>[] => {
  const m = c().unsettled.columns;
  return [
    { key: 'since', title: m.since, cell: (row) => <When at={row.since} /> },
    { key: 'phase', title: m.phase, cell: (row) => <Badge tone={row.phase === 'OPERATOR' ? 'bad' : 'warn'}>{c().unsettled.phases[row.phase]}</Badge> },
    { key: 'payment', title: m.payment, cell: (row) => <Id short>{row.paymentId}</Id> },
    { key: 'merchant', title: m.merchant, wide: true, cell: (row) => <Id short>{row.merchantId}</Id> },
    { key: 'tries', title: m.tries, end: true, cell: (row) => row.tries },
    { key: 'due', title: m.due, wide: true, cell: (row) => <When at={row.dueAt} /> },
  ];
};

/** Every message whose outcome is not final, the oldest first. */
export default function UnsettledPage(): JSX.Element {
  const { merchantId = '' } = conditions(['merchantId']);
  const list = useList((_, signal) => operators.unsettled(merchantId, signal), merchantId);
  const row = list.rows.find((each) => each.attemptId === opened());
  return (
    <Page title={c().nav.pages.unsettled}>
      <Split side={row && <Beside key={row.attemptId} row={row} />}>
        <Filters filters={[{ name: 'merchantId', label: c().unsettled.only }]} />
        <Table
          label={c().unsettled.label}
          columns={columns()}
          list={list}
          rowKey={(each) => each.attemptId}
          opened={opened()}
          onOpen={(each) => open(each.attemptId)}
          empty={{ title: c().unsettled.emptyTitle, text: c().unsettled.emptyText }}
        />
      </Split>
    </Page>
  );
}

function Beside({ row }: { row: Unsettled }): JSX.Element {
  const m = c().unsettled;
  return (
    <Drawer title={m.phases[row.phase]} onClose={() => open('')}>
      <p>{m.phaseHints[row.phase]}</p>
      <Facts
        rows={[
          [m.columns.payment, <Id key="p">{row.paymentId}</Id>],
          [m.cancel, row.cancelId && <Id key="c">{row.cancelId}</Id>],
          [m.columns.merchant, <Id key="m">{row.merchantId}</Id>],
          [m.columns.since, <When key="s" at={row.since} />],
          [m.columns.due, <When key="d" at={row.dueAt} />],
          [m.columns.tries, row.tries],
        ]}
      />
    </Drawer>
  );
}
