import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icons';
import './textbox.css';

interface TextBoxProps {
  label: string;
  value: string;
  onInput: (text: string) => void;
  hint?: string | undefined;
  bad?: string | undefined;
  maxLength: number;
  /** Lines that are seen at once. */
  rows?: number;
}

/** A text of several lines. */
export function TextBox({ label, value, onInput, hint, bad, maxLength, rows = 5 }: TextBoxProps): JSX.Element {
  const id = useId();
  const note = bad || hint;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <textarea
        id={id}
        class={bad ? 'text-box is-bad' : 'text-box'}
        value={value}
        maxLength={maxLength}
        rows={rows}
        aria-invalid={bad ? 'true' : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {note && (
        <p id={`${id}-note`} class={bad ? 'field-bad' : 'field-hint'} role={bad ? 'alert' : undefined}>
          {bad && <Icon name="alert" size={16} />}
          <span>{note}</span>
        </p>
      )}
    </div>
  );
}
