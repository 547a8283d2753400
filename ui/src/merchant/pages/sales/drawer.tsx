import type { JSX } from 'preact';
import { IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Amount } from '../../../shared/design/parts';
import { salesWords } from '../../../shared/i18n/sales-words';
import { digitsOf } from '../../../shared/text/digits';
import { DENOMINATIONS, withPieces, type Count, type Denomination } from './count';

/** The drawer, kind by kind: a step with each press, or typed. */
export function Drawer({ count, onChange }: { count: Count; onChange: (count: Count) => void }): JSX.Element {
  return (
    <ul class="drawer">
      {DENOMINATIONS.map((value) => (
        <Kind key={value} value={value} pieces={count[value] ?? 0} onPieces={(pieces) => onChange(withPieces(count, value, pieces))} />
      ))}
    </ul>
  );
}

function Kind({ value, pieces, onPieces }: { value: Denomination; pieces: number; onPieces: (pieces: number) => void }): JSX.Element {
  const m = salesWords();
  return (
    <li class="drawer-kind">
      <span class={`drawer-name ${value >= 1000 ? 'is-note' : 'is-coin'}`}>{m.denomination(value)}</span>
      <span class="drawer-step">
        <IconButton icon="minus" label={m.lessOf(value)} disabled={pieces === 0} onPress={() => onPieces(pieces - 1)} />
        <input
          class="drawer-pieces"
          inputMode="numeric"
          autocomplete="off"
          aria-label={m.countOf(value)}
          value={pieces === 0 ? '' : String(pieces)}
          placeholder="0"
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => onPieces(Number(digitsOf(event.currentTarget.value, 6)))}
        />
        <IconButton icon="plus" label={m.moreOf(value)} onPress={() => onPieces(pieces + 1)} />
      </span>
      <Amount won={value * pieces} size="s" />
    </li>
  );
}

/** How the count stands against the books, in a word, a colour and a mark. */
export function Difference({ won }: { won: number }): JSX.Element {
  const m = salesWords();
  const tone = won === 0 ? 'ok' : won > 0 ? 'warn' : 'bad';
  return (
    <p class={`difference tone-${tone}`} role="status">
      <Icon name={won === 0 ? 'check' : 'alert'} size={20} />
      <strong>{won === 0 ? m.exact : won > 0 ? m.over(won) : m.short(-won)}</strong>
    </p>
  );
}
