import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { Icon } from '../shared/design/icons';
import { c } from '../shared/i18n/console/console';
import { place } from '../shared/router/router';
import { setQuery } from './address';
import './filters.css';

/** One condition of a list: a text, a day, or one of a few. */
export interface Filter {
  name: string;
  label: string;
  kind?: 'text' | 'date' | 'number';
  options?: readonly { value: string; text: string }[];
  /** The option that holds while none is chosen; then there is no "all" of its own. */
  usual?: string;
  /** What of what was typed may stand in the address. */
  clean?: (text: string) => string;
}

/** After the last key so long passes before a list is asked for anew, in milliseconds. */
const REST = 400;

/** The conditions of a list. They stand in the address, so that a list can be handed on. */
export function Filters({ filters, children }: { filters: readonly Filter[]; children?: ComponentChildren }): JSX.Element {
  const { query } = place.value;
  const set = filters.filter(({ name }) => query.get(name));
  return (
    <div class="filters">
      <div class="filter-row" role="search" aria-label={c().filter.label}>
        {filters.map((filter) => (
          <FilterField key={filter.name} filter={filter} value={query.get(filter.name) ?? ''} />
        ))}
        {children}
      </div>
      {set.length > 0 && (
        <ul class="filter-chips" aria-label={c().filter.active}>
          {set.map((filter) => (
            <li key={filter.name}>
              <button type="button" class="filter-chip" aria-label={c().filter.drop(filter.label)} onClick={() => setQuery({ [filter.name]: '' })}>
                <span class="filter-name">{filter.label}</span>
                {shown(filter, query.get(filter.name) ?? '')}
                <Icon name="close" size={16} />
              </button>
            </li>
          ))}
          {set.length > 1 && (
            <li>
              <button type="button" class="filter-chip filter-all" onClick={() => setQuery(Object.fromEntries(set.map(({ name }) => [name, ''])))}>
                {c().filter.clear}
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

const shown = ({ options }: Filter, value: string): string => options?.find((option) => option.value === value)?.text ?? value;

function FilterField({ filter, value }: { filter: Filter; value: string }): JSX.Element {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const wanted = filter.clean ? filter.clean(text.trim()) : text.trim();
  useEffect(() => {
    if (wanted === value) return;
    const timer = setTimeout(() => setQuery({ [filter.name]: wanted }), REST);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="filter">
      <label for={id}>{filter.label}</label>
      {filter.options ? (
        <select id={id} value={value || filter.usual || ''} onChange={(event) => setQuery({ [filter.name]: event.currentTarget.value === filter.usual ? '' : event.currentTarget.value })}>
          {!filter.usual && <option value="">{c().filter.any}</option>}
          {filter.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type={(filter.kind === 'date' ? 'date' : 'text') as 'text'}
          inputMode={filter.kind === 'number' ? 'numeric' : undefined}
          value={text}
          autocomplete="off"
          spellcheck={false}
          maxLength={200}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && setQuery({ [filter.name]: wanted })}
        />
      )}
    </div>
  );
}
