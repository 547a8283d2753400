import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, t } from '../../../shared/i18n/i18n';
import { grouped, parseWon } from '../../../shared/money/money';
import type { Save } from './page';

interface SignatureSettingProps {
  limit: number;
  save: Save;
  disabled: boolean;
}

/** Up to which amount no signature is asked for. */
export function SignatureSetting({ limit, save, disabled }: SignatureSettingProps): JSX.Element {
  const m = t().settings;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(limit);
  const show = (): void => {
    setTyped(limit);
    setOpen(true);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setOpen(false);
    void save({ signatureLimit: typed });
  };
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" disabled={disabled} onClick={show}>
        <Icon name="pen" size={20} />
        <span class="option-name">{m.signature}</span>
        <span class="option-value">{limit === 0 ? m.signatureAlways : m.signatureUpTo(amountText(limit))}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.signatureTitle} open={open} onClose={() => setOpen(false)}>
        <form class="stack" onSubmit={submit}>
          <Field label={m.signature} hint={m.signatureHint} numeric big value={grouped(typed)} onInput={(text) => setTyped(parseWon(text))} suffix={<span class="suffix">{t().common.won}</span>} autoFocus />
          <Button kind="primary" type="submit">
            {m.save}
          </Button>
        </form>
      </Sheet>
    </>
  );
}
