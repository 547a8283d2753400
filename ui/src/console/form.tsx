import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { ApiFailure } from '../shared/api/failure';
import { Button } from '../shared/design/controls';
import { FailureNotice } from '../shared/design/states';

/** A labelled choice of a few. */
export function Select<T extends string>({ label, value, options, disabled = false, onChange }: { label: string; value: T; options: Readonly<Record<T, string>>; disabled?: boolean; onChange: (value: T) => void }): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <select id={id} value={value} disabled={disabled} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {(Object.keys(options) as T[]).map((each) => (
          <option key={each} value={each}>
            {options[each]}
          </option>
        ))}
      </select>
    </div>
  );
}

/** On or off, sent with the rest of its form. */
export function Check({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** The sentence for the field of a refused form. */
export const badOf = (failure: unknown, pointer: string): string => (failure instanceof ApiFailure ? failure.fieldMessage(pointer) : '');

interface FormProps {
  act: string;
  /** The draft can be sent. */
  ready?: boolean;
  children: (failure: unknown) => ComponentChildren;
  onSend: () => Promise<void>;
}

/** A form with its one act; what the server refuses stands at its field, and above the button. */
export function Form({ act, ready = true, children, onSend }: FormProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy || !ready) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await onSend();
    } catch (caught) {
      setFailure(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="desk-form" onSubmit={(event) => void send(event)} noValidate>
      {children(failure)}
      <FailureNotice failure={failure} />
      <div class="acts">
        <Button kind="primary" type="submit" disabled={busy || !ready}>
          {act}
        </Button>
      </div>
    </form>
  );
}
