import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { cashReceipts, type CashReceipt, type ReasonCode } from '../../../shared/api/cash';
import { ApiFailure, NoAnswer, outcomeOpen } from '../../../shared/api/failure';
import { PressKey } from '../../../shared/api/key';
import type { Payment } from '../../../shared/api/types';
import { Button, Chips, Field, Segments } from '../../../shared/design/controls';
import { Amount, Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { amountText, t } from '../../../shared/i18n/i18n';
import { grouped, parseWon } from '../../../shared/money/money';
import { asBody, ISSUED, isWhole, WantedForm, type Wanted } from './wanted';

const NOBODY: Wanted = { kind: 'INCOME_DEDUCTION', identifier: '' };

interface Act {
  busy: boolean;
  failure: unknown;
  run: () => void;
}

/** One act at the office: at most one at a time, its failure shown until the next press. */
export function useAct(work: () => Promise<CashReceipt>, done: (receipt: CashReceipt) => void): Act {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const run = (): void => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    work()
      .then(done, setFailure)
      .finally(() => setBusy(false));
  };
  return { busy, failure, run };
}

/** Works under the key of one press; once its outcome is known the next press has another. */
async function keyed(key: PressKey, work: (value: string) => Promise<CashReceipt>): Promise<CashReceipt> {
  try {
    const receipt = await work(key.value);
    key.settle();
    return receipt;
  } catch (failure) {
    // Refused for good: what is corrected is another press.
    if (!outcomeOpen(failure)) key.settle();
    throw failure;
  }
}

const said = (failure: unknown): string => (failure instanceof ApiFailure ? failure.fieldMessage('/identifier') : '');

interface NamingProps {
  title: string;
  /** The button's words. */
  act: string;
  won: number;
  work: (wanted: ReturnType<typeof asBody>) => Promise<CashReceipt>;
  /** A repeat of the press cannot issue twice. */
  safe: boolean;
  onDone: (receipt: CashReceipt) => void;
  onClose: () => void;
}

/** Asks who the receipt is for, and has it issued. */
function Naming({ title, act, won, work, safe, onDone, onClose }: NamingProps): JSX.Element {
  const [wanted, setWanted] = useState<Wanted>(NOBODY);
  const ready = isWhole(wanted);
  const press = useAct(
    () => work(asBody({ kind: wanted.kind === 'NONE' ? 'SELF_ISSUED' : wanted.kind, identifier: wanted.identifier })),
    (receipt) => {
      toast(t().receipts.asked);
      onDone(receipt);
    },
  );
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) press.run();
  };
  const bad = said(press.failure);
  return (
    <Sheet title={title} open onClose={onClose}>
      <Amount won={won} size="l" />
      <form class="stack" autocomplete="off" onSubmit={submit} noValidate>
        <WantedForm wanted={wanted} onWanted={setWanted} kinds={ISSUED} bad={bad} />
        {!bad && <FailureNotice failure={press.failure} {...(safe && press.failure instanceof NoAnswer ? { extra: t().receipts.retrySafe } : {})} />}
        <Button kind="primary" type="submit" disabled={!ready || press.busy}>
          {act}
        </Button>
      </form>
    </Sheet>
  );
}

/** Issues the receipt that a cash payment lacks. */
export function IssueAct({ payment, onDone }: { payment: Payment; onDone: (receipt: CashReceipt) => void }): JSX.Element {
  const m = t().receipts;
  const [open, setOpen] = useState(false);
  const key = useMemo(() => new PressKey(), []);
  const work = (wanted: ReturnType<typeof asBody>): Promise<CashReceipt> => keyed(key, (value) => cashReceipts.issue({ ...wanted, paymentId: payment.id }, value));
  return (
    <>
      <Button kind="tint" icon="slip" onPress={() => setOpen(true)}>
        {m.issue}
      </Button>
      {open && (
        <Naming title={m.issue} act={m.issueFor(amountText(payment.balanceAmount))} won={payment.balanceAmount} work={work} safe onClose={() => setOpen(false)} onDone={(receipt) => (setOpen(false), onDone(receipt))} />
      )}
    </>
  );
}

/** What can be done about a receipt: corrected when it was refused, taken back when it stands. */
export function ReceiptActs({ receipt, onDone }: { receipt: CashReceipt; onDone: (receipt: CashReceipt) => void }): JSX.Element | null {
  const m = t().receipts;
  const [open, setOpen] = useState<'reissue' | 'cancel' | null>(null);
  const close = (): void => setOpen(null);
  const done = (next: CashReceipt): void => (close(), onDone(next));
  const rejected = receipt.status === 'REJECTED' && receipt.balanceAmount > 0;
  const stands = (receipt.status === 'ISSUED' || receipt.status === 'CONFIRMED') && receipt.balanceAmount > 0;
  return (
    <>
      {rejected && (
        <Button kind="tint" icon="pen" onPress={() => setOpen('reissue')}>
          {m.reissue}
        </Button>
      )}
      {stands && (
        <Button kind="bad" icon="undo" onPress={() => setOpen('cancel')}>
          {m.cancel}
        </Button>
      )}
      {open === 'reissue' && (
        <Naming title={m.reissue} act={m.issueFor(amountText(receipt.amount))} won={receipt.amount} work={(wanted) => cashReceipts.reissue(receipt.id, wanted)} safe={false} onClose={close} onDone={done} />
      )}
      {open === 'cancel' && <Cancelling receipt={receipt} onClose={close} onDone={done} />}
    </>
  );
}

const REASONS: readonly ReasonCode[] = [1, 2, 3];

function Cancelling({ receipt, onClose, onDone }: { receipt: CashReceipt; onClose: () => void; onDone: (receipt: CashReceipt) => void }): JSX.Element {
  const m = t().receipts;
  const words = t().cancel;
  const left = receipt.balanceAmount;
  const [reason, setReason] = useState('');
  const [how, setHow] = useState<'whole' | 'part'>('whole');
  const [part, setPart] = useState(0);
  const won = how === 'whole' ? left : part;
  const wrong = part > left;
  const ready = reason !== '' && won >= 1 && !(how === 'part' && wrong);
  const key = useMemo(() => new PressKey(), []);
  const press = useAct(
    () => keyed(key, (value) => cashReceipts.cancel(receipt.id, Number(reason) as ReasonCode, how === 'part' && part < left ? part : undefined, value)),
    (next) => {
      toast(m.cancelAsked);
      onDone(next);
    },
  );
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) press.run();
  };
  return (
    <Sheet title={m.cancel} open onClose={onClose}>
      <form class="stack" autocomplete="off" onSubmit={submit} noValidate>
        <Amount won={won} size="l" />
        <Segments
          label={words.amount}
          value={how}
          onChange={setHow}
          options={[
            { value: 'whole', text: words.whole },
            { value: 'part', text: words.part },
          ]}
        />
        {how === 'part' && (
          <Field
            label={words.amount}
            numeric
            big
            value={part ? grouped(part) : ''}
            onInput={(text) => setPart(parseWon(text))}
            hint={words.of(amountText(left))}
            bad={wrong ? words.amountWrong(amountText(left)) : ''}
            suffix={<span class="suffix">{t().common.won}</span>}
          />
        )}
        <div class="field">
          <span class="field-label">{m.cancelReason}</span>
          <Chips label={m.cancelReason} value={reason} wrap onChange={setReason} options={REASONS.map((code) => ({ value: String(code), text: m.reasons[code] }))} />
        </div>
        <Notice tone="plain" icon="alert">
          {m.cancelNote}
        </Notice>
        <FailureNotice failure={press.failure} />
        <Button kind="danger" type="submit" disabled={!ready || press.busy}>
          {m.cancelFor(amountText(won))}
        </Button>
      </form>
    </Sheet>
  );
}

