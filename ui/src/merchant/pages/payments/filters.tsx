import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Chips, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Sheet } from '../../../shared/design/sheet';
import { t } from '../../../shared/i18n/i18n';
import { grouped, parseWon } from '../../../shared/money/money';
import { digitsOf } from '../../../shared/text/digits';
import { DETAILS, PERIODS, STATUSES, type Detail, type Filter } from './filter';

/** After the last key the search waits so long, in milliseconds. */
const PAUSE = 350;

interface FilterProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
}

/** Search, period and status in sight; everything else behind one button. */
export function FilterBar({ filter, onChange }: FilterProps): JSX.Element {
  const m = t().history;
  const count = Object.keys(filter.details).length;
  const [open, setOpen] = useState(false);
  return (
    <div class="filters">
      <div class="search-row">
        <Search value={filter.q} onChange={(q) => onChange({ q })} />
        <button type="button" class="chip chip-square" aria-haspopup="dialog" aria-label={count > 0 ? m.moreCount(count) : m.more} aria-pressed={count > 0} onClick={() => setOpen(true)}>
          <Icon name="tune" size={20} />
          {count > 0 && <span>{count}</span>}
        </button>
      </div>
      <Chips label={m.period} value={filter.period} options={PERIODS.map((value) => ({ value, text: m.periods[value] }))} onChange={(period) => onChange({ period })} />
      {filter.period === 'custom' && (
        <div class="dates">
          <Field label={m.from} type="date" value={filter.from} onInput={(from) => onChange({ from })} />
          <Field label={m.to} type="date" value={filter.to} onInput={(to) => onChange({ to })} />
        </div>
      )}
      {!filter.forCancel && (
        <Chips label={m.status} value={filter.status} options={[{ value: '' as const, text: m.all }, ...STATUSES.map((value) => ({ value, text: t().status[value] }))]} onChange={(status) => onChange({ status })} />
      )}
      <Details filter={filter} open={open} onClose={() => setOpen(false)} onChange={onChange} />
    </div>
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
      <input type="search" aria-label={m.search} placeholder={m.searchHint} value={text} maxLength={100} autocomplete="off" enterkeyhint="search" onInput={(event) => setText(event.currentTarget.value)} />
    </div>
  );
}

/** How each typed condition is cleaned while it is typed. */
const CLEAN: Record<Detail, (text: string) => string> = {
  minAmount: (text) => String(parseWon(text) || ''),
  maxAmount: (text) => String(parseWon(text) || ''),
  approvalNumber: (text) => text.trim().slice(0, 20),
  cardLast4: (text) => digitsOf(text, 4),
  buyerName: (text) => text.slice(0, 100),
  buyerPhoneLast4: (text) => digitsOf(text, 4),
};

/** Last digits are asked for only when all four are there. */
const isWhole = (name: Detail, text: string): boolean => (name.endsWith('Last4') ? text.length === 4 : text.trim() !== '');

const isAmount = (name: Detail): boolean => name === 'minAmount' || name === 'maxAmount';
const isNumeric = (name: Detail): boolean => isAmount(name) || name === 'cardLast4' || name === 'buyerPhoneLast4';

/** The manual's 상세: conditions asked all at once. */
function Details({ filter, open, onClose, onChange }: FilterProps & { open: boolean; onClose: () => void }): JSX.Element {
  const m = t().history;
  const [typed, setTyped] = useState(filter.details);
  useEffect(() => {
    if (open) setTyped(filter.details);
  }, [open]);
  const apply = (): void => {
    const details: Filter['details'] = {};
    for (const name of DETAILS) if (isWhole(name, typed[name] ?? '')) details[name] = typed[name];
    onChange({ details });
    onClose();
  };
  const shown = (name: Detail): string => (isAmount(name) && typed[name] ? grouped(Number(typed[name])) : (typed[name] ?? ''));
  return (
    <Sheet title={m.more} open={open} onClose={onClose}>
      <form class="stack" onSubmit={(event) => (event.preventDefault(), apply())}>
        <div class="detail-fields">
          {DETAILS.map((name) => (
            <Field key={name} label={m[name]} numeric={isNumeric(name)} value={shown(name)} onInput={(text) => setTyped({ ...typed, [name]: CLEAN[name](text) })} suffix={isAmount(name) ? <span class="suffix">{t().common.won}</span> : undefined} />
          ))}
        </div>
        <Button kind="primary" type="submit">
          {m.apply}
        </Button>
        <Button kind="text" onPress={() => setTyped({})}>
          {m.reset}
        </Button>
      </form>
    </Sheet>
  );
}
