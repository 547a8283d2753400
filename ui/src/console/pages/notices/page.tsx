import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { NoticeText } from '../../../shared/design/notice-text';
import { Badge, Facts, type Tone } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { slipTime } from '../../../shared/text/day';
import { Act } from '../../act';
import { open, opened } from '../../address';
import { notices, type Notice } from '../../api-office';
import { Drawer, Split } from '../../drawer';
import { useList } from '../../list';
import { Id, Page, Part, When } from '../../parts';
import { useRefresh } from '../../refresh';
import { Table, type Column } from '../../table';
import '../../office.css';

/** People read meanwhile: how often the rates are looked at, in milliseconds. */
const EVERY = 30_000;

const TONES: Record<Notice['status'], Tone> = { SCHEDULED: 'accent', STANDING: 'ok', ENDED: 'plain', WITHDRAWN: 'plain' };

const Status = ({ row }: { row: Notice }): JSX.Element => <Badge tone={TONES[row.status]}>{c().notices.statuses[row.status]}</Badge>;

/** How many of those it is for have read it: a bar with its figures. */
function Rate({ row }: { row: Notice }): JSX.Element {
  const m = c().notices;
  if (row.audience === 0) return <>{m.nobody}</>;
  const text = m.readOf(row.readers, row.audience);
  return (
    <span class="rate">
      <meter min={0} max={row.audience} value={row.readers} aria-label={m.columns.read}>
        {text}
      </meter>
      <span>
        {Math.round((row.readers / row.audience) * 100)}% <small>({text})</small>
      </span>
    </span>
  );
}

const audienceOf = (row: Notice): string => `${row.merchantId ? row.merchantId : c().scopes.all} · ${c().notices.roles[row.role ?? '']}`;

const columns = (): Column<Notice>[] => {
  const m = c().notices;
  return [
    { key: 'title', title: m.columns.title, cell: (row) => row.title },
    { key: 'status', title: m.columns.status, cell: (row) => <Status row={row} /> },
    { key: 'read', title: m.columns.read, cell: (row) => <Rate row={row} /> },
    { key: 'audience', title: m.columns.audience, wide: true, cell: audienceOf },
    { key: 'important', title: m.importantShort, wide: true, cell: (row) => row.important && <Badge tone="warn">{m.importantShort}</Badge> },
    { key: 'from', title: m.columns.from, wide: true, cell: (row) => <When at={row.from} /> },
    { key: 'until', title: m.columns.until, wide: true, cell: (row) => <When at={row.until} /> },
  ];
};

/** What merchants are told, and who read it. */
export default function NoticesPage(): JSX.Element {
  const list = useList((cursor, signal) => notices.list(cursor, signal), 'notices');
  const row = list.rows.find(({ id }) => id === opened());
  useRefresh(() => row === undefined && list.rows.length <= 20 && list.reload(), EVERY);
  const m = c().notices;
  return (
    <Page
      title={c().nav.pages.notices}
      acts={
        <Button kind="tint" icon="plus" href={href('/notices/new')}>
          {m.write}
        </Button>
      }
    >
      <Split side={row && <Beside key={row.id} row={row} onChange={list.reload} />}>
        <Table
          label={c().nav.pages.notices}
          columns={columns()}
          list={list}
          rowKey={({ id }) => id}
          opened={opened()}
          onOpen={({ id }) => open(id)}
          empty={{ title: m.emptyTitle, text: m.emptyText }}
        />
      </Split>
    </Page>
  );
}

function Beside({ row, onChange }: { row: Notice; onChange: () => void }): JSX.Element {
  const m = c().notices;
  return (
    <Drawer title={row.title} onClose={() => open('')}>
      <div class="drawer-hero">
        <Status row={row} />
        <Rate row={row} />
      </div>
      <div class="acts acts-start">
        {row.status === 'SCHEDULED' && (
          <Button kind="soft" icon="pencil" href={href(`/notices/${row.id}`)}>
            {m.edit}
          </Button>
        )}
        {(row.status === 'SCHEDULED' || row.status === 'STANDING') && (
          <Act
            name={m.withdraw}
            title={`${row.title}: ${m.withdraw}`}
            danger
            onAct={async (reason) => {
              await notices.withdraw(row.id, reason);
              onChange();
              return m.withdrawn;
            }}
          >
            <p>{m.withdrawText}</p>
          </Act>
        )}
      </div>
      <Part title={m.preview}>
        <div class="phone-view">
          <NoticeText title={row.title} body={row.body} important={row.important} when={slipTime(new Date(row.from))} />
        </div>
      </Part>
      <Facts
        rows={[
          [m.columns.audience, row.merchantId ? <Id key="m">{row.merchantId}</Id> : c().scopes.all],
          [m.role, m.roles[row.role ?? '']],
          [m.columns.from, <When key="f" at={row.from} />],
          [m.columns.until, row.until && <When key="u" at={row.until} />],
          [m.createdAt, <When key="c" at={row.createdAt} />],
          [m.withdrawnAt, row.withdrawnAt && <When key="w" at={row.withdrawnAt} />],
          ['ID', <Id key="i">{row.id}</Id>],
        ]}
      />
    </Drawer>
  );
}
