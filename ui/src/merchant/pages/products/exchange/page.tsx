import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { exchange, formatOf, TABLES } from '../../../../shared/api/exchange';
import { ChooseFile } from '../../../../shared/design/choose-file';
import { Button } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { Page } from '../../../../shared/design/page';
import { Notice } from '../../../../shared/design/parts';
import { FailureNotice } from '../../../../shared/design/states';
import { toast } from '../../../../shared/design/toast';
import { t } from '../../../../shared/i18n/i18n';
import { guardLeave, href } from '../../../../shared/router/router';
import { rights } from '../../../../shared/state/rights';
import { NoRight } from '../noright';
import { BadRows } from './badrows';
import { Counts, Restocked } from './counts';
import { stateAfter, type State } from './state';
import './exchange.css';

/** Chapter 9 for the owner: products from a spreadsheet and into one. */
export default function ExchangePage(): JSX.Element {
  const m = t().exchange;
  if (!rights.value.editProducts) return <NoRight title={m.title} up="/products" />;
  return (
    <Page title={m.title} up="/products/manage">
      <Exchange />
    </Page>
  );
}

interface Importing {
  state: State;
  look: (file: File) => void;
  take: (file: File, partial: boolean) => void;
  forget: () => void;
}

/** Looks at a file first, and takes it over when somebody has seen what that will do. */
function useImport(): Importing {
  const [state, setState] = useState<State>({ kind: 'empty' });
  const busy = useRef(false);
  useEffect(() => guardLeave(() => busy.current), []);
  const run = async (file: File, partial: boolean, dry: boolean): Promise<void> => {
    const format = formatOf(file.name);
    if (!format) return setState({ kind: 'failed', file, partial, why: 'format' });
    if (file.size > exchange.MAX_FILE) return setState({ kind: 'failed', file, partial, why: 'size' });
    busy.current = !dry;
    setState({ kind: dry ? 'looking' : 'taking', file });
    try {
      setState(stateAfter(file, await exchange.send(file, { format, dryRun: dry, partial }), dry));
    } catch (failure) {
      setState({ kind: 'failed', file, partial, why: dry ? 'look' : 'take', failure });
    } finally {
      busy.current = false;
    }
  };
  return { state, look: (file) => void run(file, false, true), take: (file, partial) => void run(file, partial, false), forget: () => setState({ kind: 'empty' }) };
}

function Exchange(): JSX.Element {
  const m = t().exchange;
  const { state, look, take, forget } = useImport();
  switch (state.kind) {
    case 'empty':
    case 'failed':
      return (
        <>
          <section class="exchange" aria-labelledby="import-title">
            <h2 id="import-title">{m.importTitle}</h2>
            <p class="exchange-text">{m.importText}</p>
            {state.kind === 'failed' && <Failed state={state} onRetry={() => (state.why === 'take' ? take(state.file, state.partial) : look(state.file))} />}
            <Choose onFile={look} />
          </section>
          <Export />
        </>
      );
    case 'looking':
    case 'taking':
      return <Under state={state} />;
    case 'seen':
      return <Seen state={state} onTake={(partial) => take(state.file, partial)} onFile={look} onForget={forget} />;
    case 'done':
      return <Done state={state} onAgain={forget} />;
  }
}

/** The way in for a file, and for who has none yet the form to fill in. */
function Choose({ onFile, again = false }: { onFile: (file: File) => void; again?: boolean }): JSX.Element {
  const m = t().exchange;
  return (
    <>
      <ChooseFile label={again ? m.chooseAgain : m.choose} hint={again ? '' : m.chooseHint} small={again} accept={TABLES} onFile={onFile} />
      {!again && (
        <a class="template" href={exchange.templateAddress} download="">
          <Icon name="download" size={18} />
          {m.template}
        </a>
      )}
    </>
  );
}

function Under({ state }: { state: Extract<State, { kind: 'looking' | 'taking' }> }): JSX.Element {
  const m = t().exchange;
  return (
    <div class="exchange-under" role="status">
      <span class="spinner" />
      <strong>{state.kind === 'looking' ? m.looking : m.taking}</strong>
      <span class="small-print">{state.file.name}</span>
    </div>
  );
}

function Failed({ state, onRetry }: { state: Extract<State, { kind: 'failed' }>; onRetry: () => void }): JSX.Element {
  const m = t().exchange;
  if (state.why === 'format' || state.why === 'size') {
    return (
      <Notice tone="bad" icon="alert">
        <p>{state.why === 'format' ? m.wrongFormat : m.tooLarge}</p>
        {state.file.name}
      </Notice>
    );
  }
  return (
    <>
      <FailureNotice failure={state.failure} extra={state.file.name} />
      <Button kind="soft" wide onPress={onRetry}>
        {t().common.retry}
      </Button>
    </>
  );
}

interface SeenProps {
  state: Extract<State, { kind: 'seen' }>;
  onTake: (partial: boolean) => void;
  onFile: (file: File) => void;
  onForget: () => void;
}

/** What the file would do, and what is wrong with it; nothing has changed yet. */
function Seen({ state: { file, report }, onTake, onFile, onForget }: SeenProps): JSX.Element {
  const m = t().exchange;
  const good = report.created + report.updated;
  const bad = report.errorCount;
  return (
    <>
      <p class="exchange-file">
        <Icon name="slip" size={20} />
        <span>{file.name}</span>
      </p>
      <Counts report={report} />
      <BadRows report={report} />
      {good === 0 && bad === 0 && (
        <Notice tone="plain" icon="check">
          <p>{m.nothing}</p>
        </Notice>
      )}
      <Restocked report={report} />
      {bad > 0 && <Choose again onFile={onFile} />}
      <div class="cta">
        {good > 0 && (
          <Button kind="primary" onPress={() => onTake(bad > 0)}>
            {bad > 0 ? m.takeGood(good) : m.take(good)}
          </Button>
        )}
        <Button kind="text" onPress={onForget}>
          {m.leave}
        </Button>
      </div>
    </>
  );
}

function Done({ state: { report }, onAgain }: { state: Extract<State, { kind: 'done' }>; onAgain: () => void }): JSX.Element {
  const m = t().exchange;
  return (
    <>
      <div class="exchange-done" role="status">
        <span class="exchange-mark">
          <Icon name="check" size={32} />
        </span>
        <strong>{m.done(report.created + report.updated)}</strong>
      </div>
      <Counts report={report} />
      <BadRows report={report} />
      <div class="cta">
        <Button kind="primary" href={href('/products/manage')}>
          {m.toGoods}
        </Button>
        <Button kind="text" onPress={onAgain}>
          {m.again}
        </Button>
      </div>
    </>
  );
}

/** Everything the shop sells, as a file that can be changed and taken back in. */
function Export(): JSX.Element {
  const m = t().exchange;
  const save = (): void => toast(m.saving);
  return (
    <section class="exchange" aria-labelledby="export-title">
      <h2 id="export-title">{m.exportTitle}</h2>
      <p class="exchange-text">{m.exportText}</p>
      <div class="button-row">
        {(['xlsx', 'csv'] as const).map((format) => (
          <a key={format} class="button button-soft" href={exchange.exportAddress(format)} download="" onClick={save}>
            <Icon name="download" size={20} />
            <span>{m.formats[format]}</span>
          </a>
        ))}
      </div>
    </section>
  );
}
