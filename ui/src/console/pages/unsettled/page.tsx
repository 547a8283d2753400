import type { JSX } from 'preact';
import { Badge } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { conditions, open, opened } from '../../address';
import { unsettled, type Unsettled } from '../../api';
import { Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Page, When, Won } from '../../parts';
import { openKey, readKey } from '../../place';
import { Table, type Column } from '../../table';
import { OpenDrawer } from './drawer';

const of = (row: Unsettled): { merchantId: string; id: string } => ({ merchantId: row.merchantId, id: row.paymentId });

const columns = (): Column<Unsettled>[] => {
  const m = c().unsettled.columns;
  return [
    { key: 'since', title: m.since, cell: (row) => <When at={row.since} /> },
    { key: 'age', title: m.age, end: true, cell: (row) => c().unsettled.age(row.ageSeconds) },
    { key: 'phase', title: m.phase, cell: (row) => <Badge tone={row.phase === 'OPERATOR' ? 'bad' : 'warn'}>{c().unsettled.phases[row.phase]}</Badge> },
    { key: 'kind', title: m.kind, cell: (row) => c().attempts.kinds[row.kind] },
    { key: 'amount', title: m.amount, end: true, cell: (row) => <Won won={row.amount} /> },
    { key: 'merchant', title: m.merchant, cell: (row) => row.merchantName },
    { key: 'order', title: m.payment, wide: true, cell: (row) => row.orderName },
    { key: 'card', title: m.card, wide: true, cell: (row) => row.cardLast4 ?? '' },
    { key: 'tries', title: m.tries, end: true, wide: true, cell: (row) => row.tries },
    { key: 'due', title: m.due, wide: true, cell: (row) => (row.inHand ? c().unsettled.inHand : <When at={row.dueAt} />) },
  ];
};

/** Every message whose outcome is not final, the oldest first. */
export default function UnsettledPage(): JSX.Element {
  const set = conditions(['merchantId', 'phase']);
  const query = { ...set } as Parameters<typeof unsettled.list>[0];
  const list = useList((cursor, signal) => unsettled.list(query, cursor, signal), JSON.stringify(query));
  const beside = readKey(opened());
  const phases = Object.entries(c().unsettled.phases).map(([value, text]) => ({ value, text }));
  return (
    <Page title={c().nav.pages.unsettled}>
      <Split side={beside && <OpenDrawer key={openKey(beside)} of={beside} onClose={() => open('')} onChange={list.reload} />}>
        <Filters
          filters={[
            { name: 'phase', label: c().unsettled.columns.phase, options: phases },
            { name: 'merchantId', label: c().filter.merchantId },
          ]}
        />
        <Table
          label={c().unsettled.label}
          columns={columns()}
          list={list}
          rowKey={(row) => openKey(of(row))}
          opened={opened()}
          onOpen={(row) => open(openKey(of(row)))}
          empty={{ title: c().unsettled.emptyTitle, text: c().unsettled.emptyText }}
        />
      </Split>
    </Page>
  );
}
