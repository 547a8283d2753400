import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Facts, Notice } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { Act } from '../../act';
import { conditions, open, opened } from '../../address';
import { audit, type AuditRecord, type ChainResult } from '../../api';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList } from '../../list';
import { Id, Page, When } from '../../parts';
import { Table, type Column } from '../../table';

/** The details of a record as pairs; what is no JSON object stays as it is. */
export function detailsOf(text: string | undefined): [string, string][] {
  if (!text) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return Object.entries(value).map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)]);
    }
  } catch {
    // Shown as it is.
  }
  return [['', text]];
}

const reasonOf = (row: AuditRecord): string => detailsOf(row.detail).find(([name]) => name === 'reason')?.[1] ?? '';

const columns = (): Column<AuditRecord>[] => {
  const m = c().audit.columns;
  return [
    { key: 'at', title: m.at, cell: (row) => <When at={row.at} /> },
    { key: 'action', title: m.action, cell: (row) => row.action },
    { key: 'actor', title: m.actor, cell: (row) => <Id short>{row.actor}</Id> },
    { key: 'subject', title: m.subject, cell: (row) => row.subject && <Id short>{row.subject}</Id> },
    { key: 'merchant', title: m.merchant, wide: true, cell: (row) => row.merchantId && <Id short>{row.merchantId}</Id> },
    { key: 'reason', title: c().act.reason, wide: true, cell: reasonOf },
  ];
};

/** Who did what, over all merchants; the chain of the records is checked here too. */
export default function AuditPage(): JSX.Element {
  const query = conditions(['from', 'to', 'action', 'actor', 'subject', 'merchantId']);
  const list = useList((cursor, signal) => audit.list(query, cursor, signal), JSON.stringify(query));
  const row = list.rows.find((each) => each.id === opened());
  const [chain, setChain] = useState<ChainResult | null>(null);
  const m = c().audit;
  const check = async (reason: string): Promise<string> => {
    setChain(await audit.check(reason, 1));
    return m.checked;
  };
  const take = (reason: string): Promise<string> => {
    location.assign(audit.exportAddress(query, reason));
    return Promise.resolve(m.exporting);
  };
  return (
    <Page
      title={c().nav.pages.audit}
      acts={
        <>
          <Act name={m.check} onAct={check}>
            <p>{m.checkText}</p>
          </Act>
          <Act name={m.export} onAct={take}>
            <p>{m.exportText}</p>
          </Act>
        </>
      }
    >
      {chain && <Chain chain={chain} />}
      <Split side={row && <Beside key={row.id} row={row} />}>
        <Filters
          filters={[
            { name: 'from', label: c().filter.from, kind: 'date' },
            { name: 'to', label: c().filter.to, kind: 'date' },
            { name: 'action', label: m.columns.action },
            { name: 'actor', label: m.columns.actor },
            { name: 'subject', label: m.columns.subject },
            { name: 'merchantId', label: c().filter.merchantId },
          ]}
        />
        <Table
          label={c().nav.pages.audit}
          columns={columns()}
          list={list}
          rowKey={(each) => each.id}
          opened={opened()}
          onOpen={(each) => open(each.id)}
          empty={{ title: m.emptyTitle, text: c().filter.emptyText }}
        />
      </Split>
    </Page>
  );
}

function Chain({ chain }: { chain: ChainResult }): JSX.Element {
  const m = c().audit;
  return (
    <Notice tone={chain.ok ? 'ok' : 'bad'} icon={chain.ok ? 'check' : 'alert'}>
      <p>{chain.ok ? m.chainWhole(chain.checked) : m.chainBroken(chain.faults.length)}</p>
      <p class="small-print">{m.chainRange(chain.from, chain.to, chain.head)}</p>
      {chain.faults.length > 0 && (
        <ul class="lines">
          {chain.faults.map((fault) => (
            <li key={`${fault.code}${fault.subject}`}>
              <Id>{fault.subject}</Id>
              <span>{fault.message}</span>
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

function Beside({ row }: { row: AuditRecord }): JSX.Element {
  const m = c().audit.columns;
  return (
    <Drawer title={row.action} onClose={() => open('')}>
      <Facts
        rows={[
          [m.at, <When key="t" at={row.at} />],
          [m.actor, <Id key="a">{row.actor}</Id>],
          [m.subject, row.subject && <Id key="s">{row.subject}</Id>],
          [m.merchant, row.merchantId && <Id key="m">{row.merchantId}</Id>],
          [c().audit.record, <Id key="r">{row.id}</Id>],
          ...detailsOf(row.detail).map(([name, value]) => [name || c().audit.detail, value] as const),
        ]}
      />
    </Drawer>
  );
}
