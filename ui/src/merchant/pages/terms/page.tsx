import type { JSX } from 'preact';
import { terms, type TermsKind } from '../../../shared/api/join';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { TermsBody } from '../../../shared/design/terms-body';
import { j } from '../../../shared/i18n/join';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { session } from '../../../shared/state/session';
import type { PageInput } from '../../routes';
import { NotFound } from '../../notfound';
import './terms.css';

const KINDS: Record<string, TermsKind> = { service: 'SERVICE', privacy: 'PRIVACY', finance: 'FINANCE', marketing: 'MARKETING' };

const up = (): string => (session.value ? '/settings' : '/login');

/** The documents that hold; also for people who are not logged in. */
export default function TermsListPage(): JSX.Element {
  const m = j().terms;
  const load = useLoad(terms.list, 'terms');
  return (
    <Page title={m.list} up={up()}>
      {load.data ? (
        <div class="rows">
          {load.data.map(({ kind, title, effectiveFrom }) => (
            <ListRow key={kind} href={href(`/terms/${kind.toLowerCase()}`)} icon="slip" tone="plain" title={title} sub={[m.from(effectiveFrom)]} end={<Icon name="next" size={18} />} />
          ))}
        </div>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={4} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

/** One of them, with what is announced. */
export function TermsPage({ params }: PageInput): JSX.Element {
  const kind = KINDS[(params['kind'] ?? '').toLowerCase()];
  return kind ? <Text kind={kind} /> : <NotFound />;
}

function Text({ kind }: { kind: TermsKind }): JSX.Element {
  const m = j().terms;
  const load = useLoad(() => terms.one(kind), kind);
  const doc = load.data;
  return (
    <Page title={doc?.title ?? m.title} up="/terms">
      {doc ? (
        <>
          <p class="terms-meta">
            {m.from(doc.effectiveFrom)} · {m.version(doc.version)}
          </p>
          {doc.sample && (
            <Notice tone="warn" icon="alert">
              <p>{m.sample}</p>
            </Notice>
          )}
          {doc.coming?.map((next) => (
            <Notice key={next.version} tone="plain" icon="clock">
              <p>{m.coming(next.effectiveFrom)}</p>
              {next.changes && <p class="agree-changes">{next.changes}</p>}
            </Notice>
          ))}
          <TermsBody text={doc.body} />
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="line" count={8} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}
