import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/i18n';
import type { KeypadPress } from '../money/keypad';
import { Icon } from './icons';

const ROWS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '00', '0'];

interface KeypadProps {
  onPress: (press: KeypadPress) => void;
  /** With these the keypad adds amounts up: a fourth column with undo, clear and plus. */
  sums?: { onNext: () => void; onUndo: () => void; canUndo: boolean; canNext: boolean };
  /** Enter, while the pad itself has the focus. */
  onEnter?: () => void;
}

/**
 * The amount keypad. Digit keys of a keyboard work only while the focus is inside, so
 * that neither a card reader nor a barcode scanner that types can change an amount
 * from elsewhere on the page (WCAG 2.1.4).
 */
export function Keypad({ onPress, sums, onEnter }: KeypadProps): JSX.Element {
  const hint = useId();
  const onKey = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey || (command && event.key !== 'z')) return;
    if (command) sums?.onUndo();
    else if (/^[0-9]$/.test(event.key)) onPress({ kind: 'digit', digits: event.key });
    else if (event.key === 'Backspace') onPress({ kind: 'erase' });
    else if (event.key === 'Delete') onPress({ kind: 'clear' });
    else if (event.key === '+' && sums) sums.onNext();
    else if (event.key === 'Enter' && event.target === event.currentTarget) onEnter?.();
    else return;
    event.preventDefault();
  };
  const digit = (digits: string): JSX.Element => (
    <button key={digits} type="button" class="key" onClick={() => onPress({ kind: 'digit', digits })}>
      {digits}
    </button>
  );
  const erase = (
    <button type="button" class="key" aria-label={t().common.erase} onClick={() => onPress({ kind: 'erase' })}>
      <Icon name="erase" size={28} />
    </button>
  );
  return (
    <div class={sums ? 'keypad keypad-sums' : 'keypad'} role="group" aria-label={t().pay.keypad} aria-describedby={sums && hint} tabIndex={0} onKeyDown={onKey}>
      {sums ? (
        <>
          {ROWS.slice(0, 3).map(digit)}
          {erase}
          {ROWS.slice(3, 6).map(digit)}
          <button type="button" class="key key-act" aria-label={t().pay.undo} disabled={!sums.canUndo} onClick={sums.onUndo}>
            <Icon name="undo" />
          </button>
          {ROWS.slice(6, 9).map(digit)}
          <button type="button" class="key key-act key-word" onClick={() => onPress({ kind: 'clear' })}>
            {t().pay.clear}
          </button>
          {[...ROWS.slice(9), '000'].map(digit)}
          <button type="button" class="key key-act" aria-label={t().pay.next} disabled={!sums.canNext} onClick={sums.onNext}>
            <Icon name="plus" />
          </button>
          <span id={hint} class="unseen">
            {t().pay.keypadHint}
          </span>
        </>
      ) : (
        <>
          {ROWS.map(digit)}
          {erase}
        </>
      )}
    </div>
  );
}
