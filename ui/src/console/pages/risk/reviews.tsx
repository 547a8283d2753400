import type { JSX } from 'preact';
import { Badge, Facts } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { Act } from '../../act';
import { conditions, open, opened } from '../../address';
import { risk, type Review } from '../../api-risk';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Id, When, Won } from '../../parts';
import { openKey, paymentAddress } from '../../place';
import { Table, type Column } from '../../table';

const Action = ({ row }: { row: Review }): JSX.Element => <Badge tone={row.action === 'REFUSE' ? 'bad' : 'warn'}>{c().risk.didShort[row.action]}</Badge>;
const channelOf = (name: string): string => (t().channel as Record<string, string>)[name] ?? name;

const columns = (): Column<Review>[] => {
  const m = c().risk;
  return [
    { key: 'at', title: c().payments.columns.at, cell: (row) => <When at={row.at} /> },
    { key: 'did', title: m.did, cell: (row) => <Action row={row} /> },
    { key: 'name', title: m.because, cell: (row) => row.name },
    { key: 'amount', title: c().payments.columns.amount, end: true, cell: (row) => <Won won={row.amount} /> },
    { key: 'merchant', title: c().payments.columns.merchant, cell: (row) => row.merchantName },
    { key: 'card', title: c().payments.columns.card, wide: true, cell: (row) => <span class="when">{row.maskedCard}</span> },
    { key: 'channel', title: c().payments.columns.channel, wide: true, cell: (row) => channelOf(row.channel) },
    { key: 'seen', title: m.seen, wide: true, cell: (row) => <When at={row.reviewedAt} /> },
  ];
};

/** Payments that a rule or a block refused or marked, and whether somebody has looked. */
export function ReviewsTab(): JSX.Element {
  const { action, merchantId, unseen } = conditions(['action', 'merchantId', 'unseen']);
  const query = { ...(action ? { action: action as Review['action'] } : {}), ...(merchantId ? { merchantId } : {}), ...(unseen ? { open: true } : {}) };
  const list = useList((cursor, signal) => risk.reviews(query, cursor, signal), JSON.stringify(query));
  const m = c().risk;
  const row = list.rows.find((each) => openKey(each) === opened());
  return (
    <Split side={row && <Beside key={openKey(row)} row={row} onChange={list.reload} />}>
      <Filters
        filters={[
          { name: 'action', label: m.did, options: Object.entries(m.didShort).map(([value, text]) => ({ value, text })) },
          { name: 'unseen', label: m.seen, options: [{ value: '1', text: m.onlyUnseen }] },
          { name: 'merchantId', label: c().filter.merchantId },
        ]}
      />
      <Table
        label={m.tabs.reviews}
        columns={columns()}
        list={list}
        rowKey={openKey}
        opened={opened()}
        onOpen={(each) => open(openKey(each))}
        empty={{ title: m.emptyReviews, text: m.emptyReviewsText }}
      />
    </Split>
  );
}

function Beside({ row, onChange }: { row: Review; onChange: () => void }): JSX.Element {
  const m = c().risk;
  return (
    <Drawer title={row.name} onClose={() => open('')}>
      <div class="drawer-hero">
        <Action row={row} />
        <Won won={row.amount} />
      </div>
      {!row.reviewedAt && (
        <div class="acts acts-start">
          <Act
            name={m.markSeen}
            onAct={async (reason) => {
              await risk.reviewed(row, reason);
              onChange();
              return m.markedSeen;
            }}
          >
            <p>{m.markSeenText}</p>
          </Act>
        </div>
      )}
      <Facts
        rows={[
          [c().payments.columns.merchant, row.merchantName],
          [c().filter.merchantId, <Id key="m">{row.merchantId}</Id>],
          [c().payments.columns.card, row.maskedCard],
          [c().payments.columns.channel, channelOf(row.channel)],
          [c().payments.columns.at, <When key="a" at={row.at} />],
          [m.seen, row.reviewedAt && <When key="s" at={row.reviewedAt} />],
          [m.note, row.note],
        ]}
      />
      {row.action === 'REVIEW' ? (
        <a class="link" href={href(paymentAddress({ merchantId: row.merchantId, id: row.paymentId }))}>
          {c().unsettled.toPayment}
        </a>
      ) : (
        <p class="small-print">{m.notBegun}</p>
      )}
    </Drawer>
  );
}
