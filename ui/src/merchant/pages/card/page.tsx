import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Merchant, Payment, Settings, Signature } from '../../../shared/api/types';
import { chosenReader } from '../../../shared/devices/reader';
import { Page } from '../../../shared/design/page';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { guardLeave, navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { cart } from '../../cart';
import { handOver } from '../../handover';
import { later } from '../../later';
import { readSettings } from '../../own';
import { loadCounter, policyOf } from '../../reader';
import type { PageInput } from '../../routes';
import { AmountStep } from './amount';
import { CardStep, type Way } from './card';
import { amount, chosenTaxFree, clearSale, draft, price } from './draft';
import { KeyIn } from './keyin';
import { BuyerLine, InstallmentLine } from './options';
import { readPending } from '../../pending';
import { CardPress } from './press';
import { rememberAmount } from '../../../shared/state/amounts';
import { keyedCard, paymentRequest } from './request';
import { saleName } from './sale';
import { NO_SECRETS, type Secrets } from './secrets';
import { SignStep } from './sign';
import { useSwiping } from './swiping';
import { Waiting } from './waiting';

/** Both ways of a card are fetched with the page, none of them with the app. */
const Swipe = later(async () => (await import('./swipe')).Swipe);

/** Shows the outcome in place of the form, so that back never returns to a paid form. */
function showOutcome(payment: Payment): void {
  if (payment.status !== 'ABORTED') clearSale();
  if (payment.status === 'DONE') rememberAmount(payment.amount);
  handOver(payment);
  navigate(`/payments/${encodeURIComponent(payment.id)}/result`, { replace: true });
}

/** Chapter 2 of the manual: amount, card, signature, approval. */
export default function CardPage({ query }: PageInput): JSX.Element {
  const merchant = useLoad(loadCounter, 'merchant');
  const title = t().pay.title;
  if (merchant.data) return <CardSale merchant={merchant.data} query={query} />;
  return (
    <Page title={title} up="/">
      {merchant.failure === undefined ? <Skeleton shape="amount" /> : <ErrorState failure={merchant.failure} onRetry={merchant.reload} />}
    </Page>
  );
}

/** The press lives as long as the page; leaving is barred while money is under way. */
function usePress(onAnswer: (payment: Payment) => void): CardPress {
  const press = useMemo(() => new CardPress(payments, onAnswer), []);
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

function CardSale({ merchant, query }: { merchant: Merchant; query: URLSearchParams }): JSX.Element {
  const [secrets, setSecrets] = useState<Secrets>(NO_SECRETS);
  const [chosenWay, setWay] = useState<Way | null>(null);
  const settings = useLoad(readSettings, 'settings');
  const reloaded = useRef(readPending() !== null);
  const press = usePress((payment) => {
    forget();
    showOutcome(payment);
  });
  const phase = press.phase.value;
  const way = chosenWay ?? (chosenReader.value ? 'reader' : 'keys');
  const enough = amount.value >= merchant.minimumCardAmount;
  const asked = query.get('step');

  const swiping = useSwiping(phase.kind === 'form' && asked !== 'sign', merchant.readers, () => {
    if (!enough) {
      toast(t().pay.amountFirst);
      return false;
    }
    setWay('reader');
    if (place().step !== 'card') navigate('/pay/card?step=card');
    return true;
  });
  const card = way === 'reader' ? swiping.card : keyedCard(secrets, merchant.authenticationLevel);
  const readyToSign = way === 'reader' ? card !== null : secrets.number !== '';
  const step = !enough ? 'amount' : asked === 'card' ? 'card' : asked === 'sign' && readyToSign ? 'sign' : asked === 'sign' ? 'card' : 'amount';
  const signed = amount.value > merchant.signatureLimit;
  const fixedBuyer = settings.data && !settings.data.buyerInfo ? settings.data.fixedBuyer : undefined;

  function forget(): void {
    setSecrets(NO_SECRETS);
    swiping.forget();
  }
  const pay = (signature: Signature | null): void => {
    if (!card) return;
    const sale = { draft: draft.value, lines: cart.value, price: price.value, taxFree: chosenTaxFree.value, orderName: saleName(), fixedBuyer };
    void press.send(paymentRequest(sale, merchant, card, press.orderId, signature)).then(() => {
      const after = press.phase.value;
      if (after.kind !== 'form') return;
      swiping.learn(after.failure);
      // What is wrong is named beside its field: back to the card.
      if (place().step === 'sign') navigate('/pay/card?step=card', { replace: true });
    });
  };
  const drop = (): void => {
    press.drop();
    forget();
    navigate('/pay/card?step=card', { replace: true });
  };

  if (phase.kind !== 'form') {
    return <Waiting phase={phase} won={readPending()?.amount ?? amount.value} reloaded={reloaded.current} onRepeat={() => void press.sendAgain()} onDrop={drop} />;
  }
  if (step === 'amount') return <AmountStep merchant={merchant} title={t().pay.title} act={t().pay.toCard} onNext={() => navigate('/pay/card?step=card')} />;
  if (step === 'sign') return <SignStep won={amount.value} onPay={pay} />;
  const next = (): void => (signed ? void navigate('/pay/card?step=sign') : pay(null));
  // Fewer digits than six: the reader hides which company's card it is.
  const first6 = way === 'reader' ? swiping.first6 : secrets.number.slice(0, 6);
  const shared = { failure: phase.failure, signed, onNext: next, options: <SaleOptions bin={first6.length === 6 ? first6 : ''} fixedBuyer={fixedBuyer} /> };
  return (
    <CardStep way={way} onWay={setWay}>
      {way === 'reader' ? (
        <Swipe {...shared} {...swiping.screen} policy={policyOf(merchant)} won={amount.value} onKeys={() => setWay('keys')} />
      ) : (
        <KeyIn {...shared} merchant={merchant} secrets={secrets} onSecrets={setSecrets} />
      )}
    </CardStep>
  );
}

function SaleOptions({ bin, fixedBuyer }: { bin: string; fixedBuyer: Settings['fixedBuyer'] }): JSX.Element {
  return (
    <div class="sale-options">
      <InstallmentLine bin={bin} />
      <BuyerLine fixed={fixedBuyer} />
    </div>
  );
}

function place(): { step: string | null } {
  return { step: new URLSearchParams(location.search).get('step') };
}
