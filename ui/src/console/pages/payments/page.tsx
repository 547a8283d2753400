import type { JSX } from 'preact';
import { href, place } from '../../../shared/router/router';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { conditions, open, opened } from '../../address';
import { payments, type PaymentRow } from '../../api';
import { PaymentStatus } from '../../badges';
import { Split } from '../../drawer';
import { Filters, type Filter } from '../../filters';
import { useList } from '../../list';
import { Page, When, Won } from '../../parts';
import { openKey, readKey } from '../../place';
import { Table, type Column } from '../../table';
import { PaymentDrawer } from './drawer';

const NAMES = ['q', 'from', 'to', 'status', 'channel', 'merchantId', 'minAmount', 'maxAmount'] as const;

/** The conditions of the address as the API takes them. */
export function queryOf(set: Partial<Record<(typeof NAMES)[number], string>>): Parameters<typeof payments.list>[0] {
  const { minAmount, maxAmount, status, channel, ...texts } = set;
  const won = (text: string | undefined): number => Number(text?.replace(/\D/g, '') ?? 0);
  return {
    ...texts,
    ...(status ? { status: [status as PaymentRow['status']] } : {}),
    ...(channel ? { channel: [channel as PaymentRow['channel']] } : {}),
    ...(won(minAmount) > 0 ? { minAmount: won(minAmount) } : {}),
    ...(won(maxAmount) > 0 ? { maxAmount: won(maxAmount) } : {}),
  };
}

const columns = (): Column<PaymentRow>[] => {
  const m = c().payments.columns;
  return [
    { key: 'at', title: m.at, cell: (row) => <When at={row.requestedAt} /> },
    { key: 'merchant', title: m.merchant, cell: (row) => row.merchantName },
    { key: 'status', title: m.status, cell: (row) => <PaymentStatus status={row.status} /> },
    { key: 'amount', title: m.amount, end: true, cell: (row) => <Won won={row.amount} /> },
    { key: 'balance', title: m.balance, end: true, wide: true, cell: (row) => (row.balanceAmount === row.amount ? '' : <Won won={row.balanceAmount} />) },
    { key: 'channel', title: m.channel, wide: true, cell: (row) => t().channel[row.channel] },
    { key: 'card', title: m.card, wide: true, cell: (row) => [row.issuerName, row.maskedCard?.slice(-4)].filter(Boolean).join(' ') },
    { key: 'approval', title: m.approval, cell: (row) => row.approvalNumber ?? '' },
    { key: 'order', title: m.order, wide: true, cell: (row) => row.orderName },
  ];
};

const filters = (): Filter[] => {
  const m = c().payments.filters;
  const of = (words: Readonly<Record<string, string>>): { value: string; text: string }[] => Object.entries(words).map(([value, text]) => ({ value, text }));
  return [
    { name: 'q', label: m.q },
    { name: 'from', label: c().filter.from, kind: 'date' },
    { name: 'to', label: c().filter.to, kind: 'date' },
    { name: 'status', label: m.status, options: of(t().status) },
    { name: 'channel', label: m.channel, options: of(t().channel) },
    { name: 'minAmount', label: m.minAmount, kind: 'number' },
    { name: 'maxAmount', label: m.maxAmount, kind: 'number' },
    { name: 'merchantId', label: c().filter.merchantId },
  ];
};

/** Payments of all merchants, found by any reference. */
export default function PaymentsPage(): JSX.Element {
  const query = queryOf(conditions(NAMES));
  const list = useList((cursor, signal) => payments.list(query, cursor, signal), JSON.stringify(query));
  const of = readKey(opened());
  const m = c().payments;
  return (
    <Page title={c().nav.pages.payments}>
      <Split side={of && <PaymentDrawer key={openKey(of)} of={of} onClose={() => open('')} onChange={list.reload} />}>
        <Filters filters={filters()} />
        <Table
          label={c().nav.pages.payments}
          columns={columns()}
          list={list}
          rowKey={openKey}
          opened={opened()}
          onOpen={(row) => open(openKey(row))}
          empty={{ title: m.emptyTitle, text: m.emptyText, children: place.value.query.size > 0 && <a href={href('/payments')} class="link">{m.all}</a> }}
        />
      </Split>
    </Page>
  );
}
