import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { keys, type ApiKey, type Scope, type SecretKey } from '../../../shared/api/developers';
import { ApiFailure } from '../../../shared/api/failure';
import { Button, Field, Segments, Switch } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Badge, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { developerWords } from '../../../shared/i18n/developer-words';
import { useLoad } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { whenText } from '../../words';
import { NoRight } from '../products/noright';
import { DeveloperGuide, ShowSheet, useSending } from './secret';
import './settings.css';

const SCOPES = ['payments.read', 'payments.write', 'payments.cancel', 'requests', 'receipts', 'catalog.read', 'catalog.write'] as const satisfies readonly Scope[];
const REACHES = ['some', 'all'] as const;
type Reach = (typeof REACHES)[number];
const KEEPS = ['now', 'day', 'week'] as const;
type Keep = (typeof KEEPS)[number];
const DAY = 24 * 60 * 60 * 1000;

type Open = { act: 'add' } | { act: 'rotate' | 'revoke'; key: ApiKey } | { act: 'show'; secret: string } | null;

/** The owner's API keys: what each may do, when it was used last, a new secret, the end. */
export default function KeysPage(): JSX.Element {
  const m = developerWords();
  const load = useLoad(keys.list, 'keys');
  const [open, setOpen] = useState<Open>(null);
  if (!isOwner.value) return <NoRight title={m.title} up="/settings" />;
  const shown = load.data?.filter(({ revokedAt }) => !revokedAt);
  const made = ({ secret }: SecretKey): void => {
    setOpen({ act: 'show', secret });
    load.reload();
  };
  const close = (): void => setOpen(null);
  return (
    <Page title={m.title} up="/settings">
      <p class="small-print">{m.lead}</p>
      {shown ? (
        <>
          {shown.length === 0 && <EmptyState picture="lock" title={m.noneTitle} text={m.noneText} />}
          {shown.map((key) => (
            <KeyCard key={key.id} of={key} onAct={(act) => setOpen({ act, key })} />
          ))}
          <Button kind="primary" wide icon="plus" onPress={() => setOpen({ act: 'add' })}>
            {m.add}
          </Button>
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={3} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
      <DeveloperGuide at="start" />
      {open?.act === 'add' && <AddSheet onMade={made} onClose={close} />}
      {open?.act === 'rotate' && <RotateSheet of={open.key} onMade={made} onClose={close} />}
      {open?.act === 'revoke' && (
        <RevokeSheet
          of={open.key}
          onDone={() => {
            close();
            load.reload();
          }}
          onClose={close}
        />
      )}
      {open?.act === 'show' && <ShowSheet secret={open.secret} title={m.shownTitle} copy={m.copy} onClose={close} />}
    </Page>
  );
}

function KeyCard({ of, onAct }: { of: ApiKey; onAct: (act: 'rotate' | 'revoke') => void }): JSX.Element {
  const m = developerWords();
  const now = new Date();
  return (
    <section class="setting" aria-label={of.name}>
      <ListRow icon="key" tone="plain" title={of.name} sub={[`${of.hint}…`, of.usedAt ? m.used(whenText(new Date(of.usedAt), now)) : m.unused]} end={of.live ? undefined : <Badge tone="accent">{m.test}</Badge>} />
      <div class="chip-row">
        {of.scopes.map((scope) => (
          <Badge key={scope} tone={scope === 'all' || scope === 'payments.cancel' ? 'warn' : 'plain'}>
            {m.scopeNames[scope]}
          </Badge>
        ))}
      </div>
      {of.oldUntil && <p class="small-print">{m.overlap(whenText(new Date(of.oldUntil), now))}</p>}
      <div class="setting-acts">
        <Button onPress={() => onAct('rotate')}>{m.rotate}</Button>
        <Button kind="bad" onPress={() => onAct('revoke')}>
          {m.revoke}
        </Button>
      </div>
    </section>
  );
}

interface MadeProps {
  onMade: (made: SecretKey) => void;
  onClose: () => void;
}

function PresentPassword({ value, onInput, failure }: { value: string; onInput: (text: string) => void; failure: unknown }): JSX.Element {
  const m = developerWords();
  const wrong = failure instanceof ApiFailure && failure.code === 'PASSWORD_WRONG';
  return <Field label={m.password} hint={m.passwordHint} name="current-password" type="password" autocomplete="current-password" value={value} onInput={onInput} maxLength={200} bad={wrong ? failure.message : ''} />;
}

function AddSheet({ onMade, onClose }: MadeProps): JSX.Element {
  const m = developerWords();
  const [name, setName] = useState('');
  const [reach, setReach] = useState<Reach>('some');
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [password, setPassword] = useState('');
  const { busy, failure, send } = useSending(onMade);
  const all = reach === 'all';
  const turn = (scope: Scope, on: boolean): void => setScopes(on ? [...scopes, scope] : scopes.filter((old) => old !== scope));
  const ready = name.trim() !== '' && (all || scopes.length > 0) && password !== '';
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) send(() => keys.create({ name: name.trim(), scopes: all ? ['all'] : [...scopes], presentPassword: password }));
  };
  return (
    <Sheet title={m.add} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <Field label={m.name} hint={m.nameHint} value={name} onInput={setName} maxLength={50} bad={failure instanceof ApiFailure ? failure.fieldMessage('/name') : ''} autoFocus />
        <fieldset class="event-picks">
          <legend class="field-label">{m.scopes}</legend>
          <Segments label={m.scopes} value={reach} onChange={setReach} options={REACHES.map((value) => ({ value, text: m.reaches[value] }))} />
          {all ? (
            <Notice tone="warn" icon="alert">
              <p>{m.allText}</p>
            </Notice>
          ) : (
            SCOPES.map((scope) => <Switch key={scope} label={m.scopeNames[scope]} hint={m.scopeHints[scope]} on={scopes.includes(scope)} onChange={(on) => turn(scope, on)} />)
          )}
        </fieldset>
        <PresentPassword value={password} onInput={setPassword} failure={failure} />
        <FailureNotice failure={failure} />
        <Button kind="primary" type="submit" disabled={busy || !ready}>
          {m.add}
        </Button>
      </form>
    </Sheet>
  );
}

function RotateSheet({ of, onMade, onClose }: MadeProps & { of: ApiKey }): JSX.Element {
  const m = developerWords();
  const [keep, setKeep] = useState<Keep>('day');
  const [password, setPassword] = useState('');
  const { busy, failure, send } = useSending(onMade);
  const submit = (event: Event): void => {
    event.preventDefault();
    // A minute less than the most: clocks differ.
    const time = { now: 0, day: DAY, week: 7 * DAY - 60_000 }[keep];
    if (password !== '') send(() => keys.rotate(of.id, { presentPassword: password, ...(time ? { oldUntil: new Date(Date.now() + time).toISOString() } : {}) }));
  };
  return (
    <Sheet title={m.rotate} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <p>{m.rotateText}</p>
        <Segments label={m.keep} value={keep} onChange={setKeep} options={KEEPS.map((value) => ({ value, text: m.keeps[value] }))} />
        <PresentPassword value={password} onInput={setPassword} failure={failure} />
        <FailureNotice failure={failure} />
        <Button kind="primary" type="submit" disabled={busy || password === ''}>
          {m.rotate}
        </Button>
      </form>
    </Sheet>
  );
}

function RevokeSheet({ of, onDone, onClose }: { of: ApiKey; onDone: () => void; onClose: () => void }): JSX.Element {
  const m = developerWords();
  const { busy, failure, send } = useSending<void>(() => {
    toast(m.revoked);
    onDone();
  });
  return (
    <Sheet title={m.revokeTitle} open onClose={onClose}>
      <div class="stack">
        <p>{m.revokeText(of.name)}</p>
        <FailureNotice failure={failure} />
        <Button kind="danger" disabled={busy} onPress={() => send(() => keys.revoke(of.id))}>
          {m.revoke}
        </Button>
        <Button kind="text" onPress={onClose}>
          {m.stay}
        </Button>
      </div>
    </Sheet>
  );
}
