import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Field, type FieldProps } from '../shared/design/controls';
import { ownSettings } from './own';

type Pad = typeof import('../shared/design/shuffled').Shuffled;

type SecretProps = Omit<FieldProps, 'secret' | 'inputRef' | 'onOpen' | 'noKeyboard'> & {
  /** What the shuffled keypad offers, where the shop's settings want it. */
  pad: 'digits' | 'text';
};

/**
 * A field for what nobody should see. It is an ordinary one, into which can be typed and
 * pasted; with the setting on it is joined by a keypad in random order.
 */
export function SecretField({ pad, ...field }: SecretProps): JSX.Element {
  const { value, onInput, maxLength = 100 } = field;
  const wanted = ownSettings.value?.shuffleKeypad ?? false;
  const [Keys, setKeys] = useState<{ pad: Pad } | null>(null);
  const [open, setOpen] = useState(false);
  const [own, setOwn] = useState(false);
  const [round, setRound] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const used = wanted && Keys !== null && !own;

  useEffect(() => {
    // Without it the field is as good as ever.
    if (wanted) import('../shared/design/shuffled').then(({ Shuffled }) => setKeys({ pad: Shuffled }), () => undefined);
  }, [wanted]);
  useEffect(() => {
    if (value === '') setRound((n) => n + 1);
  }, [value === '']);
  useEffect(() => {
    if (!open) return;
    const moved = ({ target }: FocusEvent): void => {
      if (target instanceof Node && target !== input.current && !box.current?.contains(target)) setOpen(false);
    };
    document.addEventListener('focusin', moved);
    return () => document.removeEventListener('focusin', moved);
  }, [open]);
  const leaving = useRef(false);
  const back = (): void => {
    setOpen(false);
    leaving.current = true;
    input.current?.focus();
    leaving.current = false;
  };
  const keyboard = (): void => {
    setOwn(true);
    setOpen(false);
    // A field that gets the focus anew has its keyboard raised.
    requestAnimationFrame(() => {
      input.current?.blur();
      input.current?.focus();
    });
  };
  return (
    <>
      <Field {...field} secret inputRef={input} noKeyboard={used} onOpen={() => leaving.current || setOpen(true)} />
      {used && open && (
        <Keys.pad
          label={field.label}
          kind={pad}
          round={round}
          box={box}
          onKey={(key) => value.length < maxLength && onInput(value + key)}
          onErase={() => onInput(value.slice(0, -1))}
          onDone={back}
          onKeyboard={keyboard}
        />
      )}
    </>
  );
}
