import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Facts, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { TextBox } from '../../../shared/design/textbox';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { looksLikeCard } from '../../../shared/text/digits';
import { Act } from '../../act';
import type { Of } from '../../api';
import { colleagues } from '../../api-merchant';
import { tickets, type Ticket } from '../../api-office';
import { Drawer } from '../../drawer';
import { badOf, Form, Select } from '../../form';
import { Id, Part, When } from '../../parts';
import { openKey, paymentAddress } from '../../place';
import { operator } from '../../session';
import { Changes } from './changes';
import { TicketStatus } from './status';
import '../../../shared/design/thread.css';
import '../../office.css';

interface DrawerProps {
  of: Of;
  onClose: () => void;
  /** The list may look different now. */
  onChange: () => void;
}

/** One ticket: what is asked, what was written, and what may be done. */
export function TicketDrawer({ of, onClose, onChange }: DrawerProps): JSX.Element {
  const load = useLoad((signal) => tickets.get(of, signal), openKey(of));
  const ticket = load.data;
  const m = c().tickets;
  const take = (next: Ticket): void => {
    load.set(next);
    onChange();
  };
  return (
    <Drawer title={ticket?.subject ?? c().nav.pages.tickets} onClose={onClose}>
      {load.failure !== undefined && !ticket && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!ticket && load.failure === undefined && <Skeleton shape="line" count={8} />}
      {ticket && (
        <>
          <div class="drawer-hero">
            <TicketStatus status={ticket.status} />
            <span>{m.kinds[ticket.kind]}</span>
          </div>
          <Facts
            rows={[
              [m.columns.merchant, <a key="m" class="link" href={href(`/merchants/${of.merchantId}`)}>{ticket.merchantName}</a>],
              [m.askedAt, <When key="a" at={ticket.createdAt} />],
              ['ID', <Id key="i">{ticket.id}</Id>],
            ]}
          />
          {ticket.paymentId && (
            <a class="link" href={href(paymentAddress({ merchantId: of.merchantId, id: ticket.paymentId }))}>
              {m.toPayment}
            </a>
          )}
          {ticket.status !== 'CLOSED' && <Assign of={of} ticket={ticket} onAssigned={take} />}
          <Changes merchantId={of.merchantId} wishes={(ticket.messages ?? []).flatMap(({ wishes }) => wishes ?? [])} />
          <Part title={m.thread}>
            <ol class="thread">
              {(ticket.messages ?? []).map((message, i) => (
                <li key={i} class={message.from === 'OPERATOR' ? 'said said-mine' : 'said'}>
                  <span class="said-by">
                    {message.from === 'OPERATOR' ? m.centre : m.merchant} · <When at={message.createdAt} />
                  </span>
                  <div class="said-text">{message.text}</div>
                </li>
              ))}
            </ol>
          </Part>
          {ticket.status !== 'CLOSED' && (
            <>
              <Answer of={of} onAnswered={take} />
              <div class="acts acts-start">
                <Act
                  name={m.close}
                  title={`${ticket.subject}: ${m.close}`}
                  asks={false}
                  onAct={async () => {
                    take(await tickets.close(of));
                    return m.closed;
                  }}
                >
                  <p>{m.closeText}</p>
                </Act>
              </div>
            </>
          )}
        </>
      )}
    </Drawer>
  );
}

function Assign({ of, ticket, onAssigned }: { of: Of; ticket: Ticket; onAssigned: (next: Ticket) => void }): JSX.Element {
  const m = c().tickets;
  const me = operator.value?.user;
  const load = useLoad((signal) => colleagues.list(signal), 'operators');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const names: Record<string, string> = { '': m.nobody };
  if (me) names[me.id] = m.me(me.name);
  for (const { id, name, status } of load.data ?? []) if (status === 'ACTIVE' && id !== me?.id) names[id] = name;
  // Somebody who left keeps the name under which the ticket is looked after.
  if (ticket.assignee && !names[ticket.assignee.id]) names[ticket.assignee.id] = ticket.assignee.name ?? ticket.assignee.id;
  const assign = async (operatorId: string): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      onAssigned(await tickets.assign(of, operatorId));
      toast(m.assigned);
    } catch (caught) {
      setFailure(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Select label={m.assignee} value={ticket.assignee?.id ?? ''} options={names} disabled={busy} onChange={(id) => void assign(id)} />
      {failure !== undefined && <ErrorState failure={failure} onRetry={() => setFailure(undefined)} />}
    </>
  );
}

function Answer({ of, onAnswered }: { of: Of; onAnswered: (next: Ticket) => void }): JSX.Element {
  const m = c().tickets;
  const [text, setText] = useState('');
  const card = looksLikeCard(text);
  return (
    <Form
      act={m.send}
      ready={text.trim() !== '' && !card}
      onSend={async () => {
        onAnswered(await tickets.answer(of, text.trim()));
        setText('');
        toast(m.sent);
      }}
    >
      {(failure) => <TextBox label={m.answer} value={text} onInput={setText} hint={m.answerHint} bad={card ? m.card : badOf(failure, '/text') || undefined} maxLength={2000} rows={4} />}
    </Form>
  );
}
