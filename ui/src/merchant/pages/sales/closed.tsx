import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { closings, type Closing, type DayState } from '../../../shared/api/sales';
import { Button, Field } from '../../../shared/design/controls';
import { Amount, Badge, Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { locale } from '../../../shared/i18n/i18n';
import { salesWords } from '../../../shared/i18n/sales-words';
import { PrintButton } from '../../print-button';
import { whenText } from '../../words';
import { Difference } from './drawer';
import { Figures } from './figures';
import { Sums } from './close';
import { dayName } from './words';

/** A day that is closed: the figures that stay, and what came after. */
export function ClosedDay({ state, onChanged }: { state: DayState; onChanged: () => void }): JSX.Element | null {
  const m = salesWords();
  const [closing] = state.closings;
  if (!closing) return null;
  const late = state.supplement;
  return (
    <>
      <section class="sales-head">
        <h2>{dayName(state.day)}</h2>
        <Amount won={closing.total.netAmount} size="xl" />
        <p class="closed-by">
          <Badge tone="ok" icon="check">
            {m.closed}
          </Badge>
          <span>{m.version(closing.version)}</span>
          <span>{m.by(closing.closedByName ?? m.system, whenText(new Date(closing.closedAt), new Date()))}</span>
        </p>
        <Figures total={closing.total} methods={closing.methods} />
      </section>
      {late && (
        <Notice tone="warn" icon="clock">
          <p>
            <strong>{m.supplement}</strong> <Amount won={late.netAmount} size="s" />
          </p>
          <p>{m.sold(late.count, late.amount)}{late.canceledCount > 0 && ` · ${m.canceled(late.canceledCount, late.canceledAmount)}`}</p>
          <p>{m.supplementText}</p>
        </Notice>
      )}
      <section class="sales-block">
        <h2>{m.counted}</h2>
        <Counted closing={closing} />
        <Sums counted={closing.countedCash} float={closing.float} expected={closing.expectedCash} />
        <Difference won={closing.difference} />
        {closing.note && <p class="closed-note">{closing.note}</p>}
      </section>
      <div class="button-row">
        <PrintButton subject={{ kind: 'closing', id: state.day, version: closing.version }} />
        <Button icon="download" href={closings.documentAddress(state.day, locale.value)} newTab>
          {m.pdf}
        </Button>
      </div>
      <Reopen day={state.day} onDone={onChanged} />
    </>
  );
}

function Counted({ closing }: { closing: Closing }): JSX.Element {
  const m = salesWords();
  return (
    <ul class="counted">
      {closing.counted.map(({ value, pieces }) => (
        <li key={value}>
          <span>
            {m.denomination(value)} × {pieces}
          </span>
          <Amount won={value * pieces} size="s" />
        </li>
      ))}
    </ul>
  );
}

function Reopen({ day, onDone }: { day: string; onDone: () => void }): JSX.Element {
  const m = salesWords();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [bad, setBad] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    if (reason.trim() === '') return setBad(m.reasonMissing);
    setBusy(true);
    setFailure(undefined);
    try {
      await closings.reopen(day, reason);
      toast(m.reopenDone);
      setOpen(false);
      onDone();
    } catch (cause) {
      setFailure(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button kind="text" onPress={() => setOpen(true)}>
        {m.reopen}
      </Button>
      <Sheet title={m.reopenTitle} open={open} onClose={() => setOpen(false)}>
        <form class="stack" onSubmit={(event) => void submit(event)}>
          <p>{m.reopenText}</p>
          <Field label={m.reopenReason} value={reason} bad={bad} maxLength={500} onInput={(text) => (setReason(text), setBad(''))} />
          <FailureNotice failure={failure} />
          <Button kind="primary" type="submit" disabled={busy}>
            {m.reopenAct}
          </Button>
        </form>
      </Sheet>
    </>
  );
}
