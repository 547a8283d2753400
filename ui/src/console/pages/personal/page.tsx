import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { Badge, Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { useLoad } from '../../../shared/state/load';
import { Act } from '../../act';
import { open, opened } from '../../address';
import { personal, type Erasure, type RetentionClass } from '../../api-personal';
import { Drawer, Split } from '../../drawer';
import { useList } from '../../list';
import { Id, Page, Part, When } from '../../parts';
import { Table, type Column } from '../../table';
import './personal.css';

const columns = (): Column<Erasure>[] => {
  const m = c().personal.columns;
  return [
    { key: 'at', title: m.at, cell: (row) => <When at={row.createdAt} /> },
    { key: 'status', title: m.status, cell: (row) => <Badge tone={row.status === 'DONE' ? 'ok' : 'warn'}>{c().personal.statuses[row.status]}</Badge> },
    { key: 'kind', title: m.kind, cell: (row) => c().personal.kinds[row.kind] },
    { key: 'label', title: m.label, cell: (row) => row.label },
    { key: 'blanked', title: m.blanked, end: true, cell: (row) => row.blanked.toLocaleString('ko-KR') },
    { key: 'waiting', title: m.waiting, end: true, cell: (row) => row.waiting.toLocaleString('ko-KR') },
    { key: 'reason', title: c().act.reason, wide: true, cell: (row) => row.reason },
  ];
};

/** What is known of people: handed out, erased, and how long it is kept. */
export default function PersonalPage(): JSX.Element {
  const list = useList((cursor, signal) => personal.erasures(cursor, signal), 'erasures');
  const row = list.rows.find((each) => each.id === opened());
  const m = c().personal;
  return (
    <Page title={c().nav.pages.personal}>
      <Buyer onAsked={list.reload} />
      <Part page title={m.erasures}>
        <Split side={row && <Beside key={row.id} row={row} />}>
          <Table label={m.erasures} columns={columns()} list={list} rowKey={(each) => each.id} opened={opened()} onOpen={(each) => open(each.id)} empty={{ title: m.emptyTitle, text: m.emptyText }} />
        </Split>
      </Part>
      <Kept />
    </Page>
  );
}

/** Looks for a buyer by number, by mail, or by both. */
function Buyer({ onAsked }: { onAsked: () => void }): JSX.Element {
  const [phone, setPhone] = useState('');
  const [mail, setMail] = useState('');
  const m = c().personal;
  const who = { ...(phone.trim() ? { phone } : {}), ...(mail.trim() ? { mail } : {}) };
  const named = Object.keys(who).length > 0;
  return (
    <Part page title={m.buyer}>
      <p class="desk-note">{m.buyerText}</p>
      <div class="personal-search">
        <Field label={m.phone} value={phone} onInput={setPhone} maxLength={30} numeric />
        <Field label={m.mail} value={mail} onInput={setMail} maxLength={100} />
      </div>
      <div class="acts acts-start">
        <Act
          name={m.export}
          disabled={!named}
          onAct={async (reason) => {
            await personal.exportBuyer({ ...who, reason });
            return m.exported;
          }}
        >
          <p>{m.exportText}</p>
        </Act>
        <Act
          name={m.erase}
          danger
          disabled={!named}
          onAct={async (reason) => {
            const approval = await personal.eraseBuyer({ ...who, reason });
            onAsked();
            return approval.status === 'PENDING' ? c().approvals.asked : m.begun;
          }}
        >
          <p>{m.eraseText}</p>
        </Act>
      </div>
    </Part>
  );
}

function Beside({ row }: { row: Erasure }): JSX.Element {
  const m = c().personal;
  return (
    <Drawer title={row.label} onClose={() => open('')}>
      <div class="drawer-hero">
        <Badge tone={row.status === 'DONE' ? 'ok' : 'warn'}>{m.statuses[row.status]}</Badge>
      </div>
      <Part title={m.kept}>
        {row.kept.length === 0 ? (
          <p class="desk-note">{m.nothingKept}</p>
        ) : (
          <ul class="lines">
            {row.kept.map((each) => (
              <li key={each.class}>
                <strong>{each.title}</strong>
                <span>{m.rows(each.rows)}</span>
                {each.until ? <When at={each.until} /> : <span>{m.forGood}</span>}
                <span class="small-print">{each.why}</span>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Facts
        rows={[
          [m.columns.kind, m.kinds[row.kind]],
          [m.columns.blanked, row.blanked.toLocaleString('ko-KR')],
          [m.columns.waiting, row.waiting > 0 && m.waits(row.waiting)],
          [c().act.reason, row.reason],
          [m.requestedBy, row.requestedBy.name ?? row.requestedBy.id],
          [m.approvedBy, row.approvedBy.name ?? row.approvedBy.id],
          [m.columns.at, <When key="a" at={row.createdAt} />],
          [m.doneAt, row.doneAt && <When key="d" at={row.doneAt} />],
          ['ID', <Id key="i">{row.id}</Id>],
        ]}
      />
    </Drawer>
  );
}

/** How long every record is kept, what sweeping came to, and what it would do now. */
function Kept(): JSX.Element {
  const [dry, setDry] = useState(false);
  const load = useLoad((signal) => personal.retention(dry, signal), dry ? 'dry' : 'kept');
  const m = c().personal;
  return (
    <Part page title={m.retention}>
      <div class="acts acts-start">
        <Button kind="soft" disabled={dry} onPress={() => setDry(true)}>
          {m.dryRun}
        </Button>
      </div>
      {!load.data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!load.data && load.failure === undefined && <Skeleton shape="line" count={6} />}
      {load.data && dry && (
        <Notice tone="plain" icon="clock">
          {m.dryText}
        </Notice>
      )}
      {load.data && <Classes rows={load.data} />}
    </Part>
  );
}

function Classes({ rows }: { rows: readonly RetentionClass[] }): JSX.Element {
  const m = c().personal;
  const days = (n: number | undefined): string => (n ? m.days(n) : m.forGood);
  return (
    <div class="table-wide" tabIndex={0} role="region" aria-label={m.retention}>
      <table class="diff">
        <thead>
          <tr>
            <th scope="col">{m.class}</th>
            <th scope="col">{m.keptFor}</th>
            <th scope="col">{m.what}</th>
            <th scope="col">{m.why}</th>
            <th scope="col">{m.gone}</th>
            <th scope="col">{m.due}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((each) => (
            <tr key={each.name}>
              <th scope="row">{each.title}</th>
              <td>{days(each.days)}</td>
              <td>{each.what}</td>
              <td>{each.why}</td>
              <td class="number">{each.total.toLocaleString('ko-KR')}</td>
              <td class="number">{each.due === undefined ? '—' : each.due.toLocaleString('ko-KR')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
