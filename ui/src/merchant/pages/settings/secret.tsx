import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { toast } from '../../../shared/design/toast';
import { developerWords } from '../../../shared/i18n/developer-words';
import { copyText } from '../../give';

/** Sends a form once and keeps what went wrong. */
export function useSending<T>(done: (result: T) => void): { busy: boolean; failure: unknown; send: (act: () => Promise<T>) => void } {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const send = (act: () => Promise<T>): void => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    act().then(done, (cause: unknown) => {
      setFailure(cause);
      setBusy(false);
    });
  };
  return { busy, failure, send };
}

/** The secret, this once: it needs its act to go away. */
export function ShowSheet({ secret, title, onClose }: { secret: string; title: string; onClose: () => void }): JSX.Element {
  const m = developerWords();
  const [byHand, setByHand] = useState(false);
  const copy = async (): Promise<void> => {
    const copied = await copyText(secret);
    if (copied) toast(m.copied);
    setByHand(!copied);
  };
  return (
    <Sheet title={title} open closable={false} onClose={onClose}>
      <div class="stack">
        <Notice tone="warn" icon="alert">
          <p>{m.shownText}</p>
        </Notice>
        <p class="slip-code secret-text">{secret}</p>
        <Button icon="copy" onPress={() => void copy()}>
          {m.copy}
        </Button>
        {byHand && <p class="small-print">{m.copyByHand}</p>}
        <Button kind="primary" onPress={onClose}>
          {m.kept}
        </Button>
      </div>
    </Sheet>
  );
}
