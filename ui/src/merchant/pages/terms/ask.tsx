import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { terms, type ConsentState } from '../../../shared/api/join';
import { Button } from '../../../shared/design/controls';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { j } from '../../../shared/i18n/join';
import { logOut } from '../../../shared/state/session';
import { Agree, answersOf, enough, type Said } from './agree';

/** Asks for what holds and was not agreed to yet, with what is new; nothing else goes on before. */
export default function AskTerms({ asked, onDone }: { asked: ConsentState; onDone: () => void }): JSX.Element {
  const m = j().terms;
  const [said, setSaid] = useState<Said>({});
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const submit = (): void => {
    setBusy(true);
    terms.answer(answersOf(asked.pending, said)).then(onDone, (cause: unknown) => {
      setFailure(cause);
      setBusy(false);
    });
  };
  return (
    <Sheet title={m.askTitle} open closable={false} onClose={() => undefined}>
      <div class="stack">
        <p>{asked.consents.length === 0 ? m.askFirst : m.askText}</p>
        <Agree docs={asked.pending} said={said} onChange={setSaid} changes />
        <FailureNotice failure={failure} />
        <Button kind="primary" disabled={busy || !enough(asked.pending, said)} onPress={submit}>
          {m.agree}
        </Button>
        <Button kind="text" onPress={() => void logOut().catch(setFailure)}>
          {m.leave}
        </Button>
      </div>
    </Sheet>
  );
}
