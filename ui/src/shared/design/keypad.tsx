import type { JSX, TargetedKeyboardEvent } from 'preact';
import { t } from '../i18n/i18n';
import type { KeypadPress } from '../money/keypad';
import { Icon } from './icons';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '00', '0'];

/**
 * The amount keypad. Digit keys of a keyboard work only while the focus is inside, so
 * that neither a card reader nor a barcode scanner that types can change an amount
 * from elsewhere on the page.
 */
export function Keypad({ onPress }: { onPress: (press: KeypadPress) => void }): JSX.Element {
  const onKey = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (/^[0-9]$/.test(event.key)) onPress({ kind: 'digit', digits: event.key });
    else if (event.key === 'Backspace') onPress({ kind: 'erase' });
    else if (event.key === 'Delete') onPress({ kind: 'clear' });
    else return;
    event.preventDefault();
  };
  return (
    <div class="keypad" role="group" aria-label={t().pay.keypad} onKeyDown={onKey}>
      {KEYS.map((digits) => (
        <button key={digits} type="button" class="key" onClick={() => onPress({ kind: 'digit', digits })}>
          {digits}
        </button>
      ))}
      <button type="button" class="key" aria-label={t().common.erase} onClick={() => onPress({ kind: 'erase' })}>
        <Icon name="erase" size={28} />
      </button>
    </div>
  );
}
