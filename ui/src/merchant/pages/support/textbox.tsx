import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from '../../../shared/design/icons';
import { luhn } from '../../../shared/text/digits';

interface TextBoxProps {
  label: string;
  value: string;
  onInput: (text: string) => void;
  hint?: string;
  bad?: string | undefined;
  maxLength: number;
}

/** A text of several lines. */
export function TextBox({ label, value, onInput, hint, bad, maxLength }: TextBoxProps): JSX.Element {
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
        rows={5}
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

/** Digits of a card as people write them: 13 to 19 of them with a sign between at most. The server looks closer. */
const CARD = /(?:\d[ .-]?){13,19}/g;

/** Whether a text holds what looks like a card number: its check digit is right. */
export function looksLikeCard(text: string): boolean {
  return (text.match(CARD) ?? []).some((found) => {
    const digits = found.replace(/\D/g, '');
    return luhn(digits) && /^[34569]/.test(digits);
  });
}
