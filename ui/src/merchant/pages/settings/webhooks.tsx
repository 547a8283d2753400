import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { webhooks, type Delivery, type SecretWebhook, type Webhook, type WebhookEvent } from '../../../shared/api/developers';
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
import { ShowSheet, useSending } from './secret';
import './settings.css';

const EVENTS: readonly WebhookEvent[] = [
  'payment.approved',
  'payment.declined',
  'payment.canceled',
  'payment.reversed',
  'payment.unknown',
  'payment.expired',
  'payment.withdrawn',
  'request.changed',
  'cash_receipt.changed',
];
const KEEPS = ['now', 'day'] as const;

type Act = 'log' | 'rotate' | 'remove';
type Open = { act: 'add' } | { act: Act; hook: Webhook } | { act: 'show'; secret: string } | null;

/** Where the shop's own systems are told, how that goes, and what they were told. */
export default function WebhooksPage(): JSX.Element {
  const m = developerWords().hooks;
  const load = useLoad(webhooks.list, 'webhooks');
  const [open, setOpen] = useState<Open>(null);
  if (!isOwner.value) return <NoRight title={m.title} up="/settings" />;
  const made = ({ secret }: SecretWebhook): void => {
    setOpen({ act: 'show', secret });
    load.reload();
  };
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    load.reload();
  };
  return (
    <Page title={m.title} up="/settings">
      <p class="small-print">{m.lead}</p>
      {load.data ? (
        <>
          {load.data.length === 0 && <EmptyState picture="network" title={m.noneTitle} text={m.noneText} />}
          {load.data.map((hook) => (
            <HookCard key={hook.id} of={hook} onAct={(act) => setOpen({ act, hook })} onChange={load.reload} />
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
      {open?.act === 'add' && <AddSheet onMade={made} onClose={close} />}
      {open?.act === 'log' && <LogSheet of={open.hook} onClose={done} />}
      {open?.act === 'rotate' && <RotateSheet of={open.hook} onMade={made} onClose={close} />}
      {open?.act === 'remove' && <RemoveSheet of={open.hook} onDone={done} onClose={close} />}
      {open?.act === 'show' && <ShowSheet secret={open.secret} title={m.shownTitle} onClose={close} />}
    </Page>
  );
}

function HookCard({ of, onAct, onChange }: { of: Webhook; onAct: (act: Act) => void; onChange: () => void }): JSX.Element {
  const m = developerWords().hooks;
  const [failure, setFailure] = useState<unknown>();
  const run = (act: Promise<unknown>, said: string): void => {
    setFailure(undefined);
    act.then(() => {
      toast(said);
      onChange();
    }, setFailure);
  };
  const { url, events, description, version } = of;
  return (
    <section class="setting" aria-label={url}>
      <ListRow icon="network" tone={of.active ? 'plain' : 'bad'} title={<span class="secret-text">{url}</span>} sub={[of.active ? m.on : m.off, m.count(events.length)]} />
      {of.disabled && (
        <Notice tone="bad" icon="alert">
          <p>{m.disabled[of.disabled]}</p>
        </Notice>
      )}
      {of.active && of.failingFrom && (
        <Notice tone="warn" icon="alert">
          <p>{m.failing(whenText(new Date(of.failingFrom), new Date()))}</p>
        </Notice>
      )}
      <Switch label={m.active} on={of.active} onChange={(active) => run(webhooks.change(of.id, { url, events, description, version, active }), m.saved)} />
      <FailureNotice failure={failure} />
      <div class="setting-acts">
        <Button onPress={() => onAct('log')}>{m.log}</Button>
        <Button disabled={!of.active} onPress={() => run(webhooks.test(of.id), m.tested)}>
          {m.test}
        </Button>
        <Button onPress={() => onAct('rotate')}>{m.rotate}</Button>
        <Button kind="bad" onPress={() => onAct('remove')}>
          {m.remove}
        </Button>
      </div>
    </section>
  );
}

interface MadeProps {
  onMade: (made: SecretWebhook) => void;
  onClose: () => void;
}

function AddSheet({ onMade, onClose }: MadeProps): JSX.Element {
  const m = developerWords().hooks;
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(EVENTS.slice(0, 4));
  const { busy, failure, send } = useSending(onMade);
  const ready = url.trim() !== '' && events.length > 0;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) send(() => webhooks.create({ url: url.trim(), events: [...events] }));
  };
  return (
    <Sheet title={m.add} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <Field label={m.url} hint={m.urlHint} value={url} onInput={setUrl} maxLength={1000} placeholder="https://shop.example/innopay" bad={failure instanceof ApiFailure ? failure.fieldMessage('/url') : ''} autoFocus />
        <div role="group" aria-label={m.events}>
          {EVENTS.map((name) => (
            <Switch key={name} label={m.eventNames[name]} on={events.includes(name)} onChange={(on) => setEvents(on ? [...events, name] : events.filter((old) => old !== name))} />
          ))}
        </div>
        <FailureNotice failure={failure} />
        <Button kind="primary" type="submit" disabled={busy || !ready}>
          {m.add}
        </Button>
      </form>
    </Sheet>
  );
}

function LogSheet({ of, onClose }: { of: Webhook; onClose: () => void }): JSX.Element {
  const m = developerWords().hooks;
  const load = useLoad((signal) => webhooks.deliveries(of.id, signal), `deliveries/${of.id}`);
  const [failure, setFailure] = useState<unknown>();
  const resend = (one: Delivery): void => {
    setFailure(undefined);
    webhooks.resend(of.id, one.id).then(() => {
      toast(m.resent);
      load.reload();
    }, setFailure);
  };
  return (
    <Sheet title={m.log} open onClose={onClose}>
      <div class="stack">
        <FailureNotice failure={failure} />
        {load.data ? (
          <>
            {load.data.length === 0 && <p class="small-print">{m.logNone}</p>}
            {load.data.map((one) => (
              <DeliveryRow key={one.id} of={one} onResend={() => resend(one)} />
            ))}
          </>
        ) : load.failure === undefined ? (
          <Skeleton shape="row" count={3} />
        ) : (
          <ErrorState failure={load.failure} onRetry={load.reload} />
        )}
      </div>
    </Sheet>
  );
}

const TONES = { PENDING: 'warn', DELIVERED: 'ok', FAILED: 'bad' } as const;

function DeliveryRow({ of, onResend }: { of: Delivery; onResend: () => void }): JSX.Element {
  const m = developerWords().hooks;
  const last = of.attempts.at(-1);
  const answer = last && m.attempt(last.number, last.failure ? m.failures[last.failure] : `HTTP ${last.status ?? 0}`);
  return (
    <div class="delivery">
      <div class="delivery-head">
        <strong>{EVENTS.find((name) => name === of.type) ? m.eventNames[of.type as WebhookEvent] : of.type}</strong>
        <Badge tone={TONES[of.status]}>{m.statuses[of.status]}</Badge>
      </div>
      <p class="small-print">{[whenText(new Date(of.createdAt), new Date()), answer].filter(Boolean).join(' · ')}</p>
      {last?.answer && <pre class="delivery-answer">{last.answer}</pre>}
      {of.status !== 'PENDING' && <Button onPress={onResend}>{m.resend}</Button>}
    </div>
  );
}

function RotateSheet({ of, onMade, onClose }: MadeProps & { of: Webhook }): JSX.Element {
  const words = developerWords();
  const m = words.hooks;
  const [keep, setKeep] = useState<(typeof KEEPS)[number]>('day');
  const { busy, failure, send } = useSending(onMade);
  const rotate = (): Promise<SecretWebhook> => webhooks.rotate(of.id, { overlapHours: keep === 'day' ? 24 : 0 });
  return (
    <Sheet title={m.rotate} open onClose={onClose}>
      <div class="stack">
        <p>{m.rotateText}</p>
        <Segments label={words.keep} value={keep} onChange={setKeep} options={KEEPS.map((value) => ({ value, text: words.keeps[value] }))} />
        <FailureNotice failure={failure} />
        <Button kind="primary" disabled={busy} onPress={() => send(rotate)}>
          {m.rotate}
        </Button>
      </div>
    </Sheet>
  );
}

function RemoveSheet({ of, onDone, onClose }: { of: Webhook; onDone: () => void; onClose: () => void }): JSX.Element {
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
