import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { webhooks, type SecretWebhook, type Webhook } from '../../../shared/api/developers';
import { Button, Switch } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Badge, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { developerWords } from '../../../shared/i18n/developer-words';
import { useLoad } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { whenText } from '../../words';
import { NoRight } from '../products/noright';
import { DeveloperGuide, ShowSheet } from './secret';
import { RemoveSheet, RotateSheet } from './webhook-acts';
import { HookForm } from './webhook-form';
import { LogSheet } from './webhook-log';
import './settings.css';

type Act = 'edit' | 'log' | 'rotate' | 'remove';
type Open = { act: 'add' } | { act: Act; id: string } | { act: 'show'; secret: string } | null;

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
  const hook = open && 'id' in open ? load.data?.find(({ id }) => id === open.id) : undefined;
  return (
    <Page title={m.title} up="/settings">
      <p class="small-print">{m.lead}</p>
      {load.data ? (
        <>
          {load.data.length === 0 && <EmptyState picture="network" title={m.noneTitle} text={m.noneText} />}
          {load.data.map((one) => (
            <HookCard key={one.id} of={one} onAct={(act) => setOpen({ act, id: one.id })} onChange={load.reload} />
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
      <DeveloperGuide at="webhooks" />
      {open?.act === 'add' && <HookForm onMade={made} onDone={done} onStale={load.reload} onClose={close} />}
      {open?.act === 'edit' && hook && <HookForm of={hook} onMade={made} onDone={done} onStale={load.reload} onClose={close} />}
      {open?.act === 'log' && hook && <LogSheet of={hook} onClose={done} />}
      {open?.act === 'rotate' && hook && <RotateSheet of={hook} onMade={made} onClose={close} />}
      {open?.act === 'remove' && hook && <RemoveSheet of={hook} onDone={done} onClose={close} />}
      {open?.act === 'show' && <ShowSheet secret={open.secret} title={m.shownTitle} copy={m.copy} onClose={close} />}
    </Page>
  );
}

/** What people know an address by, and the rest of it. */
function parts(url: string): [host: string, rest: string] {
  const [, host = url, rest = ''] = /^[a-z]+:\/\/([^/?]+)(.*)$/i.exec(url) ?? [];
  return [host, rest === '/' ? '' : rest];
}

function HookCard({ of, onAct, onChange }: { of: Webhook; onAct: (act: Act) => void; onChange: () => void }): JSX.Element {
  const m = developerWords().hooks;
  const [failure, setFailure] = useState<unknown>();
  const run = (act: Promise<unknown>, said: string): void => {
    setFailure(undefined);
    act.then(
      () => {
        toast(said);
        onChange();
      },
      (cause: unknown) => {
        setFailure(cause);
        onChange();
      },
    );
  };
  const { url, events, description, version } = of;
  const [host, rest] = parts(url);
  const turn = (active: boolean): void => run(webhooks.change(of.id, { url, events, description, version, active }), active ? m.turnedOn : m.turnedOff);
  const failing = of.active && of.failingFrom !== undefined;
  return (
    <section class="setting" aria-label={url}>
      <div class="hook-head">
        <h2 class="hook-host">{host}</h2>
        <Badge tone={!of.active ? 'bad' : failing ? 'warn' : 'ok'}>{!of.active ? m.off : failing ? m.faltering : m.on}</Badge>
      </div>
      {rest && <p class="hook-rest">{rest}</p>}
      {description && <p class="small-print">{description}</p>}
      <div class="chip-row">
        {events.map((name) => (
          <Badge key={name} tone="plain">
            {m.eventNames[name]}
          </Badge>
        ))}
      </div>
      {of.disabled && (
        <Notice tone="bad" icon="alert">
          <p>{m.disabled[of.disabled]}</p>
        </Notice>
      )}
      {failing && (
        <Notice tone="warn" icon="alert">
          <p>{m.failing(whenText(new Date(of.failingFrom ?? ''), new Date()))}</p>
        </Notice>
      )}
      <FailureNotice failure={failure} />
      {of.disabled ? (
        <div class="setting-acts">
          <Button kind="tint" icon="check" onPress={() => turn(true)}>
            {m.again}
          </Button>
        </div>
      ) : (
        <Switch label={m.active} on={of.active} onChange={turn} />
      )}
      <div class="rows">
        <ListRow onPress={() => onAct('log')} icon="list" tone="plain" title={m.log} sub={[m.logHint]} end={<Icon name="next" size={18} />} />
        <ListRow onPress={() => onAct('edit')} icon="pencil" tone="plain" title={m.edit} sub={[m.editHint]} end={<Icon name="next" size={18} />} />
        <ListRow onPress={() => onAct('rotate')} icon="key" tone="plain" title={m.rotate} sub={[of.oldUntil ? m.overlap(whenText(new Date(of.oldUntil), new Date())) : m.rotateHint]} end={<Icon name="next" size={18} />} />
      </div>
      <div class="setting-acts">
        <Button disabled={!of.active} onPress={() => run(webhooks.test(of.id), m.tested)}>
          {m.test}
        </Button>
        <Button kind="bad" onPress={() => onAct('remove')}>
          {m.remove}
        </Button>
      </div>
    </section>
  );
}
