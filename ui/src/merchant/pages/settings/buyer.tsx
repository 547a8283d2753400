import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import type { FixedBuyer, Settings } from '../../../shared/api/types';
import { Button, Field, Switch } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Sheet } from '../../../shared/design/sheet';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { digitsOf, groupPhone } from '../../../shared/text/digits';
import { saveSettings } from '../../own';
import { NotSaved } from './notsaved';
import type { Save } from './page';

interface BuyerSettingProps {
  shown: Settings;
  save: Save;
  disabled: boolean;
}

/** Whether the buyer is typed at each payment, or always the same: then who it is. */
export function BuyerSetting({ shown, save, disabled }: BuyerSettingProps): JSX.Element {
  const m = t().settings;
  const [open, setOpen] = useState(false);
  const buyer = shown.fixedBuyer ?? {};
  const known = [buyer.name, buyer.phone && groupPhone(buyer.phone)].filter(Boolean).join(' ');
  // Without a name there is nobody to fix the payments to: asked for first.
  const turn = (on: boolean): void => (on || buyer.name ? void save({ buyerInfo: on }) : setOpen(true));
  return (
    <>
      <Switch label={m.buyerInfo} hint={m.buyerInfoHint} on={shown.buyerInfo} disabled={disabled} onChange={turn} />
      {!shown.buyerInfo && (
        <button type="button" class="option" aria-haspopup="dialog" disabled={disabled} onClick={() => setOpen(true)}>
          <Icon name="person" size={20} />
          <span class="option-name">{m.fixedBuyer}</span>
          <span class="option-value">{known}</span>
          <Icon name="next" size={18} />
        </button>
      )}
      {open && <BuyerSheet buyer={buyer} onClose={() => setOpen(false)} />}
    </>
  );
}

function BuyerSheet({ buyer, onClose }: { buyer: FixedBuyer; onClose: () => void }): JSX.Element {
  const m = t().settings;
  const [{ name = '', phone = '', email = '' }, setForm] = useState(buyer);
  const [failure, setFailure] = useState<unknown>();
  const [tried, setTried] = useState(false);
  const edit = (change: FixedBuyer): void => setForm((old) => ({ ...old, ...change }));
  const missing = name.trim() === '';
  const at = (field: string): string => (failure instanceof ApiFailure ? failure.fieldMessage(`/fixedBuyer/${field}`) : '');
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (missing) return;
    const fixedBuyer: FixedBuyer = { name: name.trim(), ...(phone ? { phone } : {}), ...(email.trim() ? { email: email.trim() } : {}) };
    setFailure(undefined);
    saveSettings({ buyerInfo: false, fixedBuyer }).then(() => {
      toast(m.saved);
      onClose();
    }, setFailure);
  };
  const said = at('name') || at('phone') || at('email');
  return (
    <Sheet title={m.buyerTitle} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <Field label={m.buyerName} value={name} onInput={(text) => edit({ name: text })} maxLength={100} autoFocus bad={at('name') || (tried && missing ? m.buyerNameMissing : '')} />
        <Field label={m.buyerPhone} optional numeric value={groupPhone(phone)} onInput={(text) => edit({ phone: digitsOf(text, 12) })} placeholder="010-0000-0000" maxLength={16} bad={at('phone')} />
        <Field label={m.buyerEmail} optional value={email} onInput={(text) => edit({ email: text })} maxLength={100} bad={at('email')} />
        {!said && <NotSaved failure={failure} />}
        <Button kind="primary" type="submit">
          {m.buyerSave}
        </Button>
      </form>
    </Sheet>
  );
}
