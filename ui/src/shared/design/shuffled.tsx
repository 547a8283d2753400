import type { JSX, RefObject } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { Icon } from './icons';
import { gapped, shuffled } from './shuffle';
import './shuffled.css';

export interface ShuffledProps {
  /** What is entered: spoken with the pad's name. */
  label: string;
  /** Two digits of a card, or a password of any characters. */
  kind: 'digits' | 'text';
  /** Another number has the keys drawn anew. */
  round: number;
  box: RefObject<HTMLDivElement | null>;
  onKey: (character: string) => void;
  onErase: () => void;
  onDone: () => void;
  /** Back to the device's own keyboard. */
  onKeyboard: () => void;
}

const DIGITS = [...'0123456789'];
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const SYMBOLS = [...'!@#$%^&*()-_=+[]{};:\'",.<>/?\\|`~'];
const COLUMNS = 7;
/** Digits of the small pad lie in every cell of it but the corners below. */
const CELLS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10];

/**
 * A keypad whose keys lie elsewhere each time, so that who looks on learns nothing from
 * where it is pressed. Screen readers and the keyboard meet the keys in their own order;
 * they are buttons with their real names, and the field beside takes typing and pasting.
 */
export function Shuffled(props: ShuffledProps): JSX.Element {
  const m = t().device;
  useEffect(() => props.box.current?.scrollIntoView?.({ block: 'nearest' }), []);
  return (
    <div
      class={`shuffled shuffled-${props.kind}`}
      ref={props.box}
      role="group"
      aria-label={m.pad(props.label)}
      // The focus stays in the field, which else would lose its place.
      onPointerDown={(event) => event.preventDefault()}
    >
      {props.kind === 'digits' ? <Small {...props} /> : <Whole {...props} />}
      <button type="button" class="shuffled-own" onClick={props.onKeyboard}>
        {m.ownKeyboard}
      </button>
    </div>
  );
}

function Key({ text, place, onKey }: { text: string; place: number; onKey: (character: string) => void }): JSX.Element {
  return (
    <button type="button" class="shuffled-key" style={{ order: place }} onClick={() => onKey(text)}>
      {text}
    </button>
  );
}

function Small({ round, onKey, onErase, onDone }: ShuffledProps): JSX.Element {
  const places = useMemo(() => shuffled(DIGITS.length).map((cell) => CELLS[cell] ?? 0), [round]);
  return (
    <div class="shuffled-keys">
      {DIGITS.map((digit, i) => (
        <Key key={digit} text={digit} place={places[i] ?? 0} onKey={onKey} />
      ))}
      <button type="button" class="shuffled-key shuffled-word" style={{ order: 9 }} onClick={onDone}>
        {t().common.done}
      </button>
      <button type="button" class="shuffled-key" style={{ order: 11 }} aria-label={t().common.erase} onClick={onErase}>
        <Icon name="erase" />
      </button>
    </div>
  );
}

/** How many cells rows for so many keys have, with one to spare. */
const cellsFor = (keys: number): number => Math.ceil((keys + 1) / COLUMNS) * COLUMNS;

function Whole({ round, onKey, onErase, onDone }: ShuffledProps): JSX.Element {
  const m = t().device;
  const [page, setPage] = useState<'small' | 'capital' | 'symbols'>('small');
  const keys = page === 'symbols' ? SYMBOLS : page === 'capital' ? LETTERS.map((letter) => letter.toUpperCase()) : LETTERS;
  // Digits are known by heart and lie anywhere; letters keep their order to be found, with gaps.
  const numbers = useMemo(() => shuffled(cellsFor(DIGITS.length)), [round]);
  const places = useMemo(() => gapped(keys.length, cellsFor(keys.length)), [round, page === 'symbols']);
  const turn = (to: typeof page): void => setPage(page === to ? 'small' : to);
  return (
    <>
      <Grid keys={DIGITS} places={numbers} onKey={onKey} />
      <Grid keys={keys} places={places} onKey={onKey} />
      <div class="shuffled-acts">
        <button type="button" class="shuffled-key shuffled-word" aria-pressed={page === 'capital'} onClick={() => turn('capital')}>
          {m.capital}
        </button>
        <button type="button" class="shuffled-key shuffled-word" aria-pressed={page === 'symbols'} onClick={() => turn('symbols')}>
          {m.symbols}
        </button>
        <button type="button" class="shuffled-key" aria-label={t().common.erase} onClick={onErase}>
          <Icon name="erase" />
        </button>
        <button type="button" class="shuffled-key shuffled-word" onClick={onDone}>
          {t().common.done}
        </button>
      </div>
    </>
  );
}

/** Keys in their places; what is left of the cells stays empty. */
function Grid({ keys, places, onKey }: { keys: readonly string[]; places: readonly number[]; onKey: (character: string) => void }): JSX.Element {
  const cells = cellsFor(keys.length);
  const empty = Array.from({ length: cells }, (_, cell) => cell).filter((cell) => !places.slice(0, keys.length).includes(cell));
  return (
    <div class="shuffled-keys">
      {keys.map((key, i) => (
        <Key key={key} text={key} place={places[i] ?? 0} onKey={onKey} />
      ))}
      {empty.map((cell) => (
        <span key={`gap${cell}`} class="shuffled-gap" style={{ order: cell }} aria-hidden="true" />
      ))}
    </div>
  );
}
