import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { terms, type ConsentAnswer, type Terms } from '../../../shared/api/join';
import { IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { ErrorState } from '../../../shared/design/states';
import { TermsBody } from '../../../shared/design/terms-body';
import { j } from '../../../shared/i18n/join';
import { useLoad } from '../../../shared/state/load';
import './terms.css';

/** What was said yes to, by kind. */
export type Said = Partial<Record<Terms['kind'], boolean>>;

/** The answers to send: a yes or no to each. */
export const answersOf = (docs: readonly Terms[], said: Said): ConsentAnswer[] => docs.map(({ kind, version }) => ({ kind, version, agreed: said[kind] === true }));

/** Whether everything required was said yes to. */
export const enough = (docs: readonly Terms[], said: Said): boolean => docs.every(({ kind, required }) => !required || said[kind] === true);

function Check({ on, onChange, children }: { on: boolean; onChange: (on: boolean) => void; children: JSX.Element | string }): JSX.Element {
  return (
    <button type="button" class="agree-check" role="checkbox" aria-checked={on} onClick={() => onChange(!on)}>
      <span class="agree-box" aria-hidden="true">
        <Icon name="check" size={18} />
      </span>
      <span class="agree-text">{children}</span>
    </button>
  );
}

interface AgreeProps {
  docs: readonly Terms[];
  said: Said;
  onChange: (said: Said) => void;
  /** Tells what is new in each. */
  changes?: boolean;
}

/** Documents to agree to, all at once or each by itself; each opens over the page. */
export function Agree({ docs, said, onChange, changes = false }: AgreeProps): JSX.Element {
  const m = j().register;
  const [read, setRead] = useState<Terms>();
  const all = docs.every(({ kind }) => said[kind] === true);
  return (
    <div class="agree-list">
      {docs.length > 1 && (
        <div class="agree agree-all">
          <Check on={all} onChange={(on) => onChange(Object.fromEntries(docs.map(({ kind }) => [kind, on])))}>
            {m.all}
          </Check>
        </div>
      )}
      {docs.map((doc) => (
        <div key={doc.kind}>
          <div class="agree">
            <Check on={said[doc.kind] === true} onChange={(on) => onChange({ ...said, [doc.kind]: on })}>
              <>
                {doc.title} <small>{doc.required ? m.required : m.optional}</small>
              </>
            </Check>
            <IconButton icon="next" label={m.view(doc.title)} onPress={() => setRead(doc)} />
          </div>
          {changes && doc.changes && <p class="agree-changes">{doc.changes}</p>}
        </div>
      ))}
      {read && <ReadSheet doc={read} onClose={() => setRead(undefined)} />}
    </div>
  );
}

function ReadSheet({ doc, onClose }: { doc: Terms; onClose: () => void }): JSX.Element {
  const load = useLoad(() => terms.one(doc.kind), doc.kind);
  return (
    <Sheet title={doc.title} open onClose={onClose}>
      {load.data ? <TermsBody text={load.data.body} /> : load.failure === undefined ? <Skeleton shape="line" count={6} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Sheet>
  );
}
