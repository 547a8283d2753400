import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { webhooks, type SecretWebhook, type Webhook, type WebhookEvent } from '../../../shared/api/developers';
import { ApiFailure } from '../../../shared/api/failure';
import { Button, Field, Switch } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { developerWords } from '../../../shared/i18n/developer-words';
import { useSending } from './secret';

/** What there is to be told of, as a shop thinks of it: its payments, then the rest. */
export const EVENTS: readonly WebhookEvent[] = [
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

/** What nearly every shop wants. */
const USUAL = EVENTS.slice(0, 4);

interface FormProps {
  /** The one to change; without it a new one is made. */
  of?: Webhook;
  onMade: (made: SecretWebhook) => void;
  onDone: () => void;
  /** Somebody else was faster: what stands has to be read again. */
  onStale: () => void;
  onClose: () => void;
}

/** Address, events and a word on what it is for. */
export function HookForm({ of, onMade, onDone, onStale, onClose }: FormProps): JSX.Element {
  const m = developerWords().hooks;
  const [url, setUrl] = useState(of?.url ?? '');
  const [description, setDescription] = useState(of?.description ?? '');
  const [events, setEvents] = useState<readonly WebhookEvent[]>(of?.events ?? USUAL);
  const made = useSending(onMade);
  const changed = useSending<Webhook>(() => {
    toast(m.saved);
    onDone();
  });
  const { busy, failure } = of ? changed : made;
  const wanted = { url: url.trim(), events: [...events], description: description.trim() };
  const same = of && wanted.url === of.url && wanted.description === of.description && EVENTS.every((name) => events.includes(name) === of.events.includes(name));
  const ready = !busy && wanted.url !== '' && events.length > 0 && !same;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!ready) return;
    if (!of) {
      made.send(() => webhooks.create(wanted));
      return;
    }
    changed.send(() =>
      webhooks.change(of.id, { ...wanted, version: of.version, active: of.active }).catch((cause: unknown) => {
        if (cause instanceof ApiFailure && cause.code === 'CHANGED_MEANWHILE') onStale();
        throw cause;
      }),
    );
  };
  const field = (path: string): string => (failure instanceof ApiFailure ? failure.fieldMessage(path) : '');
  return (
    <Sheet title={of ? m.edit : m.add} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <Field label={m.url} hint={m.urlHint} value={url} onInput={setUrl} maxLength={1000} placeholder="https://shop.example/innopay" bad={field('/url')} autoFocus={!of} />
        <fieldset class="event-picks">
          <legend class="field-label">{m.events}</legend>
          {EVENTS.map((name) => (
            <Switch key={name} label={m.eventNames[name]} on={events.includes(name)} onChange={(on) => setEvents(on ? [...events, name] : events.filter((old) => old !== name))} />
          ))}
        </fieldset>
        {events.length === 0 && (
          <Notice tone="warn" icon="alert">
            <p>{m.eventsNone}</p>
          </Notice>
        )}
        <Field label={m.about} hint={m.aboutHint} value={description} onInput={setDescription} maxLength={200} bad={field('/description')} optional />
        {!field('/url') && <FailureNotice failure={failure} />}
        <Button kind="primary" type="submit" disabled={!ready}>
          {of ? m.save : m.add}
        </Button>
      </form>
    </Sheet>
  );
}
