import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { tickets, type Ticket } from '../../../shared/api/office';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Facts, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { TextBox } from '../../../shared/design/textbox';
import '../../../shared/design/thread.css';
import { officeWords } from '../../../shared/i18n/office-words';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { onWord } from '../../../shared/state/live';
import { looksLikeCard } from '../../../shared/text/digits';
import type { PageInput } from '../../routes';
import { whenText } from '../../words';
import './support.css';

/** One question with what was written back and forth; it follows the answers live. */
export default function TicketPage({ params }: PageInput): JSX.Element {
  const m = officeWords();
  const id = params.id ?? '';
  const load = useLoad((signal) => tickets.get(id, signal), id);
  const ticket = load.data;
  useEffect(() => onWord(({ ticket: told }) => void ((told === id || told === '') && load.reload())), [id]);
  useEffect(() => {
    // No answer: it stays unread until it is opened again.
    if (ticket?.unread) void tickets.read(id).catch(() => undefined);
  }, [ticket]);
  return (
    <Page title={m.ticket.title} up="/support">
      {ticket ? (
        <>
          <header class="stack">
            <h2>{ticket.subject}</h2>
            <p class="call-hours">{[m.support.kinds[ticket.kind], m.support.status[ticket.status]].join(' · ')}</p>
          </header>
          {ticket.paymentId && <ListRow icon="slip" tone="plain" title={m.ticket.payment} href={href(`/payments/${encodeURIComponent(ticket.paymentId)}`)} />}
          <ol class="thread">
            {(ticket.messages ?? []).map((message, i) => (
              <Said key={i} message={message} />
            ))}
          </ol>
          {ticket.status === 'CLOSED' ? (
            <>
              <Notice tone="plain" icon="check">
                {m.ticket.closed}
              </Notice>
              <Button kind="tint" wide icon="pencil" href={href('/support/tickets/new')}>
                {m.support.ask}
              </Button>
            </>
          ) : (
            <>
              {ticket.status === 'OPEN' && (
                <Notice tone="plain" icon="clock">
                  {m.ticket.waiting}
                </Notice>
              )}
              <Reply id={id} onSent={load.set} />
            </>
          )}
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={3} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

function Said({ message }: { message: NonNullable<Ticket['messages']>[number] }): JSX.Element {
  const m = officeWords();
  const mine = message.from === 'MERCHANT';
  return (
    <li class={mine ? 'said said-mine' : 'said'}>
      <span class="said-by">
        {mine ? m.ticket.you : m.ticket.operator} · {whenText(new Date(message.createdAt), new Date())}
      </span>
      <div class="said-text">
        {message.text}
        {message.wishes && <Facts rows={message.wishes.map((wish) => [m.ask.fields[wish.field], wish.value])} />}
      </div>
    </li>
  );
}

function Reply({ id, onSent }: { id: string; onSent: (ticket: Ticket) => void }): JSX.Element {
  const m = officeWords();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const card = looksLikeCard(text);
  const send = async (): Promise<void> => {
    if (text.trim() === '' || card) return;
    setBusy(true);
    setFailure(undefined);
    try {
      onSent(await tickets.reply(id, text.trim()));
      setText('');
    } catch (cause) {
      setFailure(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextBox label={m.ticket.reply} value={text} onInput={setText} hint={m.ticket.replyHint} bad={card ? m.ask.cardSeen : undefined} maxLength={2000} />
      <FailureNotice failure={failure} />
      <Button kind="primary" type="submit" wide icon="send" disabled={busy || text.trim() === ''}>
        {m.ticket.send}
      </Button>
    </form>
  );
}
