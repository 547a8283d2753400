import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Field } from '../../../shared/design/controls';
import { Icon, type IconName } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { ListRow, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { locale, t } from '../../../shared/i18n/i18n';
import { officeWords } from '../../../shared/i18n/office-words';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { findIn, loadManual } from './manual';
import './guide.css';

const PICTURES: Record<string, IconName> = {
  start: 'person', card: 'card', ars: 'call', sms: 'message', cash: 'coin', receipt: 'send', history: 'slip', cancel: 'undo', products: 'box', settings: 'gear', help: 'store',
};

/** Chapter 11: permissions, manual and interest-free months, all with one search. */
export default function GuidePage(): JSX.Element {
  const m = officeWords().guide;
  const load = useLoad(() => loadManual(), `manual ${locale.value}`);
  const [text, setText] = useState('');
  const searching = text.trim() !== '';
  const next = <Icon name="next" size={18} />;
  return (
    <Page title={t().nav.guide} up="/">
      <Field label={m.search} type="search" value={text} onInput={setText} placeholder={m.searchHint} maxLength={40} />
      {!searching && (
        <div class="rows">
          <ListRow href={href('/guide/permissions')} icon="lock" title={m.permissions} sub={[m.permissionsHint]} end={next} />
          <ListRow href={href('/guide/interest-free')} icon="percent" title={m.interest} sub={[m.interestHint]} end={next} />
        </div>
      )}
      {load.data ? (
        searching ? (
          <Results text={text} found={findIn(load.data, text)} />
        ) : (
          <section>
            <div class="section-head">
              <h2>{m.manual}</h2>
              <span class="small-print">{m.offline}</span>
            </div>
            <div class="rows">
              {load.data.map((chapter) => (
                <ListRow key={chapter.id} href={href(`/guide/${chapter.id}`)} icon={PICTURES[chapter.id] ?? 'book'} tone="plain" title={`${chapter.number}. ${chapter.title}`} sub={[chapter.lead]} end={next} />
              ))}
            </div>
          </section>
        )
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={6} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

function Results({ text, found }: { text: string; found: ReturnType<typeof findIn> }): JSX.Element {
  const m = officeWords().guide;
  return (
    <section aria-live="polite">
      {found.length === 0 ? (
        <EmptyState picture="search" title={m.none(text.trim())} text={m.noneText} />
      ) : (
        <>
          <p class="guide-lead">{m.found(found.length)}</p>
          <div class="rows">
            {found.map(({ chapter, at, title, text: line }) => (
              <ListRow key={`${chapter.id} ${at} ${line}`} href={href(`/guide/${chapter.id}${at >= 0 ? `?at=${at}` : ''}`)} icon={PICTURES[chapter.id] ?? 'book'} tone="plain" title={title} sub={[m.chapter(chapter.number), line]} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
