import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { cashReceipts, type CashReceipt } from '../../../shared/api/cash';
import { ApiFailure, NoAnswer, outcomeOpen } from '../../../shared/api/failure';
import { orderIdOf, PressKey } from '../../../shared/api/key';
import type { Merchant } from '../../../shared/api/types';
import { Button, Field } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { amountText, t } from '../../../shared/i18n/i18n';
import { grouped, parseWon, splitOf, taxFreeFor } from '../../../shared/money/money';
import { navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { loadMerchant } from '../../own';
import { useAct } from './actions';
import { asBody, ISSUED, isWhole, WantedForm, type Wanted } from './wanted';
import './receipts.css';

/** A receipt of something sold elsewhere. */
export default function NewReceiptPage(): JSX.Element {
  const merchant = useLoad(loadMerchant, 'merchant');
  return (
    <Page title={t().receipts.new} up="/cash-receipts">
      {merchant.data ? <Form merchant={merchant.data} /> : merchant.failure === undefined ? <Skeleton shape="row" count={4} /> : <ErrorState failure={merchant.failure} onRetry={merchant.reload} />}
    </Page>
  );
}

interface Sold {
  name: string;
  amount: number;
  taxFree: number;
}

/** The press, whose key outlives answers that never came: pressed again it issues once. */
function useIssue(sold: Sold, wanted: Wanted, merchant: Merchant): ReturnType<typeof useAct> {
  const key = useMemo(() => new PressKey(), []);
  const work = async (): Promise<CashReceipt> => {
    const whom = asBody({ kind: wanted.kind === 'NONE' ? 'SELF_ISSUED' : wanted.kind, identifier: wanted.identifier });
    try {
      const body = { ...whom, orderId: orderIdOf(key.value), orderName: sold.name.trim(), amount: sold.amount, taxFreeAmount: taxFreeFor(merchant.taxType, sold.amount, sold.taxFree) };
      return await cashReceipts.issue(body, key.value);
    } catch (failure) {
      // Refused for good: what is corrected is another press.
      if (!outcomeOpen(failure)) key.settle();
      throw failure;
    }
  };
  return useAct(work, (receipt) => {
    toast(t().receipts.asked);
    navigate(`/cash-receipts/${encodeURIComponent(receipt.id)}`, { replace: true });
  });
}

function Form({ merchant }: { merchant: Merchant }): JSX.Element {
  const m = t().receipts;
  const [sold, setSold] = useState<Sold>({ name: '', amount: 0, taxFree: 0 });
  const [wanted, setWanted] = useState<Wanted>({ kind: 'INCOME_DEDUCTION', identifier: '' });
  const press = useIssue(sold, wanted, merchant);
  const edit = (change: Partial<Sold>): void => setSold({ ...sold, ...change });
  const taxFree = taxFreeFor(merchant.taxType, sold.amount, sold.taxFree);
  const excess = merchant.taxType === 'MIXED' && sold.taxFree > sold.amount;
  const parts = splitOf(sold.amount, taxFree, 0, merchant.vatRounding);
  const ready = sold.name.trim() !== '' && parts !== null && !excess && isWhole(wanted);
  const at = (field: string): string => (press.failure instanceof ApiFailure ? press.failure.fieldMessage(field) : '');
  const bad = at('/identifier') || at('/amount') || at('/orderName') || at('/taxFreeAmount');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) press.run();
  };
  const won = <span class="suffix">{t().common.won}</span>;
  const split = parts && [parts.supplied > 0 && `${t().pay.supplied} ${grouped(parts.supplied)}`, parts.vat > 0 && `${t().pay.vat} ${grouped(parts.vat)}`, parts.taxFree > 0 && `${t().pay.taxFree} ${grouped(parts.taxFree)}`];
  return (
    <form class="stack key-in" autocomplete="off" onSubmit={submit} noValidate>
      <p class="field-hint">{m.newHint}</p>
      <Field label={m.newAmount} numeric big value={sold.amount ? grouped(sold.amount) : ''} onInput={(text) => edit({ amount: parseWon(text) })} suffix={won} bad={at('/amount')} hint={split ? split.filter(Boolean).join(' · ') : undefined} />
      {merchant.taxType === 'MIXED' && (
        <Field label={m.newTaxFree} optional numeric value={sold.taxFree ? grouped(sold.taxFree) : ''} onInput={(text) => edit({ taxFree: parseWon(text) })} suffix={won} bad={excess ? m.newTaxFreeWrong : at('/taxFreeAmount')} />
      )}
      <Field label={m.newName} value={sold.name} onInput={(name) => edit({ name })} placeholder={m.newNameHint} maxLength={100} bad={at('/orderName')} />
      <section class="receipt-part" aria-label={m.kind}>
        <WantedForm wanted={wanted} onWanted={setWanted} kinds={ISSUED} bad={at('/identifier')} />
      </section>
      {!bad && <FailureNotice failure={press.failure} {...(press.failure instanceof NoAnswer ? { extra: m.retrySafe } : {})} />}
      <div class="cta">
        <Button kind="primary" type="submit" disabled={!ready || press.busy}>
          {sold.amount > 0 ? m.issueFor(amountText(sold.amount)) : m.issue}
        </Button>
      </div>
    </form>
  );
}
