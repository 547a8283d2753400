import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { exchange, formatOf, TABLES } from '../../../shared/api/exchange';
import { ChooseFile } from '../../../shared/design/choose-file';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Notice, Skeleton } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { grouped } from '../../../shared/money/money';
import { guardLeave, href, place } from '../../../shared/router/router';
import { interestFree, type ImportReport } from '../../api-office';
import { Page, Part } from '../../parts';
import { ScopeField } from '../../scope';
import { Table, type Column } from '../../table';
import '../../office.css';

type State =
  | { kind: 'empty' }
  | { kind: 'refused'; file: File; why: 'format' | 'size' }
  | { kind: 'failed'; file: File; failure: unknown; again: () => void }
  | { kind: 'busy'; file: File; taking: boolean }
  | { kind: 'seen'; file: File; report: ImportReport }
  | { kind: 'done'; report: ImportReport };

/** Interest-free events out of a file: it is looked at first, and saved when somebody has seen what that will do. */
export default function InterestImportPage(): JSX.Element {
  const [merchantId, setMerchantId] = useState(place.value.query.get('merchantId') ?? '');
  const [state, setState] = useState<State>({ kind: 'empty' });
  const busy = useRef(false);
  useEffect(() => guardLeave(() => busy.current), []);
  const run = async (file: File, partial: boolean, dryRun: boolean, of: string): Promise<void> => {
    const format = formatOf(file.name);
    if (!format) return setState({ kind: 'refused', file, why: 'format' });
    if (file.size > exchange.MAX_FILE) return setState({ kind: 'refused', file, why: 'size' });
    busy.current = !dryRun;
    setState({ kind: 'busy', file, taking: !dryRun });
    try {
      const report = await interestFree.send(file, { format, dryRun, partial, merchantId: of });
      setState(report.imported ? { kind: 'done', report } : { kind: 'seen', file, report });
    } catch (failure) {
      setState({ kind: 'failed', file, failure, again: () => void run(file, partial, dryRun, of) });
    } finally {
      busy.current = false;
    }
  };
  const look = (file: File, of = merchantId): void => void run(file, false, true, of);
  const scope = (of: string): void => {
    setMerchantId(of);
    // What is new depends on what is there already: for whom it is decides that.
    if (state.kind === 'seen') look(state.file, of);
  };
  return (
    <Page title={c().nav.pages.interestImport}>
      <div class="import-room">
        <Steps state={state} merchantId={merchantId} onScope={scope} onFile={look} onTake={(file, partial) => void run(file, partial, false, merchantId)} onForget={() => setState({ kind: 'empty' })} />
      </div>
    </Page>
  );
}

interface StepsProps {
  state: State;
  merchantId: string;
  onScope: (merchantId: string) => void;
  onFile: (file: File) => void;
  onTake: (file: File, partial: boolean) => void;
  onForget: () => void;
}

function Steps(props: StepsProps): JSX.Element {
  const { state, merchantId, onScope, onFile, onTake, onForget } = props;
  const m = c().interestImport;
  switch (state.kind) {
    case 'busy':
      return (
        <>
          <p role="status">{state.taking ? m.taking : m.looking}</p>
          <Skeleton shape="line" count={6} />
        </>
      );
    case 'done':
      return <Done report={state.report} merchantId={merchantId} onAgain={onForget} />;
    case 'seen':
      return <Seen file={state.file} report={state.report} merchantId={merchantId} onScope={onScope} onFile={onFile} onTake={(partial) => onTake(state.file, partial)} onForget={onForget} />;
    case 'empty':
    case 'refused':
    case 'failed':
      return (
        <>
          <p class="desk-note">{m.text}</p>
          <ScopeField value={merchantId} onChange={onScope} />
          {state.kind === 'refused' && (
            <Notice tone="bad" icon="alert">
              <p>{state.why === 'format' ? m.wrongFormat : m.tooLarge}</p>
              {state.file.name}
            </Notice>
          )}
          {state.kind === 'failed' && (
            <>
              <FailureNotice failure={state.failure} extra={state.file.name} />
              <div class="acts acts-start">
                <Button kind="soft" onPress={state.again}>
                  {t().common.retry}
                </Button>
              </div>
            </>
          )}
          <ChooseFile label={m.choose} hint={m.chooseHint} accept={TABLES} onFile={onFile} />
          <a class="link" href={interestFree.templateAddress} download="">
            {m.template}
          </a>
        </>
      );
  }
}

interface SeenProps {
  file: File;
  report: ImportReport;
  merchantId: string;
  onScope: (merchantId: string) => void;
  onFile: (file: File) => void;
  onTake: (partial: boolean) => void;
  onForget: () => void;
}

/** What the file would do, and every bad row of it; nothing has changed yet. */
function Seen({ file, report, merchantId, onScope, onFile, onTake, onForget }: SeenProps): JSX.Element {
  const m = c().interestImport;
  const bad = report.errorCount > 0;
  return (
    <>
      <p>
        <strong>{file.name}</strong> · {m.unchangedYet}
      </p>
      <ScopeField value={merchantId} onChange={onScope} />
      <Counts report={report} />
      {report.added === 0 && !bad && (
        <Notice tone="plain" icon="check">
          <p>{m.nothing}</p>
        </Notice>
      )}
      <BadRows report={report} />
      {bad && <ChooseFile small label={m.chooseAgain} accept={TABLES} onFile={onFile} />}
      <div class="acts">
        {bad && report.added > 0 && <span class="desk-note">{m.takeGoodText}</span>}
        <Button kind="soft" onPress={onForget}>
          {m.leave}
        </Button>
        {report.added > 0 && (
          <Button kind={bad ? 'soft' : 'primary'} onPress={() => onTake(bad)}>
            {bad ? m.takeGood(report.added) : m.take(report.added)}
          </Button>
        )}
      </div>
    </>
  );
}

function Counts({ report }: { report: ImportReport }): JSX.Element {
  const m = c().interestImport.counts;
  const counts: readonly (readonly [string, number, string?])[] = [
    [m.rows, report.rows],
    [m.added, report.added],
    [m.unchanged, report.unchanged],
    [m.wrong, report.errorCount, report.errorCount > 0 ? 'is-bad' : undefined] as const,
  ];
  return (
    <dl class="counts-line">
      {counts.map(([name, count, tone]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={tone}>{grouped(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

type Bad = ImportReport['errors'][number];

const badColumns = (): Column<Bad>[] => {
  const m = c().interestImport;
  return [
    { key: 'row', title: m.badColumns.row, end: true, cell: (row) => grouped(row.row) },
    { key: 'column', title: m.badColumns.column, cell: (row) => row.heading ?? m.wholeRow },
    { key: 'value', title: m.badColumns.value, cell: (row) => (row.value ? <span class="bad-value">{row.value}</span> : row.column ? m.blank : '') },
    { key: 'message', title: m.badColumns.message, text: true, cell: (row) => row.message },
  ];
};

function BadRows({ report }: { report: ImportReport }): JSX.Element {
  const m = c().interestImport;
  const ignored = report.ignored ?? [];
  const rest = report.errorCount - report.errors.length;
  return (
    <>
      {ignored.length > 0 && (
        <Notice tone="plain" icon="alert">
          <p>{m.ignored(ignored.join(', '))}</p>
        </Notice>
      )}
      {report.errorCount > 0 && (
        <Part title={m.badTitle} page>
          <div class="table-room">
            <Table
              label={m.badTitle}
              columns={badColumns()}
              list={{ rows: report.errors, failure: undefined, loading: false, more: false, fetchMore: () => undefined, reload: () => undefined }}
              rowKey={(row) => `${row.row}/${row.column ?? ''}/${row.code}`}
              empty={{ title: '', text: '' }}
            />
          </div>
          {rest > 0 && <p class="desk-note">{m.cut(rest)}</p>}
        </Part>
      )}
    </>
  );
}

function Done({ report, merchantId, onAgain }: { report: ImportReport; merchantId: string; onAgain: () => void }): JSX.Element {
  const m = c().interestImport;
  return (
    <>
      <div class="drawer-hero" role="status">
        <Icon name="check" />
        <strong>{m.done(report.added)}</strong>
      </div>
      <Counts report={report} />
      <BadRows report={report} />
      <div class="acts acts-start">
        <Button kind="primary" href={href(merchantId ? `/interest-free?merchantId=${merchantId}` : '/interest-free')}>
          {m.toList}
        </Button>
        <Button kind="soft" onPress={onAgain}>
          {m.again}
        </Button>
      </div>
    </>
  );
}
