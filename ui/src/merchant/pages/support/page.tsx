import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { tickets, type Brand, type Ticket } from '../../../shared/api/office';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Badge, ListRow, Notice, RowSub, Skeleton, type Tone } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { Icon } from '../../../shared/design/icons';
import { t } from '../../../shared/i18n/i18n';
import { officeWords } from '../../../shared/i18n/office-words';
import { findRoute, href } from '../../../shared/router/router';
import { online } from '../../../shared/state/online';
import { useLoad } from '../../../shared/state/load';
import { onWord } from '../../../shared/state/live';
import { session } from '../../../shared/state/session';
import { routes } from '../../routes';
import { whenText } from '../../words';
import { answersAt, daysTogether, keptBrand, readBrand, type Weekday } from './brand';
import { copyDiagnostics, VERSION } from './diagnostics';
import './support.css';

/** Chapter 11: whom to ask. The phone works without a network, too. */
export default function SupportPage(): JSX.Element {
  const load = useLoad(readBrand, 'brand');
  const brand = load.data ?? keptBrand();
  return (
    <Page title={t().nav.support} up="/">
      {brand ? <Centre brand={brand} /> : load.failure === undefined ? <Skeleton shape="row" count={2} /> : null}
      <Tickets />
      <Links brand={brand ?? {}} />
      <AppFacts />
      {brand?.company && <Company company={brand.company} />}
    </Page>
  );
}

/** Call in one tap, with the hours of the customer centre. */
function Centre({ brand }: { brand: Brand }): JSX.Element {
  const m = officeWords().support;
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  const hours = brand.hours ?? [];
  if (!brand.phone && !brand.email) return <Notice tone="plain" icon="help">{m.nothing}</Notice>;
  const open = hours.length > 0 && answersAt(hours, now);
  return (
    <section class="call-card" aria-label={t().nav.support}>
      {hours.length > 0 && <p class={open ? 'call-state is-open' : 'call-state'}>{open ? m.open : m.closed}</p>}
      {brand.phone && <p class="call-number">{brand.phone}</p>}
      {hours.length > 0 && (
        <p class="call-hours">
          {hours.map((h) => m.hoursOf(daysTogether(h.days ?? [], (day: Weekday) => m.days[day], m.to), h.from, h.until)).join(' / ')}
          {brand.closed && (
            <>
              <br />
              {brand.closed}
            </>
          )}
        </p>
      )}
      {brand.phone && (
        <a class="button button-primary" href={`tel:${brand.phone.replace(/[^0-9+]/g, '')}`} aria-label={m.callHint(brand.phone)}>
          <Icon name="call" size={20} />
          <span>{m.call}</span>
        </a>
      )}
      {brand.email && (
        <a class="button button-soft" href={`mailto:${brand.email}`}>
          <Icon name="mail" size={20} />
          <span>{m.mail}</span>
        </a>
      )}
    </section>
  );
}

const TONES: Record<Ticket['status'], Tone> = { OPEN: 'plain', ANSWERED: 'ok', CLOSED: 'plain' };

/** What was asked, and the way to ask. */
function Tickets(): JSX.Element {
  const m = officeWords().support;
  const load = useLoad((signal) => tickets.list(undefined, signal), 'tickets');
  const [older, setOlder] = useState<Ticket[]>([]);
  const [next, setNext] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => onWord((word) => void (word.ticket !== undefined && load.reload())), []);
  useEffect(() => {
    setOlder([]);
    setNext(load.data?.nextCursor);
  }, [load.data]);
  const more = (): void => {
    setFailure(undefined);
    tickets.list(next).then((page) => {
      setOlder((old) => [...old, ...page.tickets]);
      setNext(page.nextCursor);
    }, setFailure);
  };
  const all = [...(load.data?.tickets ?? []), ...older];
  const now = new Date();
  return (
    <section class="stack">
      <div class="section-head">
        <h2>{m.tickets}</h2>
      </div>
      {load.data ? (
        <div class="rows">
          {all.length === 0 && <p class="call-hours">{m.ticketsEmpty}</p>}
          {all.map((ticket) => (
            <ListRow
              key={ticket.id}
              href={href(`/support/tickets/${encodeURIComponent(ticket.id)}`)}
              icon="message"
              tone={ticket.unread ? 'accent' : 'plain'}
              title={ticket.subject}
              sub={[m.kinds[ticket.kind], whenText(new Date(ticket.changedAt), now)]}
              end={ticket.unread ? <Badge tone="accent">{m.answered}</Badge> : <Badge tone={TONES[ticket.status]}>{m.status[ticket.status]}</Badge>}
            />
          ))}
        </div>
      ) : !online.value || !session.value ? (
        <p class="call-hours">{m.ticketsOffline}</p>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={2} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
      {next && (
        <Button kind="text" onPress={more}>
          {m.more}
        </Button>
      )}
      <FailureNotice failure={failure} />
      {session.value && (
        <Button kind="tint" wide icon="pencil" href={href('/support/tickets/new')}>
          {m.ask}
        </Button>
      )}
    </section>
  );
}

/** Home pages of who runs this, where they are configured. */
function Links({ brand }: { brand: Brand }): JSX.Element | null {
  const m = officeWords().support;
  const links = ([[m.product, brand.productUrl], [m.company, brand.companyUrl]] as const).filter((link): link is readonly [string, string] => link[1] !== undefined);
  const terms = ([[m.terms, '/terms/service'], [m.privacy, '/terms/privacy']] as const).filter(([, path]) => findRoute(routes, path));
  if (links.length + terms.length === 0) return null;
  return (
    <section>
      <div class="section-head">
        <h2>{m.links}</h2>
      </div>
      <div class="rows">
        {terms.map(([text, path]) => (
          <ListRow key={path} href={href(path)} icon="slip" tone="plain" title={text} end={<Icon name="next" size={18} />} />
        ))}
        {links.map(([text, address]) => (
          <a key={address} class="row" href={address} target="_blank" rel="noopener noreferrer">
            <span class="row-mark tone-plain">
              <Icon name="globe" />
            </span>
            <span class="row-text">
              <span class="row-title">{text}</span>
              <RowSub parts={[address.replace(/^https:\/\//, '').replace(/\/$/, '')]} />
            </span>
            <span class="row-end">
              <span class="unseen">{m.outside}</span>
              <Icon name="next" size={18} />
            </span>
          </a>
        ))}
      </div>
    </section>
  );
}

function AppFacts(): JSX.Element {
  const m = officeWords().support;
  const copy = (): void => void copyDiagnostics().then(() => toast(m.copied), () => toast(m.copyFailed));
  return (
    <section>
      <div class="section-head">
        <h2>{m.app}</h2>
      </div>
      <div class="rows">
        <ListRow icon="phone" tone="plain" title={m.version} end={VERSION} />
        <ListRow icon="copy" tone="plain" title={m.copy} sub={[m.copyHint]} onPress={copy} />
      </div>
    </section>
  );
}

function Company({ company }: { company: NonNullable<Brand['company']> }): JSX.Element {
  const m = officeWords().support.facts;
  const rows = [
    company.name,
    company.representative && `${m.representative} ${company.representative}`,
    company.businessNumber && `${m.businessNumber} ${company.businessNumber}`,
    company.registration && `${m.registration} ${company.registration}`,
    company.address && `${m.address} ${company.address}`,
  ];
  return (
    <footer class="company">
      {rows.filter(Boolean).map((text) => (
        <p key={text}>{text}</p>
      ))}
    </footer>
  );
}
