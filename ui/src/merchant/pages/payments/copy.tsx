import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, IconButton } from '../../../shared/design/controls';
import { Sheet } from '../../../shared/design/sheet';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { canShare, copyText, give } from '../../give';

/** A name and a text with a button that copies it; the text can be marked by hand as well. */
export function CopyText({ name, text }: { name: string; text: string }): JSX.Element {
  const m = t().desk;
  return (
    <div class="id-row">
      <dt>{name}</dt>
      <dd>
        <span class="slip-code">{text}</span>
        <IconButton icon="copy" label={m.copy(name)} onPress={() => void copyText(text).then((done) => toast(done ? m.copied(name) : m.copyByHand))} />
      </dd>
    </div>
  );
}

/** Gives a link away by the device's own sheet of people and apps, else by the clipboard, else to be marked by hand. */
export function ShareLink({ title, url }: { title: string; url: string }): JSX.Element {
  const m = t().desk;
  const [byHand, setByHand] = useState(false);
  const send = async (): Promise<void> => {
    const given = await give({ title, url });
    if (given === 'copied') toast(m.linkCopied);
    else if (given === 'byHand') setByHand(true);
  };
  return (
    <>
      <Button icon={canShare() ? 'share' : 'copy'} onPress={() => void send()}>
        {canShare() ? m.share : m.copyLink}
      </Button>
      <Sheet title={m.copyLink} open={byHand} onClose={() => setByHand(false)}>
        <p>{m.copyByHand}</p>
        <p class="slip-code by-hand">{url}</p>
      </Sheet>
    </>
  );
}
