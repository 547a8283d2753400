import type { JSX } from 'preact';
import { IconButton } from '../../../shared/design/controls';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { copyText } from '../../give';

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
