import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Field, Segments } from '../../../shared/design/controls';
import { NoticeText } from '../../../shared/design/notice-text';
import { Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { TextBox } from '../../../shared/design/textbox';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { href, navigate, place } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { notices, type Notice } from '../../api-office';
import { badOf, Check, Select } from '../../form';
import { Page } from '../../parts';
import { Confirm } from '../../reason';
import { ScopeField, whom } from '../../scope';
import { bodyOf, complete, draftOf, EMPTY, type Draft } from './draft';
import '../../office.css';

/** How many pages of the list are looked through for one notice. */
const PAGES = 10;

async function find(id: string, signal: AbortSignal): Promise<Notice | null> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const { rows, next } = await notices.list(cursor, signal);
    const found = rows.find((row) => row.id === id);
    if (found) return found;
    cursor = next;
    if (!cursor) break;
  }
  return null;
}

/** A notice is written, or one that has not begun is written anew. */
export default function WritePage(): JSX.Element {
  const id = place.value.path.split('/')[2] ?? 'new';
  return id === 'new' ? (
    <Page title={c().notices.write}>
      <Writing notice={null} />
    </Page>
  ) : (
    <Editing id={decodeURIComponent(id)} />
  );
}

function Editing({ id }: { id: string }): JSX.Element {
  const load = useLoad((signal) => find(id, signal), id);
  const m = c().notices;
  return (
    <Page title={m.editTitle}>
      {load.data?.status === 'SCHEDULED' ? (
        <Writing notice={load.data} />
      ) : load.failure !== undefined ? (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      ) : load.data === undefined ? (
        <Skeleton shape="line" count={8} />
      ) : (
        <EmptyState picture="bell" title={m.editTitle} text={m.gone}>
          <Button href={href('/notices')}>{c().nav.pages.notices}</Button>
        </EmptyState>
      )}
    </Page>
  );
}

function Writing({ notice }: { notice: Notice | null }): JSX.Element {
  const [draft, setDraft] = useState<Draft>(() => (notice ? draftOf(notice) : EMPTY));
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const m = c().notices;
  const to = `${whom(draft.merchantId, draft.merchantName)} · ${m.roles[draft.role]}`;
  const send = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const { id } = notice ? await notices.edit(notice.id, { ...bodyOf(draft), version: notice.version }) : await notices.write(bodyOf(draft));
      toast(draft.later ? m.scheduled : m.published);
      navigate(`/notices?open=${encodeURIComponent(id)}`);
    } catch (caught) {
      setFailure(caught);
      throw caught;
    }
  };
  return (
    <div class="write">
      <form
        class="desk-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (complete(draft)) setAsking(true);
        }}
      >
        <Fields draft={draft} failure={failure} onDraft={setDraft} />
        <div class="acts">
          <Button kind="soft" href={href('/notices')}>
            {t().common.close}
          </Button>
          <Button kind="primary" type="submit" disabled={!complete(draft)}>
            {draft.later ? m.schedule : m.publish}
          </Button>
        </div>
      </form>
      <Preview draft={draft} />
      <Confirm title={draft.title} act={draft.later ? m.schedule : m.publish} asks={false} open={asking} onClose={() => setAsking(false)} onAct={send}>
        <p>{draft.later ? m.scheduleText(to, draft.from.replace('T', ' ')) : m.publishText(to)}</p>
      </Confirm>
    </div>
  );
}

function Fields({ draft, failure, onDraft }: { draft: Draft; failure: unknown; onDraft: (draft: Draft) => void }): JSX.Element {
  const m = c().notices;
  const set = (change: Partial<Draft>): void => onDraft({ ...draft, ...change });
  return (
    <>
      <div class="form-grid">
        <ScopeField value={draft.merchantId} bad={badOf(failure, '/merchantId')} onChange={(merchantId, merchantName) => set({ merchantId, merchantName })} />
        <Select label={m.columns.audience} value={draft.role} options={m.roles} onChange={(role) => set({ role })} />
      </div>
      <Field label={m.title} value={draft.title} onInput={(title) => set({ title })} bad={badOf(failure, '/title')} maxLength={100} />
      <TextBox label={m.body} value={draft.body} onInput={(body) => set({ body })} hint={m.bodyHint} bad={badOf(failure, '/body')} maxLength={5000} rows={10} />
      <Check label={m.important} on={draft.important} onChange={(important) => set({ important })} />
      <div class="form-rows">
        <Segments
          label={m.when}
          value={draft.later ? 'later' : 'now'}
          options={(['now', 'later'] as const).map((value) => ({ value, text: m.whens[value] }))}
          onChange={(value) => set({ later: value === 'later' })}
        />
        <div class="form-row">
          {draft.later && <Field label={m.from} type="datetime-local" value={draft.from} onInput={(from) => set({ from })} bad={badOf(failure, '/from')} />}
          <Field label={m.until} type="datetime-local" value={draft.until} onInput={(until) => set({ until })} hint={m.untilHint} bad={badOf(failure, '/until')} />
        </div>
      </div>
    </>
  );
}

function Preview({ draft }: { draft: Draft }): JSX.Element {
  const m = c().notices;
  const [shown, setShown] = useState(draft);
  // A preview that changes with every key would be read aloud with every key.
  useEffect(() => {
    const timer = setTimeout(() => setShown(draft), 150);
    return () => clearTimeout(timer);
  }, [draft]);
  return (
    <section class="write-side" aria-label={m.preview}>
      <div class="write-head">
        <h2>{m.preview}</h2>
      </div>
      <div class="phone-view">
        {shown.title.trim() === '' && shown.body.trim() === '' ? (
          <p class="desk-note">{m.previewEmpty}</p>
        ) : (
          <NoticeText title={shown.title} body={shown.body} important={shown.important} when={shown.later ? shown.from.replace('T', ' ') : m.previewWhen} />
        )}
      </div>
    </section>
  );
}
