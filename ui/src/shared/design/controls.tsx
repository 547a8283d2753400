import type { ComponentChildren, JSX, TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { Icon, type IconName } from './icons';

interface ButtonProps {
  kind?: 'primary' | 'danger' | 'soft' | 'tint' | 'text' | 'bad';
  wide?: boolean;
  icon?: IconName;
  /** Goes there instead of doing something here. */
  href?: string;
  /** Leaves the app's window alone: for pages of the server. */
  newTab?: boolean;
  type?: 'button' | 'submit';
  disabled?: boolean;
  onPress?: () => void;
  children: ComponentChildren;
}

/** A press. Words say what happens; primary is the one strong act of a screen. */
export function Button(props: ButtonProps): JSX.Element {
  const { kind = 'soft', wide = false, icon, href, newTab = false, type = 'button', disabled = false, onPress, children } = props;
  const name = `button button-${kind}${wide ? ' button-wide' : ''}`;
  const inside = (
    <>
      {icon && <Icon name={icon} size={20} />}
      <span>{children}</span>
    </>
  );
  if (href) {
    return (
      <a class={name} href={href} {...(newTab ? { target: '_blank', rel: 'noopener' } : {})}>
        {inside}
      </a>
    );
  }
  return (
    <button type={type} class={name} disabled={disabled} onClick={onPress}>
      {inside}
    </button>
  );
}

/** A round button with an icon only; label is its spoken name. */
export function IconButton({ icon, label, onPress, href, disabled = false }: { icon: IconName; label: string; onPress?: () => void; href?: string; disabled?: boolean }): JSX.Element {
  if (href) {
    return (
      <a class="icon-button" href={href} aria-label={label} title={label}>
        <Icon name={icon} />
      </a>
    );
  }
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} disabled={disabled} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

export interface FieldProps {
  label: string;
  value: string;
  onInput: (text: string) => void;
  onLeave?: () => void;
  hint?: string | undefined;
  /** What is wrong and what to do; empty when nothing is. */
  bad?: string | undefined;
  placeholder?: string;
  type?: 'text' | 'password' | 'date' | 'datetime-local' | 'search';
  numeric?: boolean;
  /** Shown as dots without being a password to the browser, so that it offers to keep nothing. */
  secret?: boolean;
  big?: boolean;
  optional?: boolean;
  suffix?: ComponentChildren;
  autocomplete?: string;
  maxLength?: number;
  name?: string;
  autoFocus?: boolean;
  inputRef?: { current: HTMLInputElement | null };
  /** Called when it is about to be filled. */
  onOpen?: () => void;
  /** Keeps the device's own keyboard down: keys of ours stand beside it. */
  noKeyboard?: boolean;
}

/** A labelled input with its hint or its complaint beside it. */
export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const { label, value, hint, bad, type = 'text', numeric, secret, big, optional } = props;
  const note = bad || hint;
  return (
    <div class={`field${big ? ' field-big' : ''}${secret ? ' field-secret' : ''}`}>
      <label class="field-label" for={id}>
        {label}
        {optional && <span class="small-print">{t().common.optional}</span>}
      </label>
      <div class={`field-box${bad ? ' is-bad' : ''}`}>
        <input
          id={id}
          ref={props.inputRef}
          name={props.name}
          // One input serves every kind; the types of JSX know each apart.
          type={type as 'text'}
          value={value}
          inputMode={props.noKeyboard ? 'none' : numeric ? 'numeric' : undefined}
          placeholder={props.placeholder}
          autocomplete={props.autocomplete ?? 'off'}
          autocapitalize="off"
          spellcheck={false}
          maxLength={props.maxLength}
          autoFocus={props.autoFocus}
          aria-invalid={bad ? 'true' : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          onBlur={props.onLeave}
          onFocus={props.onOpen}
          onClick={props.onOpen}
        />
        {props.suffix}
      </div>
      {note && (
        <p id={`${id}-note`} class={bad ? 'field-bad' : 'field-hint'} role={bad ? 'alert' : undefined}>
          {bad && <Icon name="alert" size={16} />}
          <span>{note}</span>
        </p>
      )}
    </div>
  );
}

type Pad = typeof import('./shuffled').Shuffled;

type SecretProps = Omit<FieldProps, 'secret' | 'inputRef' | 'onOpen' | 'noKeyboard'> & {
  /** What the shuffled keypad offers, where the shop's settings want it. */
  pad: 'digits' | 'text';
  /** Whether they do. */
  shuffle: boolean | undefined;
};

/**
 * A field for what nobody should see. It is an ordinary one, into which can be typed and
 * pasted; with the setting on it is joined by a keypad in random order.
 */
export function SecretField({ pad, shuffle: wanted = false, ...field }: SecretProps): JSX.Element {
  const { value, onInput, maxLength = 100 } = field;
  const [Keys, setKeys] = useState<{ pad: Pad } | null>(null);
  const [open, setOpen] = useState(false);
  const [own, setOwn] = useState(false);
  const [round, setRound] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const used = wanted && Keys !== null && !own;

  useEffect(() => {
    // Without it the field is as good as ever.
    if (wanted) import('./shuffled').then(({ Shuffled }) => setKeys({ pad: Shuffled }), () => undefined);
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

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly { value: T; text: ComponentChildren; disabled?: boolean }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few, as a row of chips. */
export function Chips<T extends string>({ label, options, value, onChange, wrap = false }: ChoiceProps<T> & { wrap?: boolean }): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The chosen one is in sight, wherever in a long row it stands.
    const chosen = row.current?.querySelector<HTMLElement>('[aria-checked=true]');
    if (!row.current || !chosen) return;
    const left = chosen.offsetLeft - row.current.offsetLeft - row.current.scrollLeft;
    if (left < 0 || left + chosen.clientWidth > row.current.clientWidth) row.current.scrollLeft += left - (row.current.clientWidth - chosen.clientWidth) / 2;
  }, [value]);
  return (
    <div ref={row} class={`chips${wrap ? ' chips-wrap' : ''}`} role="radiogroup" aria-label={label} onKeyDown={(event) => moveChoice(event, options, value, onChange)}>
      {options.map((option, index) => (
        <button
          key={option.value}
          type="button"
          class="chip"
          role="radio"
          aria-checked={option.value === value}
          // While nothing is chosen the first one lets the keyboard in.
          tabIndex={option.value === value || (index === 0 && !options.some((each) => each.value === value)) ? 0 : -1}
          disabled={option.disabled}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}

/** One of two or three, as a switch with everything in sight. */
export function Segments<T extends string>({ label, options, value, onChange }: ChoiceProps<T>): JSX.Element {
  return (
    <div class="segments" role="radiogroup" aria-label={label} onKeyDown={(event) => moveChoice(event, options, value, onChange)}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          class="segment"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
        >
          {option.text}
        </button>
      ))}
    </div>
  );
}

/** Arrow keys move inside a radio group, as its role promises. */
function moveChoice<T extends string>(
  event: TargetedKeyboardEvent<HTMLElement>,
  options: readonly { value: T; disabled?: boolean }[],
  value: T,
  onChange: (value: T) => void,
): void {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const by = steps[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const open = options.filter((option) => !option.disabled);
  const at = open.findIndex((option) => option.value === value);
  const next = open[(at + by + open.length) % open.length];
  if (!next) return;
  onChange(next.value);
  const index = options.findIndex((option) => option.value === next.value);
  event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')[index]?.focus();
}

interface SwitchProps {
  label: string;
  hint?: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** On or off, effective at once. */
export function Switch({ label, hint, on, disabled = false, onChange }: SwitchProps): JSX.Element {
  const id = useId();
  return (
    <button type="button" class="switch-row" role="switch" aria-checked={on} aria-labelledby={id} aria-describedby={hint ? `${id}-hint` : undefined} disabled={disabled} onClick={() => onChange(!on)}>
      <span class="switch-text">
        <span class="switch-name" id={id}>
          {label}
        </span>
        {hint && (
          <span class="switch-hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <span class="switch" aria-hidden="true" />
    </button>
  );
}
