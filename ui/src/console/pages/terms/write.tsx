import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Field, Segments } from '../../../shared/design/controls';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { TermsBody } from '../../../shared/design/terms-body';
import { TextBox } from '../../../shared/design/textbox';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { href, navigate, place } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { koreanDay, slipTime } from '../../../shared/text/day';
import { Act } from '../../act';
import { setQuery } from '../../address';
import { terms, type TermsKind, type TermsLine, type TermsVersion } from '../../api-office';
import { badOf, Check, Select } from '../../form';
import { Page } from '../../parts';
import { Confirm } from '../../reason';
import { Diff } from './diff';
import { draftFrom, keepDraft, publicationOf, readDraft, type Draft } from './draft';
import { keyOf, kindOf } from './versions';
import '../../office.css';

/** So long after the last key a draft is kept, in milliseconds. */
const REST = 600;

/** The newest version of a kind with its text; undefined when there is none. */
async function newest(kind: TermsKind, signal: AbortSignal): Promise<{ doc: TermsVersion | undefined }> {
  const versions = (await terms.list(signal)).filter((each) => each.kind === kind);
  const version = Math.max(0, ...versions.map((each) => each.version));
  return { doc: version === 0 ? undefined : await terms.get(kind, version, signal) };
}

/** The next version of a document is written, looked at and published. */
export default function WritePage(): JSX.Element {
  const kind = kindOf(place.value.query.get('kind') ?? '') ?? 'SERVICE';
  const load = useLoad(async (signal) => ({ kind, ...(await newest(kind, signal)) }), kind);
  const m = c().termsNew;
  return (
    <Page title={m.title} acts={<a class="button button-soft" href={href('/terms')}>{c().nav.pages.terms}</a>}>
      <div class="form-grid">
        <Select label={m.kind} value={kind} options={c().terms.kinds} onChange={(next) => setQuery({ kind: next.toLowerCase() })} />
      </div>
      {load.data?.kind === kind ? <Writing key={kind} kind={kind} doc={load.data.doc} /> : load.failure !== undefined ? <ErrorState failure={load.failure} onRetry={load.reload} /> : <Skeleton shape="line" count={10} />}
    </Page>
  );
}

function Writing({ kind, doc }: { kind: TermsKind; doc: TermsVersion | undefined }): JSX.Element {
  const today = koreanDay(new Date());
  const [draft, setDraft] = useState<Draft>(() => readDraft(kind) ?? draftFrom(doc, today));
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const m = c().termsNew;
  const name = c().terms.kinds[kind];
  const edit = (change: Partial<Draft>): void => setDraft({ ...draft, ...change, keptAt: Date.now() });
  useEffect(() => {
    if (draft.keptAt === 0) return;
    const timer = setTimeout(() => keepDraft(kind, draft), REST);
    return () => clearTimeout(timer);
  }, [draft]);
  const ready = draft.title.trim() !== '' && draft.body.trim() !== '' && draft.effectiveFrom !== '';
  const send = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const published = await terms.publish(publicationOf(kind, draft));
      keepDraft(kind, null);
      toast(m.published);
      navigate(`/terms?open=${encodeURIComponent(keyOf(published))}`);
    } catch (caught) {
      setFailure(caught);
      throw caught;
    }
  };
  return (
    <div class="write is-wide">
      <form
        class="desk-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) setAsking(true);
        }}
      >
        <Fields draft={draft} failure={failure} onEdit={edit} />
        <div class="draft-line">
          {draft.keptAt > 0 ? (
            <>
              <span class="desk-note">{m.kept(slipTime(new Date(draft.keptAt)))}</span>
              <Act
                name={m.discard}
                asks={false}
                onAct={() => {
                  keepDraft(kind, null);
                  setDraft(draftFrom(doc, today));
                  return Promise.resolve(m.discarded);
                }}
              >
                <p>{m.discardText}</p>
              </Act>
            </>
          ) : (
            <span />
          )}
          <Button kind="primary" type="submit" disabled={!ready}>
            {m.publish}
          </Button>
        </div>
      </form>
      <Preview kind={kind} draft={draft} before={doc?.version ?? 0} />
      <Confirm title={m.publishTitle(name, (doc?.version ?? 0) + 1)} act={m.publish} asks={false} open={asking} onClose={() => setAsking(false)} onAct={send}>
        <p>{m.publishText}</p>
        <p>{draft.required ? m.who(doc?.people ?? 0, draft.effectiveFrom) : c().terms.againNever}</p>
      </Confirm>
    </div>
  );
}

function Fields({ draft, failure, onEdit }: { draft: Draft; failure: unknown; onEdit: (change: Partial<Draft>) => void }): JSX.Element {
  const m = c().termsNew;
  return (
    <>
      <div class="form-grid">
        <Field label={m.heading} value={draft.title} onInput={(title) => onEdit({ title })} bad={badOf(failure, '/title')} maxLength={100} />
        <Field label={m.from} type="date" value={draft.effectiveFrom} onInput={(effectiveFrom) => onEdit({ effectiveFrom })} hint={m.fromHint} bad={badOf(failure, '/effectiveFrom')} />
      </div>
      <Check label={m.required} on={draft.required} onChange={(required) => onEdit({ required })} />
      <TextBox label={m.changes} value={draft.changes} onInput={(changes) => onEdit({ changes })} hint={m.changesHint} bad={badOf(failure, '/changes')} maxLength={2000} rows={3} />
      <TextBox label={m.body} value={draft.body} onInput={(body) => onEdit({ body })} hint={m.bodyHint} bad={badOf(failure, '/body')} maxLength={60_000} rows={18} />
    </>
  );
}

function Preview({ kind, draft, before }: { kind: TermsKind; draft: Draft; before: number }): JSX.Element {
  const [view, setView] = useState<'text' | 'diff'>(before > 0 ? 'diff' : 'text');
  const m = c().termsNew;
  return (
    <section class="write-side" aria-label={m.preview}>
      <div class="write-head">
        <h2>{m.preview}</h2>
        {before > 0 && <Segments label={m.viewLabel} value={view} options={(['diff', 'text'] as const).map((value) => ({ value, text: m.views[value] }))} onChange={setView} />}
      </div>
      {view === 'text' ? (
        <div class="terms-paper" tabIndex={0} role="region" aria-label={m.views.text}>
          <TermsBody text={draft.body} />
        </div>
      ) : (
        <Against kind={kind} before={before} body={draft.body} />
      )}
    </section>
  );
}

/** What the draft changes in the version that is there; the server compares, as it will for everybody. */
function Against({ kind, before, body }: { kind: TermsKind; before: number; body: string }): JSX.Element {
  const [lines, setLines] = useState<TermsLine[]>();
  const [failure, setFailure] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let live = true;
    if (body.trim() === '') return setLines(undefined);
    const timer = setTimeout(() => {
      terms.compare(kind, before, body).then(
        (found) => {
          if (!live) return;
          setLines(found);
          setFailure(undefined);
        },
        (caught: unknown) => live && setFailure(caught),
      );
    }, REST);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [body, turn]);
  if (failure !== undefined) return <ErrorState failure={failure} onRetry={() => setTurn((n) => n + 1)} />;
  return lines ? <Diff lines={lines} /> : <Skeleton shape="line" count={6} />;
}
