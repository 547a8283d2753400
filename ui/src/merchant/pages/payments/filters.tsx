import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Chips, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { t } from '../../../shared/i18n/i18n';
import { loadStaff } from '../../staff';
import { channels } from '../../ways';
import { activeOf } from './active';
import { Conditions } from './conditions';
import { PERIODS, STATUSES, type Filter } from './filter';

/** After the last key the search waits so long, in milliseconds. */
const PAUSE = 350;

interface FilterProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  /** The kind was chosen before: it is not asked again. */
  kindStands?: boolean;
}

/** Search, period, kind and state in sight; every other condition behind 상세. */
export function FilterBar({ filter, onChange, kindStands = false }: FilterProps): JSX.Element {
  const m = t().history;
  const count = Object.keys(filter.details).length;
  const [open, setOpen] = useState(false);
  useEffect(loadStaff, []);
  return (
    <div class="filters">
      <div class="search-row">
        <Search value={filter.q} onChange={(q) => onChange({ q })} />
        <button type="button" class="chip chip-square" aria-haspopup="dialog" aria-label={count > 0 ? m.moreCount(count) : m.more} aria-pressed={count > 0} onClick={() => setOpen(true)}>
          <Icon name={count > 0 ? 'check' : 'tune'} size={18} />
          <span>{t().desk.detailed}</span>
        </button>
      </div>
      <Chips label={m.period} value={filter.period} options={PERIODS.map((value) => ({ value, text: m.periods[value] }))} onChange={(period) => onChange({ period })} />
      {filter.period === 'custom' && (
        <div class="dates">
          <Field label={m.from} type="date" value={filter.from} onInput={(from) => onChange({ from })} />
          <Field label={m.to} type="date" value={filter.to} onInput={(to) => onChange({ to })} />
        </div>
      )}
      <div class="chip-line">
        {!kindStands && (
          <Chips label={m.channel} value={filter.channel} options={[{ value: '' as const, text: t().desk.allKinds }, ...channels().map((value) => ({ value, text: t().channel[value] }))]} onChange={(channel) => onChange({ channel })} />
        )}
        <Chips label={m.status} value={filter.status} options={[{ value: '' as const, text: m.all }, ...STATUSES.map((value) => ({ value, text: t().status[value] }))]} onChange={(status) => onChange({ status })} />
      </div>
      <ActiveChips filter={filter} onChange={onChange} />
      <Conditions details={filter.details} open={open} onClose={() => setOpen(false)} onApply={(details) => onChange({ details })} />
    </div>
  );
}

/** The conditions that hold, each with its way out. */
function ActiveChips({ filter, onChange }: FilterProps): JSX.Element | null {
  const active = activeOf(filter);
  if (active.length === 0) return null;
  return (
    <ul class="active-chips" aria-label={t().desk.active}>
      {active.map((each) => (
        <li key={each.key}>
          <button type="button" class="chip chip-active" aria-label={t().desk.remove(each.text)} onClick={() => onChange(each.without)}>
            {each.text}
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
      {active.length > 1 && (
        <li>
          <button type="button" class="chip chip-clear" onClick={() => onChange({ q: '', details: {} })}>
            {t().desk.removeAll}
          </button>
        </li>
      )}
    </ul>
  );
}

function Search({ value, onChange }: { value: string; onChange: (q: string) => void }): JSX.Element {
  const m = t().history;
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === value) return;
    const timer = setTimeout(() => onChange(wanted), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <div class="field-box search">
      <Icon name="search" size={20} />
      <input type="search" aria-label={m.search} placeholder={t().desk.searchHint} value={text} maxLength={100} autocomplete="off" enterkeyhint="search" onInput={(event) => setText(event.currentTarget.value)} />
    </div>
  );
}
