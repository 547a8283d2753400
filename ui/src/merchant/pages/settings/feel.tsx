import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import type { Settings } from '../../../shared/api/types';
import { Button, Field, Switch } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Sheet } from '../../../shared/design/sheet';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { digitsOf, groupPhone } from '../../../shared/text/digits';
import { isMobile } from '../../../shared/text/mask';
import { sample, vibrates } from '../../feel';
import { saveSettings } from '../../own';
import { returns, setReturns } from '../../returns';
import { NotSaved } from './notsaved';
import type { Save } from './page';

interface FeelProps {
  shown: Settings;
  save: Save;
  disabled: boolean;
}

/** Sound and vibration, each to be tried here and now, whatever the shop's setting says. */
export function FeelSettings({ shown, save, disabled }: FeelProps): JSX.Element {
  const m = t().settings;
  const d = t().device;
  const turn = (what: 'sound' | 'vibration', on: boolean): void => {
    if (on) sample(what);
    void save({ [what]: on });
  };
  return (
    <>
      <Switch label={m.sound} hint={m.soundHint} on={shown.sound} disabled={disabled} onChange={(on) => turn('sound', on)} />
      <Switch label={m.vibration} hint={vibrates() ? m.vibrationHint : d.noVibration} on={shown.vibration} disabled={disabled} onChange={(on) => turn('vibration', on)} />
      <div class="setting-acts">
        <Button kind="tint" onPress={() => sample('sound')}>
          {d.listen}
        </Button>
        {vibrates() && (
          <Button kind="tint" onPress={() => sample('vibration')}>
            {d.feel}
          </Button>
        )}
      </div>
    </>
  );
}

/** Whether the result makes way for the next payment by itself, on this device alone. */
export function ReturnSetting(): JSX.Element {
  const m = t().device;
  const [on, setOn] = useState(returns);
  const turn = (next: boolean): void => {
    setReturns(next);
    setOn(next);
    toast(t().settings.saved);
  };
  return <Switch label={m.returns} hint={m.returnsHint} on={on} onChange={turn} />;
}

/** A number that is texted as well when a buyer elsewhere has paid. */
export function TextSetting({ phone, disabled }: { phone: string; disabled: boolean }): JSX.Element {
  const m = t().device;
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" disabled={disabled} onClick={() => setOpen(true)}>
        <Icon name="message" size={20} />
        <span class="option-name">{m.text}</span>
        <span class="option-value">{phone ? groupPhone(phone) : m.textOff}</span>
        <Icon name="next" size={18} />
      </button>
      {open && <TextSheet phone={phone} onClose={() => setOpen(false)} />}
    </>
  );
}

function TextSheet({ phone: before, onClose }: { phone: string; onClose: () => void }): JSX.Element {
  const m = t().device;
  const [phone, setPhone] = useState(before);
  const [tried, setTried] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const wrong = phone !== '' && !isMobile(phone);
  const said = failure instanceof ApiFailure ? failure.fieldMessage('/notifyPhone') : '';
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    setFailure(undefined);
    saveSettings({ notifyPhone: phone }).then(() => {
      toast(t().settings.saved);
      onClose();
    }, setFailure);
  };
  return (
    <Sheet title={m.textTitle} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <Field label={m.textPhone} optional numeric value={groupPhone(phone)} onInput={(text) => setPhone(digitsOf(text, 11))} placeholder="010-0000-0000" maxLength={16} hint={m.textHint} bad={said || (tried && wrong ? m.textWrong : '')} autoFocus />
        {!said && <NotSaved failure={failure} />}
        <Button kind="primary" type="submit">
          {t().settings.save}
        </Button>
      </form>
    </Sheet>
  );
}
