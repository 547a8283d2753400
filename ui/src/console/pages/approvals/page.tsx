import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Badge, Facts, Notice, type Tone } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { href, place } from '../../../shared/router/router';
import { Act } from '../../act';
import { open, opened } from '../../address';
import { approvals, type Approval } from '../../api-merchant';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Id, Page, Part, When } from '../../parts';
import { Table, type Column } from '../../table';

const TONES: Record<Approval['status'], Tone> = { PENDING: 'warn', APPLIED: 'ok', REFUSED: 'bad', WITHDRAWN: 'plain', EXPIRED: 'plain', STALE: 'plain' };

const kindOf = (kind: string): string => (c().approvals.kinds as Record<string, string>)[kind] ?? kind;
/** The name of a changed field; fees name what they are for behind dots. */
export function fieldOf(field: string): string {
  const known = (c().approvals.fields as Record<string, string>)[field];
  if (known) return known;
  const [first = '', ...rest] = field.split('.');
  if (first !== 'fees') return field;
  const words = { ...t().channel, ...t().cardType } as Record<string, string>;
  return [c().approvals.fields.fees, ...rest.map((each) => words[each] ?? each)].join(' ');
}

const columns = (): Column<Approval>[] => {
  const m = c().approvals.columns;
  return [
    { key: 'at', title: m.at, cell: (row) => <When at={row.requestedAt} /> },
    { key: 'status', title: m.status, cell: (row) => <Badge tone={TONES[row.status]}>{c().approvals.statuses[row.status]}</Badge> },
    { key: 'kind', title: m.kind, cell: (row) => kindOf(row.kind) },
    { key: 'merchant', title: m.merchant, cell: (row) => row.merchantName ?? '' },
    { key: 'who', title: m.who, cell: (row) => (row.mine ? c().approvals.me : (row.requestedBy.name ?? row.requestedBy.id)) },
    { key: 'until', title: m.until, wide: true, cell: (row) => row.status === 'PENDING' && <When at={row.expiresAt} /> },
    { key: 'reason', title: c().act.reason, wide: true, cell: (row) => row.reason },
  ];
};

/** What waits for a second operator, and what was decided. */
export default function ApprovalsPage(): JSX.Element {
  const { query } = place.value;
  const status = (query.get('status') ?? 'PENDING') as Approval['status'] | 'ALL';
  const merchantId = query.get('merchantId') ?? '';
  const conditions = { ...(status === 'ALL' ? {} : { status }), ...(merchantId ? { merchantId } : {}) };
  const list = useList((cursor, signal) => approvals.list(conditions, cursor, signal), JSON.stringify(conditions));
  // A decided one leaves a list of those that wait, but stays open.
  const [decided, setDecided] = useState<Approval | null>(null);
  const row = decided?.id === opened() ? decided : list.rows.find((each) => each.id === opened());
  const m = c().approvals;
  return (
    <Page title={c().nav.pages.approvals}>
      <Split
        side={
          row && (
            <Beside
              key={row.id}
              row={row}
              onDecided={(next) => {
                setDecided(next);
                list.reload();
              }}
            />
          )
        }
      >
        <Filters
          filters={[
            { name: 'status', label: m.columns.status, options: [...Object.entries(m.statuses).map(([value, text]) => ({ value, text })), { value: 'ALL', text: m.all }], usual: 'PENDING' },
            { name: 'merchantId', label: c().filter.merchantId },
          ]}
        />
        <Table
          label={c().nav.pages.approvals}
          columns={columns()}
          list={list}
          rowKey={(each) => each.id}
          opened={opened()}
          onOpen={(each) => open(each.id)}
          empty={{ title: m.emptyTitle, text: m.emptyText }}
        />
      </Split>
    </Page>
  );
}

function Beside({ row, onDecided }: { row: Approval; onDecided: (next: Approval) => void }): JSX.Element {
  const m = c().approvals;
  const decide =
    (act: (reason: string) => Promise<Approval>, said: string) =>
    async (reason: string): Promise<string> => {
      onDecided(await act(reason));
      return said;
    };
  return (
    <Drawer title={kindOf(row.kind)} onClose={() => open('')}>
      <div class="drawer-hero">
        <Badge tone={TONES[row.status]}>{m.statuses[row.status]}</Badge>
      </div>
      {row.activationUrl && (
        <Notice tone="ok" icon="check">
          <p>{m.link}</p>
          <Id>{row.activationUrl}</Id>
        </Notice>
      )}
      <Changes row={row} />
      {row.status === 'PENDING' && (
        <div class="acts acts-start">
          {row.mine ? (
            <>
              <p class="desk-note">{m.mine}</p>
              <Act name={m.withdraw} asks={false} onAct={decide(() => approvals.withdraw(row.id), m.withdrawn)}>
                <p>{m.withdrawText}</p>
              </Act>
            </>
          ) : (
            <>
              <Act name={m.approve} asks={false} onAct={decide(() => approvals.approve(row.id), m.approved)}>
                <p>{m.approveText}</p>
                <Changes row={row} />
              </Act>
              <Act name={m.refuse} danger onAct={decide((reason) => approvals.refuse(row.id, reason), m.refused)}>
                <p>{m.refuseText}</p>
              </Act>
            </>
          )}
        </div>
      )}
      <Facts
        rows={[
          [m.columns.merchant, row.merchantId && <a key="m" class="link" href={href(`/merchants/${row.merchantId}`)}>{row.merchantName}</a>],
          [m.columns.who, row.requestedBy.name ?? row.requestedBy.id],
          [c().act.reason, row.reason],
          [m.columns.at, <When key="a" at={row.requestedAt} />],
          [m.columns.until, row.status === 'PENDING' && <When key="u" at={row.expiresAt} />],
          [m.decidedBy, row.decidedBy && (row.decidedBy.name ?? row.decidedBy.id)],
          [m.decidedAt, row.decidedAt && <When key="d" at={row.decidedAt} />],
          [m.decision, row.decision],
          ['ID', <Id key="i">{row.id}</Id>],
        ]}
      />
    </Drawer>
  );
}

/** Before and after, side by side. */
function Changes({ row }: { row: Approval }): JSX.Element | null {
  const m = c().approvals;
  if (row.changes.length === 0) return null;
  return (
    <Part title={m.changes}>
      <table class="diff">
        <thead>
          <tr>
            <th scope="col">{m.field}</th>
            <th scope="col">{m.before}</th>
            <th scope="col">{m.after}</th>
          </tr>
        </thead>
        <tbody>
          {row.changes.map((change) => (
            <tr key={change.field}>
              <th scope="row">{fieldOf(change.field)}</th>
              <td>{change.before ? <del>{change.before}</del> : <span aria-label={m.nothing}>—</span>}</td>
              <td>{change.after ? <ins>{change.after}</ins> : <span aria-label={m.nothing}>—</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Part>
  );
}
