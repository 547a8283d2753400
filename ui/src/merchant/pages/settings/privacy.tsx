import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { personalDataAddress, terms, type Consent, type ConsentState, type Terms } from '../../../shared/api/join';
import { Switch } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { ListRow, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { j } from '../../../shared/i18n/join';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { slipTime } from '../../../shared/text/day';
import './settings.css';

/** What was last said to a document; undefined: it was never asked. */
export const answerTo = (consents: readonly Consent[], kind: Terms['kind']): Consent | undefined => consents.find((each) => each.kind === kind);

/** Whether a yes stands for the version that holds: a new version is asked for anew. */
export const agreedTo = (doc: Terms, answer: Consent | undefined): boolean => answer?.agreed === true && answer.version === doc.version;

/** When, and to which version, somebody said yes or no. */
export function saidText(answer: Consent | undefined): string {
  const m = j().privacy;
  if (!answer) return m.never;
  return (answer.agreed ? m.agreed : m.withdrawn)(slipTime(new Date(answer.at)), answer.version);
}

interface Both {
  docs: Terms[];
  state: ConsentState;
}

/** What may be refused, and what is known of whoever uses the app. */
export default function PrivacyPage(): JSX.Element {
  const m = j().privacy;
  const load = useLoad(async (): Promise<Both> => {
    const [docs, state] = await Promise.all([terms.list(), terms.asked()]);
    return { docs, state };
  }, 'privacy');
  return (
    <Page title={m.title} up="/settings">
      {load.data ? <Choices both={load.data} /> : load.failure === undefined ? <Skeleton shape="row" count={3} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
      <section class="setting">
        <h2>{m.data}</h2>
        <div class="rows">
          <a class="row" href={personalDataAddress} download="" onClick={() => toast(m.exporting)}>
            <span class="row-mark tone-plain">
              <Icon name="download" />
            </span>
            <span class="row-text">
              <span class="row-title">{m.export}</span>
              <span class="row-sub">
                <span>{m.exportHint}</span>
              </span>
            </span>
          </a>
          <ListRow href={href('/support')} icon="person" tone="plain" title={m.erase} sub={[m.eraseHint]} end={<Icon name="next" size={18} />} />
        </div>
      </section>
    </Page>
  );
}

/** A switch for each document that nobody needs to agree to. */
function Choices({ both }: { both: Both }): JSX.Element | null {
  const m = j().privacy;
  const [state, setState] = useState(both.state);
  const [wish, setWish] = useState<Terms['kind']>();
  const [failure, setFailure] = useState<unknown>();
  const optional = both.docs.filter((doc) => !doc.required);
  const choose = async (doc: Terms, agreed: boolean): Promise<void> => {
    setWish(doc.kind);
    setFailure(undefined);
    try {
      setState(await terms.answer([{ kind: doc.kind, version: doc.version, agreed }]));
      toast(agreed ? m.nowAgreed : m.nowWithdrawn);
    } catch (cause) {
      setFailure(cause);
    } finally {
      setWish(undefined);
    }
  };
  if (optional.length === 0) return null;
  return (
    <section class="setting">
      <h2>{m.choices}</h2>
      {optional.map((doc) => {
        const answer = answerTo(state.consents, doc.kind);
        const on = agreedTo(doc, answer);
        return (
          <div key={doc.kind}>
            <Switch label={doc.title} hint={saidText(answer)} on={wish === doc.kind ? !on : on} disabled={wish !== undefined} onChange={(next) => void choose(doc, next)} />
            <div class="rows">
              <ListRow href={href(`/terms/${doc.kind.toLowerCase()}`)} icon="slip" tone="plain" title={m.read(doc.title)} end={<Icon name="next" size={18} />} />
            </div>
          </div>
        );
      })}
      <FailureNotice failure={failure} />
    </section>
  );
}
