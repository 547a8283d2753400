import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import type { CancelRequest, Payment } from '../../../shared/api/types';
import { Button, Chips, Field, SecretField, Segments } from '../../../shared/design/controls';
import { Amount, Notice } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { hangulWon } from '../../../shared/money/hangul';
import { grouped, parseWon } from '../../../shared/money/money';
import { rights } from '../../../shared/state/rights';
import { ownSettings } from '../../own';
import { meansText } from '../../words';
import { isVoid, taxFreeRange } from './cancelable';

interface FormProps {
  payment: Payment;
  failure: unknown;
  onSend: (body: CancelRequest) => void;
}

const OTHER = 'other';

/** What a refused cancel password says beside the field. */
function passwordComplaint(failure: unknown): string {
  if (!(failure instanceof ApiFailure) || failure.code !== 'CANCEL_PASSWORD_WRONG') return '';
  const left = failure.detailNumber('triesLeft');
  if (left === 0) return [t().cancel.locked, lockText(failure)].filter(Boolean).join(' ');
  return [failure.message, left === null ? '' : t().cancel.triesLeft(left)].filter(Boolean).join(' ');
}

/** How long a locked cancel password stays locked, in words. */
function lockText(failure: unknown): string {
  if (!(failure instanceof ApiFailure) || !failure.code.startsWith('CANCEL_PASSWORD_') || failure.retryAfter === 0) return '';
  return t().cancel.lockedFor(Math.ceil(failure.retryAfter / 60));
}

/** Whole or part, reason, password. */
export function CancelForm({ payment, failure, onSend }: FormProps): JSX.Element {
  const m = t().cancel;
  const [how, setHow] = useState<'whole' | 'part'>('whole');
  const [part, setPart] = useState(0);
  const [taxFree, setTaxFree] = useState('');
  const [chosen, setChosen] = useState('');
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  // A refused password is typed anew, never corrected.
  useEffect(() => {
    if (failure !== undefined) setPassword('');
  }, [failure]);

  const won = how === 'whole' ? payment.balanceAmount : part;
  const wrong = how === 'part' && part > payment.balanceAmount;
  const limit = rights.value.cancelLimit;
  const over = limit > 0 && won > limit ? t().rights.overLimit(amountText(limit)) : '';
  const reason = (chosen === OTHER ? typed : chosen).trim();
  const range = taxFreeRange(payment, part);
  const mixed = how === 'part' && part > 0 && part < payment.balanceAmount && range.least < range.most;
  const free = mixed && taxFree !== '' ? parseWon(taxFree) : undefined;
  const freeWrong = free !== undefined && (free < range.least || free > range.most);
  const ready = won >= 1 && !wrong && over === '' && !freeWrong && reason !== '' && password !== '';
  const complaint = passwordComplaint(failure);
  const send = (event: Event): void => {
    event.preventDefault();
    if (!ready) return;
    onSend({ reason, cancelPassword: password, ...(how === 'part' && part < payment.balanceAmount ? { amount: part, ...(free === undefined ? {} : { taxFreeAmount: free }) } : {}) });
  };

  return (
    <form class="stack key-in" autocomplete="off" onSubmit={send}>
      <div class="hero hero-small" aria-live="polite">
        <span class="hero-label">{m.question}</span>
        <Amount won={won} size="xl" />
        <span class="hero-words">{hangulWon(won)}</span>
        <span class="hero-split">
          {payment.orderName} · {meansText(payment)}
        </span>
      </div>
      <Segments
        label={m.question}
        value={how}
        onChange={setHow}
        options={[
          { value: 'whole', text: m.whole },
          { value: 'part', text: m.part },
        ]}
      />
      {how === 'whole' && over && (
        <Notice tone="warn" icon="lock">
          <p>{over}</p>
        </Notice>
      )}
      {how === 'part' && (
        <Field
          label={m.amount}
          numeric
          big
          value={part ? grouped(part) : ''}
          onInput={(text) => setPart(parseWon(text))}
          hint={m.of(amountText(payment.balanceAmount))}
          bad={wrong ? m.amountWrong(amountText(payment.balanceAmount)) : over}
          suffix={<span class="suffix">{t().common.won}</span>}
          autoFocus
        />
      )}
      {mixed && !wrong && (
        <Field
          label={m.taxFree}
          numeric
          optional
          value={taxFree === '' ? '' : grouped(parseWon(taxFree))}
          onInput={setTaxFree}
          hint={m.taxFreeHint(amountText(range.most))}
          bad={freeWrong ? m.amountBetween(amountText(range.least), amountText(range.most)) : ''}
          suffix={<span class="suffix">{t().common.won}</span>}
        />
      )}
      <div class="field">
        <span class="field-label">{m.reason}</span>
        <Chips wrap label={m.reason} value={chosen} onChange={setChosen} options={[...m.reasons.map((text) => ({ value: text, text })), { value: OTHER, text: m.reasonOther }]} />
        {chosen === OTHER && <Field label={m.reasonOther} value={typed} onInput={setTyped} maxLength={200} autoFocus />}
      </div>
      <SecretField pad="text" shuffle={ownSettings.value?.shuffleKeypad} label={m.password} value={password} onInput={setPassword} hint={m.passwordHint} bad={complaint} maxLength={100} />
      <Notice tone="plain" icon={payment.method === 'CASH' ? 'coin' : 'clock'}>
        {payment.method === 'CASH' ? t().cash.cancelNote : isVoid(payment, won) ? m.voidNote : m.refundNote}
      </Notice>
      {complaint === '' && <FailureNotice failure={failure} extra={lockText(failure)} />}
      <div class="cta">
        <Button kind="danger" type="submit" disabled={!ready}>
          {won < 1 ? m.amountNeeded : reason === '' ? m.reasonNeeded : password === '' ? m.passwordNeeded : m.submit(amountText(won))}
        </Button>
      </div>
    </form>
  );
}
