import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import { tickets, type TicketBody, type WishField } from '../../../shared/api/office';
import { Button, Chips, Field } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Notice, Skeleton } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { TextBox } from '../../../shared/design/textbox';
import { toast } from '../../../shared/design/toast';
import { officeWords } from '../../../shared/i18n/office-words';
import { navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { looksLikeCard } from '../../../shared/text/digits';
import type { PageInput } from '../../routes';
import { PaymentRow, whenText } from '../../words';
import './support.css';

const KINDS = ['QUESTION', 'PAYMENT', 'MERCHANT_CHANGE'] as const;
export const FIELDS: readonly WishField[] = ['NAME', 'OWNER_NAME', 'ADDRESS', 'PHONE', 'SETTLEMENT_ACCOUNT', 'FEES', 'LIMITS', 'CONTRACT', 'OTHER'];
const RECENT = 10;

interface Form {
  kind: TicketBody['kind'];
  field: WishField;
  value: string;
  paymentId: string;
  subject: string;
  text: string;
}

/** What is still wrong with a form, by field; empty when it can be sent. */
export function wrongs(form: Form, m: ReturnType<typeof officeWords>['ask']): Partial<Record<keyof Form, string>> {
  const bad: Partial<Record<keyof Form, string>> = {};
  const change = form.kind === 'MERCHANT_CHANGE';
  const need = (name: 'value' | 'paymentId' | 'subject' | 'text', words: string): void => {
    if (form[name].trim() === '') bad[name] = words;
    else if (name !== 'paymentId' && name !== 'value' && looksLikeCard(form[name])) bad[name] = m.cardSeen;
  };
  if (change) need('value', m.valueMissing);
  else need('subject', m.subjectMissing);
  if (form.kind === 'PAYMENT') need('paymentId', m.paymentMissing);
  if (!change) need('text', m.textMissing);
  return bad;
}

/** A ticket of a form. */
export function bodyOf(form: Form, m: ReturnType<typeof officeWords>['ask']): TicketBody {
  const { kind, field, value, subject, text, paymentId } = form;
  if (kind === 'MERCHANT_CHANGE') {
    return { kind, subject: m.changeSubject(m.fields[field]), text: text.trim() || value.trim(), wishes: [{ field, value: value.trim() }] };
  }
  return { kind, subject: subject.trim(), text: text.trim(), ...(kind === 'PAYMENT' ? { paymentId } : {}) };
}

/** Asks the customer centre. */
export default function AskPage({ query }: PageInput): JSX.Element {
  const m = officeWords().ask;
  const wanted = query.get('field') as WishField | null;
  const [form, setForm] = useState<Form>({
    kind: wanted ? 'MERCHANT_CHANGE' : query.get('payment') ? 'PAYMENT' : 'QUESTION',
    field: wanted && FIELDS.includes(wanted) ? wanted : 'NAME',
    value: '',
    paymentId: query.get('payment') ?? '',
    subject: '',
    text: '',
  });
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const edit = (change: Partial<Form>): void => setForm((old) => ({ ...old, ...change }));
  const bad = tried ? wrongs(form, m) : {};
  const send = async (): Promise<void> => {
    setTried(true);
    setFailure(undefined);
    if (Object.keys(wrongs(form, m)).length > 0) return;
    setBusy(true);
    try {
      const made = await tickets.open(bodyOf(form, m));
      toast(m.sent);
      navigate(`/support/tickets/${encodeURIComponent(made.id)}`, { replace: true });
    } catch (cause) {
      setFailure(cause);
      setBusy(false);
    }
  };
  const kinds = KINDS.filter((kind) => kind !== 'MERCHANT_CHANGE' || isOwner.value);
  return (
    <Page title={m.title} up="/support">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="field">
          <span class="field-label">{m.kind}</span>
          <Chips wrap label={m.kind} value={form.kind} onChange={(kind) => edit({ kind })} options={kinds.map((value) => ({ value, text: officeWords().support.kinds[value] }))} />
        </div>
        {form.kind === 'MERCHANT_CHANGE' ? (
          <>
            <div class="field">
              <span class="field-label">{m.field}</span>
              <Chips wrap label={m.field} value={form.field} onChange={(field) => edit({ field })} options={FIELDS.map((value) => ({ value, text: m.fields[value] }))} />
            </div>
            <Field label={m.value} value={form.value} onInput={(value) => edit({ value })} hint={m.valueHint} bad={bad.value} maxLength={200} />
          </>
        ) : (
          <>
            {form.kind === 'PAYMENT' && <ChoosePayment chosen={form.paymentId} onChoose={(paymentId) => edit({ paymentId })} bad={bad.paymentId} />}
            <Field label={m.subject} value={form.subject} onInput={(subject) => edit({ subject })} bad={bad.subject} maxLength={100} />
          </>
        )}
        <TextBox label={m.text} value={form.text} onInput={(text) => edit({ text })} hint={m.textHint} bad={bad.text} maxLength={2000} />
        <Notice tone="plain" icon="lock">
          {m.noCard}
        </Notice>
        <FailureNotice failure={failure} />
        <Button kind="primary" type="submit" wide icon="send" disabled={busy}>
          {m.submit}
        </Button>
      </form>
    </Page>
  );
}

/** One of the newest payments, or the one that was come from. */
function ChoosePayment({ chosen, onChoose, bad }: { chosen: string; onChoose: (id: string) => void; bad: string | undefined }): JSX.Element {
  const m = officeWords().ask;
  const [from] = useState(chosen);
  const load = useLoad(async (signal) => (from ? [await payments.get(from, signal)] : (await payments.list({}, undefined, RECENT, signal)).rows), from);
  const now = new Date();
  return (
    <div class="field">
      <span class="field-label">{m.choosePayment}</span>
      {load.data ? (
        <div class="rows" role="radiogroup" aria-label={m.choosePayment}>
          {load.data.length === 0 && <p class="field-hint">{m.noPayments}</p>}
          {load.data.map((payment) => (
            <button key={payment.id} type="button" class="pick" role="radio" aria-checked={payment.id === chosen} onClick={() => onChoose(payment.id)}>
              <PaymentRow payment={payment} time={whenText(new Date(payment.requestedAt), now)} />
            </button>
          ))}
        </div>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={3} />
      ) : (
        <FailureNotice failure={load.failure} />
      )}
      {bad && (
        <p class="field-bad" role="alert">
          {bad}
        </p>
      )}
    </div>
  );
}
