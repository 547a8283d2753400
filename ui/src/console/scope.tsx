import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { c } from '../shared/i18n/console/console';
import { merchants, type Merchant } from './api-merchant';
import './office.css';

/** After the last key so long passes before merchants are looked for, in milliseconds. */
const REST = 300;

interface ScopeProps {
  /** Id of a merchant; empty for all. */
  value: string;
  bad?: string;
  onChange: (merchantId: string, name: string) => void;
}

/** Chooses one merchant by its name, or all. */
export function ScopeField({ value, bad, onChange }: ScopeProps): JSX.Element {
  const id = useId();
  const m = c().scopes;
  const [text, setText] = useState('');
  const [found, setFound] = useState<Merchant[] | undefined>();
  useEffect(() => {
    if (value === '') return;
    const abort = new AbortController();
    // One that cannot be read shows as its id.
    merchants.get(value, abort.signal).then(({ name }) => setText(name), () => setText((old) => old || value));
    return () => abort.abort();
  }, [value]);
  useEffect(() => {
    if (text.trim() === '' || value !== '') return setFound(undefined);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      merchants.list({ q: text.trim() }, undefined, abort.signal).then(({ rows }) => setFound(rows.slice(0, 6)), () => undefined);
    }, REST);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text, value]);
  const type = (next: string): void => {
    setText(next);
    if (value !== '') onChange('', '');
  };
  const none = text.trim() !== '' && value === '' && found?.length === 0;
  return (
    <div class="field scope">
      <label class="field-label" for={id}>
        {m.field}
      </label>
      <div class={`field-box${bad || none ? ' is-bad' : ''}`}>
        <input id={id} type="text" value={text} placeholder={m.all} autocomplete="off" spellcheck={false} maxLength={64} aria-describedby={`${id}-note`} onInput={(event) => type(event.currentTarget.value)} />
      </div>
      {found && found.length > 0 && (
        <ul class="scope-found" aria-label={m.field}>
          {found.map((each) => (
            <li key={each.id}>
              <button
                type="button"
                onClick={() => {
                  setText(each.name);
                  setFound(undefined);
                  onChange(each.id, each.name);
                }}
              >
                <span>{each.name}</span>
                <small>{each.businessNumber}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p id={`${id}-note`} class={bad || none ? 'field-bad' : 'field-hint'} role={bad || none ? 'alert' : undefined}>
        <span>{bad || (none ? m.unknown : value ? m.one(text) : m.hint)}</span>
      </p>
    </div>
  );
}

/** For whom something is, in words. */
export const whom = (merchantId: string, name: string): string => (merchantId === '' ? c().scopes.all : c().scopes.one(name || merchantId));
