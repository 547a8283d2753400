import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Payment, Signature } from '../../../shared/api/types';
import { Page } from '../../../shared/design/page';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { guardLeave, navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import type { Merchant } from '../../../shared/api/types';
import { cart } from '../../cart';
import { handOver } from '../../handover';
import { loadMerchant } from '../../own';
import type { PageInput } from '../../routes';
import { AmountStep } from './amount';
import { amount, chosenTaxFree, clearSale, draft } from './draft';
import { KeyInStep } from './keyin';
import { readPending } from './pending';
import { CardPress } from './press';
import { paymentRequest } from './request';
import { saleName } from './sale';
import { NO_SECRETS, type Secrets } from './secrets';
import { SignStep } from './sign';
import { Waiting } from './waiting';

/** Shows the outcome in place of the form, so that back never returns to a paid form. */
function showOutcome(payment: Payment): void {
  if (payment.status !== 'ABORTED') clearSale();
  handOver(payment);
  navigate(`/payments/${encodeURIComponent(payment.id)}/result`, { replace: true });
}

/** Chapter 2 of the manual: amount, card, signature, approval. */
export default function CardPage({ query }: PageInput): JSX.Element {
  const merchant = useLoad(loadMerchant, 'merchant');
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
  const reloaded = useRef(readPending() !== null);
  const press = usePress((payment) => {
    setSecrets(NO_SECRETS);
    showOutcome(payment);
  });
  const phase = press.phase.value;
  const asked = query.get('step');
  const step = amount.value < merchant.minimumCardAmount ? 'amount' : asked === 'card' ? 'card' : asked === 'sign' && secrets.number ? 'sign' : 'amount';
  const signed = amount.value > merchant.signatureLimit;

  const pay = (signature: Signature | null): void => {
    const sale = { draft: draft.value, lines: cart.value, amount: amount.value, taxFree: chosenTaxFree.value, orderName: saleName() };
    void press.send(paymentRequest(sale, merchant, secrets, press.orderId, signature)).then(() => {
      // What is wrong is named beside its field: back to the card.
      if (press.phase.value.kind === 'form' && place().step === 'sign') navigate('/pay/card?step=card', { replace: true });
    });
  };
  const drop = (): void => {
    press.drop();
    setSecrets(NO_SECRETS);
    navigate('/pay/card?step=card', { replace: true });
  };

  if (phase.kind !== 'form') {
    return <Waiting phase={phase} won={readPending()?.amount ?? amount.value} reloaded={reloaded.current} onRepeat={() => void press.sendAgain()} onDrop={drop} />;
  }
  if (step === 'sign') return <SignStep won={amount.value} onPay={pay} />;
  if (step === 'card') {
    return <KeyInStep merchant={merchant} secrets={secrets} onSecrets={setSecrets} failure={phase.failure} signed={signed} onNext={() => (signed ? void navigate('/pay/card?step=sign') : pay(null))} />;
  }
  return <AmountStep merchant={merchant} />;
}

function place(): { step: string | null } {
  return { step: new URLSearchParams(location.search).get('step') };
}
