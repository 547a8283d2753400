import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { ListRow, Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { developerWords } from '../../../shared/i18n/developer-words';
import { locale } from '../../../shared/i18n/i18n';
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

/** Leads to the server's page for those who connect their own systems. */
export function DeveloperGuide({ at }: { at: string }): JSX.Element {
  const m = developerWords();
  return <ListRow href={`/developers?lang=${locale.value}#${at}`} icon="book" tone="plain" title={m.guide} sub={[m.guideHint]} end={<Icon name="next" size={18} />} />;
}

interface ShowProps {
  secret: string;
  title: string;
  /** What the button that copies says. */
  copy: string;
  onClose: () => void;
}

/** The secret, this once. Copying is the strong act until it is done; then going on is. */
export function ShowSheet({ secret, title, copy, onClose }: ShowProps): JSX.Element {
  const m = developerWords();
  const [copied, setCopied] = useState<boolean>();
  return (
    <Sheet title={title} open closable={false} onClose={onClose}>
      <div class="stack">
        <Notice tone="warn" icon="alert">
          <p>{m.shownText}</p>
        </Notice>
        <p class="secret-text">{secret}</p>
        <Button kind={copied ? 'soft' : 'primary'} icon={copied ? 'check' : 'copy'} onPress={() => void copyText(secret).then(setCopied)}>
          {copied ? m.copied : copy}
        </Button>
        <p class="unseen" role="status">
          {copied ? m.copied : ''}
        </p>
        {copied === false && (
          <p class="small-print" role="alert">
            {m.copyByHand}
          </p>
        )}
        <Button kind={copied ? 'primary' : 'text'} onPress={onClose}>
          {copied ? m.kept : m.keptByHand}
        </Button>
      </div>
    </Sheet>
  );
}
