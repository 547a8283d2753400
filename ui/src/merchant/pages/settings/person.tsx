import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Badge } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, t } from '../../../shared/i18n/i18n';
import { grouped, parseWon } from '../../../shared/money/money';

/** Who somebody of the shop is. */
export function Head({ name, role }: { name: string; role: 'OWNER' | 'STAFF' }): JSX.Element {
  return (
    <div class="person-head">
      <span class="row-mark tone-plain">
        <Icon name="person" />
      </span>
      <h2>{name}</h2>
      <Badge tone="plain">{t().settings.roles[role]}</Badge>
    </div>
  );
}

/** Up to how much somebody may cancel of one payment. */
export function LimitRow({ limit, onSave }: { limit: number; onSave: (limit: number) => void }): JSX.Element {
  const m = t().rights;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(limit);
  const show = (): void => {
    setTyped(limit);
    setOpen(true);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setOpen(false);
    if (typed !== limit) onSave(typed);
  };
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={show}>
        <Icon name="undo" size={20} />
        <span class="option-name">{m.limit}</span>
        <span class="option-value">{limit === 0 ? m.limitNone : m.limitUpTo(amountText(limit))}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.limitTitle} open={open} onClose={() => setOpen(false)}>
        <form class="stack" onSubmit={submit}>
          <Field label={m.limit} hint={m.limitHint} numeric big value={typed ? grouped(typed) : ''} placeholder="0" onInput={(text) => setTyped(parseWon(text))} suffix={<span class="suffix">{t().common.won}</span>} autoFocus />
          <Button kind="primary" type="submit">
            {t().settings.save}
          </Button>
        </form>
      </Sheet>
    </>
  );
}
