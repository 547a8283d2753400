import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { webhooks, type SecretWebhook, type Webhook } from '../../../shared/api/developers';
import { Button, Segments } from '../../../shared/design/controls';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { developerWords } from '../../../shared/i18n/developer-words';
import { useSending } from './secret';

const KEEPS = ['now', 'day'] as const;

/** Gives a webhook a new secret, the present one signing on for a day where that is wanted. */
export function RotateSheet({ of, onMade, onClose }: { of: Webhook; onMade: (made: SecretWebhook) => void; onClose: () => void }): JSX.Element {
  const words = developerWords();
  const m = words.hooks;
  const [keep, setKeep] = useState<(typeof KEEPS)[number]>('day');
  const { busy, failure, send } = useSending(onMade);
  const rotate = (): Promise<SecretWebhook> => webhooks.rotate(of.id, { overlapHours: keep === 'day' ? 24 : 0 });
  return (
    <Sheet title={m.rotate} open onClose={onClose}>
      <div class="stack">
        <p>{m.rotateText}</p>
        <Segments label={m.keep} value={keep} onChange={setKeep} options={KEEPS.map((value) => ({ value, text: words.keeps[value] }))} />
        <FailureNotice failure={failure} />
        <Button kind="primary" disabled={busy} onPress={() => send(rotate)}>
          {m.rotate}
        </Button>
      </div>
    </Sheet>
  );
}

/** Asks before a webhook and its log are gone. */
export function RemoveSheet({ of, onDone, onClose }: { of: Webhook; onDone: () => void; onClose: () => void }): JSX.Element {
  const words = developerWords();
  const m = words.hooks;
  const { busy, failure, send } = useSending<void>(() => {
    toast(m.removed);
    onDone();
  });
  return (
    <Sheet title={m.removeTitle} open onClose={onClose}>
      <div class="stack">
        <p>{m.removeText}</p>
        <FailureNotice failure={failure} />
        <Button kind="danger" disabled={busy} onPress={() => send(() => webhooks.remove(of.id))}>
          {m.remove}
        </Button>
        <Button kind="text" onPress={onClose}>
          {words.stay}
        </Button>
      </div>
    </Sheet>
  );
}
