import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import { Button } from '../../../shared/design/controls';
import { FailureNotice } from '../../../shared/design/states';

interface Sending {
  busy: boolean;
  failure: unknown;
  /** Sends, and keeps what went wrong. */
  send: (act: () => Promise<void>) => void;
  /** What the server says of a field, or an empty text. */
  said: (pointer: string) => string;
}

/** One request at a time, with what it failed of. */
export function useSending(): Sending {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const send = (act: () => Promise<void>): void => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    act().then(
      () => setBusy(false),
      (cause: unknown) => {
        setFailure(cause);
        setBusy(false);
      },
    );
  };
  return { busy, failure, send, said: (pointer) => (failure instanceof ApiFailure ? failure.fieldMessage(pointer) : '') };
}

interface StepFormProps {
  question: string;
  hint?: string;
  act: string;
  ready: boolean;
  /** Whether the failure is told beside its field already. */
  told?: boolean;
  sending: Sending;
  onSubmit: () => void;
  children: ComponentChildren;
}

/** One question with its one strong act. */
export function StepForm({ question, hint, act, ready, told = false, sending, onSubmit, children }: StepFormProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) onSubmit();
  };
  return (
    <form class="key-in stack" onSubmit={submit} noValidate>
      <div>
        <h2 class="question" tabIndex={-1} ref={heading}>
          {question}
        </h2>
        {hint && <p class="join-hint">{hint}</p>}
      </div>
      {children}
      {!told && <FailureNotice failure={sending.failure} />}
      <div class="cta">
        <Button kind="primary" type="submit" disabled={!ready || sending.busy}>
          {act}
        </Button>
      </div>
    </form>
  );
}
