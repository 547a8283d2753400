import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { sessions } from '../../../shared/api/api';
import { ApiFailure } from '../../../shared/api/failure';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { ListRow } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { session } from '../../../shared/state/session';

interface PasswordProps {
  /** Characters that a new one needs at least. */
  least: number;
  onChange: () => void;
}

/** The own login password, changed after the present one was given. */
export function PasswordSetting({ least, onChange }: PasswordProps): JSX.Element {
  const m = t().device;
  const [open, setOpen] = useState(false);
  const done = (): void => {
    toast(m.changed);
    setOpen(false);
    onChange();
  };
  return (
    <section class="setting">
      <h2>{m.passwordTitle}</h2>
      <div class="rows">
        <ListRow icon="lock" tone="plain" title={m.password} sub={[m.passwordHint]} end={<Icon name="next" size={18} />} onPress={() => setOpen(true)} />
      </div>
      {open && <PasswordSheet least={least} onDone={done} onClose={() => setOpen(false)} />}
    </section>
  );
}

/** What the server says of a field, or of the present password as a whole. */
function complaints(failure: unknown): { present: string; next: string } {
  if (!(failure instanceof ApiFailure)) return { present: '', next: '' };
  return { present: failure.code === 'PASSWORD_WRONG' ? failure.message : failure.fieldMessage('/presentPassword'), next: failure.fieldMessage('/password') };
}

function PasswordSheet({ least, onDone, onClose }: { least: number; onDone: () => void; onClose: () => void }): JSX.Element {
  const m = t().device;
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const [shown, setShown] = useState(false);
  const [left, setLeft] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ cause: unknown; present: string; next: string }>();
  const short = [...next].length < least;
  // What was complained of is fine until it is sent again.
  const said = complaints(failure?.cause);
  const bad = {
    present: failure?.present === present ? said.present : '',
    next: (failure?.next === next ? said.next : '') || (left && next !== '' && short ? m.nextShort(least) : ''),
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setLeft(true);
    if (busy || present === '' || short) return;
    setBusy(true);
    sessions.changePassword(present, next).then(onDone, (cause: unknown) => {
      setFailure({ cause, present, next });
      setBusy(false);
    });
  };
  return (
    <Sheet title={m.password} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        {/* For the keeper of passwords, which asks whose it is. */}
        <input class="unseen" type="text" name="username" autocomplete="username" value={session.value?.user.loginId} readOnly tabIndex={-1} aria-hidden="true" />
        <Field label={m.present} name="current-password" type={shown ? 'text' : 'password'} autocomplete="current-password" value={present} onInput={setPresent} maxLength={200} bad={bad.present} autoFocus />
        <Field
          label={m.next}
          name="new-password"
          type={shown ? 'text' : 'password'}
          autocomplete="new-password"
          value={next}
          onInput={setNext}
          onLeave={() => setLeft(true)}
          maxLength={200}
          hint={m.nextHint(least)}
          bad={bad.next}
          suffix={
            <button type="button" class="icon-button" aria-pressed={shown} aria-label={shown ? t().login.hide : t().login.show} onClick={() => setShown(!shown)}>
              <Icon name={shown ? 'shut' : 'eye'} />
            </button>
          }
        />
        {!said.present && !said.next && <FailureNotice failure={failure?.cause} />}
        <Button kind="primary" type="submit" disabled={busy || present === '' || next === ''}>
          {m.submit}
        </Button>
      </form>
    </Sheet>
  );
}
