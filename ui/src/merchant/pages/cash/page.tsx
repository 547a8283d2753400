import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Merchant, Payment, PaymentRequest } from '../../../shared/api/types';
import { IconButton } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { EXACT, receivedOf, type Handed } from '../../../shared/money/cash';
import { guardLeave, href, navigate } from '../../../shared/router/router';
import { rememberAmount } from '../../../shared/state/amounts';
import { useLoad } from '../../../shared/state/load';
import { isAway } from '../../away';
import { cart } from '../../cart';
import { handOver } from '../../handover';
import { loadMerchant, ownSettings } from '../../own';
import { readPending } from '../../pending';
import { SalePress } from '../../press';
import { mayWait } from '../../queue';
import { cashQueue } from '../../queue-store';
import type { PageInput } from '../../routes';
import { AmountStep } from '../card/amount';
import { amount, chosenTaxFree, clearSale, draft, price } from '../card/draft';
import { saleName } from '../card/sale';
import type { Wanted } from '../receipts/wanted';
import { KeptSale, type Kept } from './kept';
import { cashRequest } from './request';
import { CashStep } from './step';
import { Recording } from './waiting';

const NOBODY: Wanted = { kind: 'NONE', identifier: '' };

/** Shows the outcome in place of the form, so that back never returns to a paid form. */
function showOutcome(payment: Payment): void {
  rememberAmount(payment.amount);
  clearSale();
  handOver(payment);
  navigate(`/payments/${encodeURIComponent(payment.id)}/result`, { replace: true });
}

/** Chapter 5 of the manual: the sum, the money on the counter, the cash receipt. */
export default function CashPage({ query }: PageInput): JSX.Element {
  const merchant = useLoad(loadMerchant, 'merchant');
  if (merchant.data) return <CashSale merchant={merchant.data} step={query.get('step')} />;
  return (
    <Page title={t().cash.title} up="/">
      {merchant.failure === undefined ? <Skeleton shape="amount" /> : <ErrorState failure={merchant.failure} onRetry={merchant.reload} />}
    </Page>
  );
}

/** The press lives as long as the page; leaving is barred while it is not known what was recorded. */
function usePress(): SalePress<PaymentRequest, Payment> {
  const press = useMemo(() => new SalePress<PaymentRequest, Payment>('cash', payments, showOutcome), []);
  useEffect(() => {
    const lift = guardLeave(() => press.busy);
    press.resume();
    return () => {
      lift();
      press.stop();
    };
  }, []);
  return press;
}

function CashSale({ merchant, step }: { merchant: Merchant; step: string | null }): JSX.Element {
  const [handed, setHanded] = useState<Handed>(EXACT);
  const [wanted, setWanted] = useState<Wanted>(NOBODY);
  const [kept, setKept] = useState<Kept | null>(null);
  const [notKept, setNotKept] = useState(false);
  const body = useRef<PaymentRequest | null>(null);
  const press = usePress();
  const phase = press.phase.value;
  const won = amount.value;
  const settings = ownSettings.value;
  const fixedBuyer = settings && !settings.buyerInfo ? settings.fixedBuyer : undefined;

  /** Leaves the sale to the queue, under the key of this press. */
  const wait = async (sale: PaymentRequest): Promise<void> => {
    const at = new Date().toISOString();
    try {
      await cashQueue.add({ key: press.key, body: { ...sale, cash: { received: sale.amount, ...sale.cash, takenAt: at } }, at });
    } catch {
      setNotKept(true);
      return;
    }
    press.handOver();
    setKept({ amount: sale.amount, change: (sale.cash?.received ?? 0) - sale.amount });
    rememberAmount(sale.amount);
    clearSale();
    setHanded(EXACT);
    setWanted(NOBODY);
    navigate('/pay/cash?step=kept', { replace: true });
  };
  const pay = (): void => {
    const sale = { draft: draft.value, lines: cart.value, price: price.value, taxFree: chosenTaxFree.value, orderName: saleName(), fixedBuyer, received: receivedOf(handed, won), wanted };
    body.current = cashRequest(sale, merchant, press.orderId);
    setNotKept(false);
    if (isAway()) void wait(body.current);
    else void press.send(body.current);
  };

  if (phase.kind !== 'form') {
    const sale = body.current;
    const waits = sale && mayWait({ body: sale }) ? () => void wait(sale) : undefined;
    return <Recording phase={phase} won={readPending('cash')?.amount ?? won} failed={notKept} onWait={waits} onRepeat={() => void press.sendAgain()} onDrop={() => press.drop()} />;
  }
  if (kept && step === 'kept') return <KeptSale kept={kept} />;
  if (won < 1 || step !== 'cash') {
    const list = merchant.cashReceipts ? <IconButton icon="list" label={t().receipts.list} href={href('/cash-receipts')} /> : undefined;
    return <AmountStep merchant={merchant} title={t().cash.title} right={list} minimum={1} act={t().cash.toCash} onNext={() => navigate('/pay/cash?step=cash')} />;
  }
  return (
    <CashStep
      merchant={merchant}
      fixedBuyer={fixedBuyer}
      handed={handed}
      onHanded={setHanded}
      wanted={wanted}
      onWanted={setWanted}
      failure={phase.failure}
      notKept={notKept}
      onPay={pay}
    />
  );
}
