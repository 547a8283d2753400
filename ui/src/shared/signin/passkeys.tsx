import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { passkeys, type Passkey } from '../api/signin';
import { ApiFailure } from '../api/failure';
import { Button, Field } from '../design/controls';
import { ListRow, Notice } from '../design/parts';
import { Sheet } from '../design/sheet';
import { FailureNotice } from '../design/states';
import { toast } from '../design/toast';
import { t } from '../i18n/i18n';
import { create, NotChosen, passkeysHere } from '../state/passkey';
import { ProofForm } from './proof';

/** The characters that a passkey's name may have. */
const NAME = 50;

interface Props {
  keys: readonly Passkey[];
  loginId: string | undefined;
  /** A time in the words of the screen. */
  when: (at: Date) => string;
  onChange: () => void;
}

/** The person's passkeys; where there can be none it says why. */
export function PasskeySetting({ keys, loginId, when, onChange }: Props): JSX.Element {
  const m = t().security;
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<Passkey>();
  const here = passkeysHere();
  return (
    <section class="setting">
      <h2>{m.passkeys}</h2>
      <p class="security-text">{here ? m.passkeysText : m.passkeysNone}</p>
      <div class="rows">
        {keys.map((key) => (
          <ListRow
            key={key.id}
            icon={key.blocked ? 'alert' : 'key'}
            tone={key.blocked ? 'bad' : 'plain'}
            title={key.name}
            sub={[key.blocked ? m.passkeyBlocked : key.usedAt ? m.passkeyUsed(when(new Date(key.usedAt))) : m.passkeyUnused]}
            end={
              <button type="button" class="setting-end" aria-label={m.passkeyEdit(key.name)} onClick={() => setShown(key)}>
                {m.passkeyEditTitle}
              </button>
            }
          />
        ))}
      </div>
      {here && (
        <Button kind="tint" wide icon="plus" onPress={() => setMaking(true)}>
          {m.passkeyAdd}
        </Button>
      )}
      {making && <MakeSheet loginId={loginId} onDone={onChange} onClose={() => setMaking(false)} />}
      {shown && <EditSheet passkey={shown} onDone={onChange} onClose={() => setShown(undefined)} />}
    </section>
  );
}

interface SheetProps {
  onDone: () => void;
  onClose: () => void;
}

function MakeSheet({ loginId, onDone, onClose }: SheetProps & { loginId: string | undefined }): JSX.Element {
  const m = t().security;
  const [name, setName] = useState(m.passkeyNameFirst);
  const [failed, setFailed] = useState(false);
  const make = async (password: string): Promise<void> => {
    setFailed(false);
    const asked = await passkeys.askNew(password);
    try {
      await passkeys.add(asked.challenge, name.trim(), await create(asked));
    } catch (cause) {
      if (cause instanceof NotChosen) return;
      // What the browser says of its authenticators is for programs.
      if (!(cause instanceof DOMException)) throw cause;
      setFailed(true);
      return;
    }
    toast(m.passkeyMade);
    onDone();
    onClose();
  };
  return (
    <Sheet title={m.passkeyAdd} open onClose={onClose}>
      <ProofForm loginId={loginId} act={m.passkeyAdd} unready={name.trim() === ''} onProof={make}>
        <p>{m.others}</p>
        <Field label={m.passkeyName} hint={m.passkeyNameHint} value={name} onInput={setName} maxLength={NAME} />
        {failed && (
          <Notice tone="bad" icon="alert">
            <p>{m.passkeyFailed}</p>
          </Notice>
        )}
      </ProofForm>
    </Sheet>
  );
}

function EditSheet({ passkey, onDone, onClose }: SheetProps & { passkey: Passkey }): JSX.Element {
  const m = t().security;
  const [name, setName] = useState(passkey.name);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const bad = failure instanceof ApiFailure ? failure.fieldMessage('/name') : '';
  const run = (act: Promise<unknown>, said: string): void => {
    setBusy(true);
    setFailure(undefined);
    act
      .then(() => {
        toast(said);
        onDone();
        onClose();
      }, setFailure)
      .finally(() => setBusy(false));
  };
  return (
    <Sheet title={m.passkeyEditTitle} open onClose={onClose}>
      <div class="stack">
        {passkey.blocked && (
          <Notice tone="bad" icon="alert">
            <p>{m.passkeyBlockedText}</p>
          </Notice>
        )}
        <Field label={m.passkeyName} value={name} onInput={setName} maxLength={NAME} bad={bad} />
        {!bad && <FailureNotice failure={failure} />}
        <Button kind="primary" disabled={busy || name.trim() === '' || name.trim() === passkey.name} onPress={() => run(passkeys.rename(passkey.id, name.trim()), m.passkeySaved)}>
          {m.passkeySave}
        </Button>
        <p class="field-hint">{m.passkeyRemoveText}</p>
        <Button kind="bad" icon="bin" disabled={busy} onPress={() => run(passkeys.remove(passkey.id), m.passkeyRemoved)}>
          {m.passkeyRemove}
        </Button>
      </div>
    </Sheet>
  );
}
