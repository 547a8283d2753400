import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { locale, t } from '../../../shared/i18n/i18n';
import { officeWords } from '../../../shared/i18n/office-words';
import type { Chapter } from '../../../shared/i18n/manual';
import { BASE, href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { NotFound } from '../../notfound';
import type { PageInput } from '../../routes';
import { loadManual } from './manual';
import './guide.css';

/** One chapter of the manual. */
export default function ChapterPage({ params, query }: PageInput): JSX.Element {
  const load = useLoad(() => loadManual(), `manual ${locale.value}`);
  if (!load.data) {
    return (
      <Page title={t().nav.guide} up="/guide">
        {load.failure === undefined ? <Skeleton shape="line" count={8} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
      </Page>
    );
  }
  const at = load.data.findIndex(({ id }) => id === params.chapter);
  const chapter = load.data[at];
  if (!chapter) return <NotFound />;
  return <Read key={chapter.id} chapter={chapter} before={load.data[at - 1]} after={load.data[at + 1]} part={query.get('at')} />;
}

function Read({ chapter, before, after, part }: { chapter: Chapter; before: Chapter | undefined; after: Chapter | undefined; part: string | null }): JSX.Element {
  const m = officeWords().guide;
  useEffect(() => {
    if (part) document.getElementById(`part-${part}`)?.scrollIntoView({ block: 'start' });
  }, [part]);
  return (
    <Page title={chapter.title} up="/guide">
      <p class="guide-lead">
        {m.chapter(chapter.number)} · {chapter.lead}
      </p>
      <img class="guide-picture" src={`${BASE}/guide/${chapter.id}.webp`} width={360} height={640} alt={m.picture(chapter.title)} loading="lazy" />
      {chapter.sections.map((section, i) => (
        <section key={section.title} id={`part-${i}`} class="chapter-part">
          <h2>{section.title}</h2>
          <ol class="steps">
            {section.steps.map((step) => (
              <li key={step}>
                <span>{step}</span>
              </li>
            ))}
          </ol>
        </section>
      ))}
      <aside id={`part-${chapter.sections.length}`} class="chapter-tips chapter-part" aria-label={m.tips}>
        <h2>{m.tips}</h2>
        <ul>
          {chapter.tips.map((tip) => (
            <li key={tip}>{tip}</li>
          ))}
        </ul>
      </aside>
      <nav class="chapter-ends" aria-label={m.manual}>
        {before && (
          <Button kind="soft" href={href(`/guide/${before.id}`)}>
            {m.before}
          </Button>
        )}
        {after && (
          <Button kind="tint" href={href(`/guide/${after.id}`)}>
            {m.after}
          </Button>
        )}
      </nav>
    </Page>
  );
}
