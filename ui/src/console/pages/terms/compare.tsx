import type { JSX } from 'preact';
import { Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { href, navigate, place } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { terms, type TermsKind } from '../../api-office';
import { Select } from '../../form';
import { Page } from '../../parts';
import { Diff } from './diff';
import { diffAddress, kindOf } from './versions';
import '../../office.css';

/** Two versions of a document, and what changed between them. */
export default function ComparePage(): JSX.Element {
  const { path, query } = place.value;
  const kind = kindOf(path.split('/')[2] ?? '');
  if (!kind) {
    return (
      <Page title={t().error.notFoundTitle}>
        <EmptyState picture="search" title={t().error.notFoundTitle} text={t().error.notFoundText} />
      </Page>
    );
  }
  return <Compare kind={kind} from={Number(query.get('from')) || 1} to={Number(query.get('to')) || 1} />;
}

function Compare({ kind, from, to }: { kind: TermsKind; from: number; to: number }): JSX.Element {
  const all = useLoad((signal) => terms.list(signal), 'terms');
  const load = useLoad(async (signal) => ({ from, to, lines: await terms.diff(kind, from, to, signal) }), `${kind}/${from}/${to}`);
  const m = c().termsDiff;
  const name = c().terms.kinds[kind];
  const versions = (all.data ?? []).filter((each) => each.kind === kind);
  // An address may name what is not there: the choice says so, and so does the answer.
  const numbers = [...new Set([...versions.map(({ version }) => version), to, from])].sort((a, b) => b - a);
  const options: Record<string, string> = Object.fromEntries(
    numbers.map((version) => {
      const doc = versions.find((each) => each.version === version);
      return [`v${version}`, [c().terms.version(version), doc?.effectiveFrom, doc && c().terms.states[doc.state]].filter(Boolean).join(' · ')];
    }),
  );
  const go = (before: string, after: string): void => void navigate(diffAddress(kind, Number(before.slice(1)), Number(after.slice(1))), { replace: true });
  // An answer for versions that were chosen before is not shown under the names of others.
  const lines = load.data?.from === from && load.data.to === to ? load.data.lines : undefined;
  return (
    <Page title={m.title(name)} acts={<a class="button button-soft" href={href(`/terms?kind=${kind}`)}>{c().nav.pages.terms}</a>}>
      <div class="form-grid">
        <Select label={m.before} value={`v${from}`} options={options} onChange={(version) => go(version, `v${to}`)} />
        <Select label={m.after} value={`v${to}`} options={options} onChange={(version) => go(`v${from}`, version)} />
      </div>
      {load.failure !== undefined ? <ErrorState failure={load.failure} onRetry={load.reload} /> : lines ? <Diff key={`${from}/${to}`} lines={lines} /> : <Skeleton shape="line" count={10} />}
    </Page>
  );
}
