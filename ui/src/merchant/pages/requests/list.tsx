import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Page as Rows } from '../../../shared/api/api';
import { ENDED, OPEN, requests, type PayRequest, type RequestStatus } from '../../../shared/api/requests';
import { Button, IconButton, Segments } from '../../../shared/design/controls';
import { Icon, type IconName } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Badge, ListRow, Skeleton, type Tone } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href, navigate } from '../../../shared/router/router';
import { useFollow } from '../../../shared/state/follow';
import { useLoad } from '../../../shared/state/load';
import { maskName, maskPhone } from '../../../shared/text/mask';
import type { PageInput } from '../../routes';
import { askings } from '../../ways';
import { CHANNEL_ICONS, whenText } from '../../words';

const PAGE = 30;
const LISTS = { open: OPEN, ended: ENDED } as const;
type Tab = keyof typeof LISTS;

/** Every request: those that wait, and those that have ended. */
export default function RequestsPage({ query }: PageInput): JSX.Element {
  const m = t().request;
  const tab: Tab = query.get('show') === 'ended' ? 'ended' : 'open';
  const choose = (next: Tab): void => void navigate(next === 'ended' ? '/requests?show=ended' : '/requests', { replace: true });
  return (
    <Page title={m.list} up="/payments" right={<NewRequest look={(way) => <IconButton icon="plus" label={m.new} {...way} />} />}>
      <Segments label={m.tabs} value={tab} onChange={choose} options={[{ value: 'open', text: m.openTab }, { value: 'ended', text: m.endedTab }]} />
      <List key={tab} tab={tab} />
    </Page>
  );
}

/** A button to ask anew, which asks in which way where there is more than one. */
function NewRequest({ look }: { look: (way: { href: string } | { onPress: () => void }) => JSX.Element }): JSX.Element {
  const [open, setOpen] = useState(false);
  const [only, ...others] = askings();
  if (only && others.length === 0) return look({ href: href(only.to) });
  return (
    <>
      {look({ onPress: () => setOpen(true) })}
      <Sheet title={t().request.newTitle} open={open} onClose={() => setOpen(false)}>
        <div class="rows">
          {askings().map(({ way, to, icon, text, hint }) => (
            <ListRow key={way} href={href(to)} icon={icon} title={text} sub={[hint]} end={<Icon name="next" size={20} />} />
          ))}
        </div>
      </Sheet>
    </>
  );
}

interface Listed {
  first: Rows<PayRequest> | undefined;
  rows: readonly PayRequest[];
  next: string | undefined;
  failure: unknown;
  reload: () => void;
  more: () => Promise<void>;
}

/** The newest page follows what happens; older ones are added below it on demand. */
function useList(tab: Tab): Listed {
  const load = useLoad((signal) => requests.list(LISTS[tab], undefined, PAGE, signal), tab);
  const [older, setOlder] = useState<Rows<PayRequest>>();
  const [failure, setFailure] = useState<unknown>();
  useFollow(load.reload);
  const first = load.data;
  // A first page that moved on leaves a gap to the older ones: they are asked for again.
  useEffect(() => setOlder(undefined), [first?.next]);
  const next = older ? older.next : first?.next;
  const more = async (): Promise<void> => {
    if (!next) return;
    setFailure(undefined);
    try {
      const page = await requests.list(LISTS[tab], next, PAGE);
      setOlder((old) => ({ ...page, rows: [...(old?.rows ?? []), ...page.rows] }));
    } catch (cause) {
      setFailure(cause);
    }
  };
  return { first, rows: [...(first?.rows ?? []), ...(older?.rows ?? [])], next, failure: failure ?? load.failure, reload: load.reload, more };
}

function List({ tab }: { tab: Tab }): JSX.Element {
  const m = t().request;
  const { first, rows, next, failure, reload, more } = useList(tab);
  if (!first) return failure === undefined ? <Skeleton shape="row" count={5} /> : <ErrorState failure={failure} onRetry={reload} />;
  if (rows.length === 0) {
    const [title, text] = tab === 'open' ? [m.emptyOpenTitle, m.emptyOpenText] : [m.emptyEndedTitle, m.emptyEndedText];
    return (
      <EmptyState picture="message" title={title} text={text}>
        <NewRequest
          look={(way) => (
            <Button kind="tint" {...way}>
              {m.emptyAct}
            </Button>
          )}
        />
      </EmptyState>
    );
  }
  const now = new Date();
  return (
    <>
      <div class="rows">
        {rows.map((request) => (
          <Row key={request.id} request={request} now={now} />
        ))}
      </div>
      <FailureNotice failure={failure} />
      {next && <Button onPress={() => void more()}>{m.more}</Button>}
    </>
  );
}

const LOOKS: Record<RequestStatus, readonly [Tone, IconName]> = {
  SENDING: ['plain', 'clock'],
  SENT: ['plain', 'clock'],
  UNDELIVERED: ['bad', 'alert'],
  IN_CALL: ['warn', 'call'],
  PAYING: ['warn', 'clock'],
  PAID: ['ok', 'check'],
  FAILED: ['bad', 'close'],
  EXPIRED: ['plain', 'clock'],
  WITHDRAWN: ['plain', 'close'],
};

function Row({ request, now }: { request: PayRequest; now: Date }): JSX.Element {
  const { id, kind, status, orderName, amount, buyer, createdAt } = request;
  const [tone, icon] = LOOKS[status];
  return (
    <ListRow
      href={href(`/requests/${encodeURIComponent(id)}`)}
      icon={CHANNEL_ICONS[kind]}
      tone={tone === 'ok' ? 'accent' : tone}
      title={orderName}
      sub={[whenText(new Date(createdAt), now), buyer.name ? maskName(buyer.name) : maskPhone(buyer.phone)]}
      end={
        <>
          <Amount won={amount} size="s" struck={status !== 'PAID' && ENDED.includes(status)} />
          <Badge tone={tone} icon={icon}>
            {t().request.status[status]}
          </Badge>
        </>
      }
    />
  );
}
