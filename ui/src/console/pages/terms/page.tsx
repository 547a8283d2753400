import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Badge, Facts, Notice, Skeleton, type Tone } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { TermsBody } from '../../../shared/design/terms-body';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { open, opened, conditions } from '../../address';
import { terms, type TermsKind, type TermsVersion } from '../../api-office';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { useList, type List } from '../../list';
import { Page, Part, When } from '../../parts';
import { Table, type Column } from '../../table';
import { diffAddress, keyOf, mustAgree, newAddress, readVersion } from './versions';
import './terms.css';

const TONES: Record<TermsVersion['state'], Tone> = { CURRENT: 'ok', COMING: 'accent', PAST: 'plain' };

const State = ({ state }: { state: TermsVersion['state'] }): JSX.Element => <Badge tone={TONES[state]}>{c().terms.states[state]}</Badge>;

const columns = (): Column<TermsVersion>[] => {
  const m = c().terms;
  return [
    { key: 'kind', title: m.columns.kind, cell: (row) => m.kinds[row.kind] },
    { key: 'version', title: m.columns.version, end: true, cell: (row) => m.version(row.version) },
    {
      key: 'state',
      title: m.columns.state,
      cell: (row) => (
        <>
          <State state={row.state} /> {row.sample && <Badge tone="warn">{m.sample}</Badge>}
        </>
      ),
    },
    { key: 'required', title: m.columns.required, cell: (row) => (row.required ? m.required : m.optional) },
    { key: 'from', title: m.columns.from, cell: (row) => row.effectiveFrom },
    { key: 'title', title: m.title, wide: true, cell: (row) => row.title },
    { key: 'at', title: m.columns.at, wide: true, cell: (row) => <When at={row.publishedAt} /> },
  ];
};

/** Every version of what people agree to. */
export default function TermsPage(): JSX.Element {
  const { kind } = conditions(['kind']);
  const all = useList(async (_, signal) => ({ rows: await terms.list(signal) }), 'terms');
  const list: List<TermsVersion> = { ...all, rows: all.rows.filter((row) => !kind || row.kind === kind) };
  const at = readVersion(opened());
  const m = c().terms;
  return (
    <Page
      title={c().nav.pages.terms}
      acts={
        <Button kind="tint" icon="plus" href={href(newAddress((kind as TermsKind | undefined) ?? 'SERVICE'))}>
          {m.write}
        </Button>
      }
    >
      <Split side={at && <Beside key={opened()} kind={at.kind} version={at.version} />}>
        <Filters filters={[{ name: 'kind', label: m.columns.kind, options: Object.entries(m.kinds).map(([value, text]) => ({ value, text })) }]} />
        <Table label={c().nav.pages.terms} columns={columns()} list={list} rowKey={keyOf} opened={opened()} onOpen={(row) => open(keyOf(row))} empty={{ title: m.emptyTitle, text: m.emptyText }} />
      </Split>
    </Page>
  );
}

function Beside({ kind, version }: { kind: TermsKind; version: number }): JSX.Element {
  const load = useLoad((signal) => terms.get(kind, version, signal), `${kind}/${version}`);
  const m = c().terms;
  const doc = load.data;
  return (
    <Drawer title={`${m.kinds[kind]} ${m.version(version)}`} onClose={() => open('')}>
      {load.failure !== undefined && !doc && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!doc && load.failure === undefined && <Skeleton shape="line" count={8} />}
      {doc && (
        <>
          <div class="drawer-hero">
            <State state={doc.state} />
            <span>{doc.required ? m.required : m.optional}</span>
          </div>
          {doc.sample && doc.state === 'CURRENT' && (
            <Notice tone="warn" icon="alert">
              <p>{m.sampleText}</p>
            </Notice>
          )}
          <Who doc={doc} />
          <div class="acts acts-start">
            {version > 1 && <Button href={href(diffAddress(kind, version - 1, version))}>{m.compare}</Button>}
            <Button icon="pencil" href={href(newAddress(kind))}>
              {m.write}
            </Button>
          </div>
          <Facts
            rows={[
              [m.title, doc.title],
              [m.columns.from, doc.effectiveFrom],
              [m.columns.at, <When key="p" at={doc.publishedAt} />],
              [m.publishedBy, doc.publishedBy],
              [m.reach, m.reachOf(doc.agreed ?? 0, doc.people ?? 0)],
            ]}
          />
          {doc.changes && (
            <Part title={m.changes}>
              <p class="diff-text">{doc.changes}</p>
            </Part>
          )}
          <Part title={m.body}>
            <TermsBody text={doc.body ?? ''} />
          </Part>
        </>
      )}
    </Drawer>
  );
}

/** Who is asked again because of a version. */
function Who({ doc }: { doc: TermsVersion }): JSX.Element | null {
  const m = c().terms;
  if (doc.state === 'PAST') return null;
  const n = mustAgree(doc);
  return (
    <Notice tone={doc.required && n > 0 ? 'accent' : 'plain'} icon="person">
      <p>{!doc.required ? m.againNever : doc.state === 'COMING' ? m.againLater(n, doc.effectiveFrom) : m.again(n)}</p>
    </Notice>
  );
}
