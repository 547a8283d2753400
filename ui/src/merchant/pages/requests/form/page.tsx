import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { payments } from '../../../../shared/api/api';
import { ApiFailure } from '../../../../shared/api/failure';
import { requests, type PayRequest, type RequestBody } from '../../../../shared/api/requests';
import type { Merchant } from '../../../../shared/api/types';
import { Button, IconButton } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { Page } from '../../../../shared/design/page';
import { Amount, Skeleton } from '../../../../shared/design/parts';
import { ErrorState } from '../../../../shared/design/states';
import { t } from '../../../../shared/i18n/i18n';
import { guardLeave, href, navigate } from '../../../../shared/router/router';
import { rememberAmount } from '../../../../shared/state/amounts';
import { useLoad } from '../../../../shared/state/load';
import { cart } from '../../../cart';
import { handOverRequest } from '../../../handover';
import { loadMerchant, readSettings } from '../../../own';
import { readPending } from '../../../pending';
import { SalePress, type Phase } from '../../../press';
import type { PageInput } from '../../../routes';
import { AmountStep } from '../../card/amount';
import { amount, chosenTaxFree, draft, edit, price } from '../../card/draft';
import { saleName } from '../../card/sale';
import { requestBody } from './body';
import { BuyerStep } from './buyer';
import { again, clearRequest, expiry } from './draft';
import { endOf } from './expiry';
import './form.css';

/** The request of an order whose answer was lost. */
async function ofOrder(orderId: string): Promise<PayRequest> {
  const payment = await payments.ofOrder(orderId);
  const found = await requests.ofPayment(payment.id);
  if (!found) throw new ApiFailure(404, undefined, 0);
  return found;
}

/** Shows the request in place of the form, so that back never returns to one that was sent. */
function showRequest(request: PayRequest): void {
  rememberAmount(request.amount);
  clearRequest();
  handOverRequest(request);
  navigate(`/requests/${encodeURIComponent(request.id)}`, { replace: true });
}

/** Chapter 4 of the manual: what is sold, who gets the link. */
export default function SmsPage({ query }: PageInput): JSX.Element {
  const merchant = useLoad(loadMerchant, 'merchant');
  if (merchant.data) return <Asking merchant={merchant.data} query={query} />;
  return (
    <Page title={t().request.title} up="/">
      {merchant.failure === undefined ? <Skeleton shape="amount" /> : <ErrorState failure={merchant.failure} onRetry={merchant.reload} />}
    </Page>
  );
}

/** The press lives as long as the page; leaving is barred while it is not known what was sent. */
function usePress(): SalePress<RequestBody, PayRequest> {
  const press = useMemo(() => new SalePress<RequestBody, PayRequest>('request', { create: requests.create, ofOrder }, showRequest), []);
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

/**
 * The fixed buyer's name may stand for this buyer's, never the number: the link goes to
 * whoever pays now (A13). Without an answer nobody is named.
 */
function useFixedName(): void {
  useEffect(() => {
    readSettings().then(
      ({ buyerInfo, fixedBuyer }) => {
        if (!buyerInfo && fixedBuyer?.name && draft.value.buyerName === '') edit({ buyerName: fixedBuyer.name });
      },
      () => undefined,
    );
  }, []);
}

function Asking({ merchant, query }: { merchant: Merchant; query: URLSearchParams }): JSX.Element {
  const m = t().request;
  const press = usePress();
  useFixedName();
  const phase = press.phase.value;
  const enough = amount.value >= merchant.minimumCardAmount;
  const body = (): RequestBody => {
    const now = new Date();
    const asked = { draft: draft.value, lines: cart.value, again: again.value, price: price.value, taxFree: chosenTaxFree.value, orderName: saleName(), expiresAt: endOf(expiry.value, now) ?? now };
    return requestBody(asked, merchant, press.orderId);
  };
  if (phase.kind !== 'form') {
    return <Sending phase={phase} won={readPending('request')?.amount ?? amount.value} onRepeat={() => void press.sendAgain()} onDrop={() => press.drop()} />;
  }
  if (!enough || query.get('step') !== 'buyer') {
    return <AmountStep merchant={merchant} title={m.title} right={<IconButton icon="list" label={m.list} href={href('/requests')} />} act={m.toBuyer} onNext={() => navigate('/pay/sms?step=buyer')} />;
  }
  return <BuyerStep failure={phase.failure} body={body} onSend={() => void press.send(body())} />;
}

interface SendingProps {
  phase: Exclude<Phase, { kind: 'form' }>;
  won: number;
  onRepeat: () => void;
  onDrop: () => void;
}

/** While it is not known whether the request exists: no way back, no second one. */
function Sending({ phase, won, onRepeat, onDrop }: SendingProps): JSX.Element {
  const m = t().request;
  const lost = phase.kind === 'lost';
  const [title, text] = lost ? [m.notReceivedTitle, m.notReceivedText] : phase.kind === 'checking' ? [m.checking, m.checkingHint] : [m.sending, t().pay.approvingHint];
  return (
    <Page title={m.title}>
      <div class="waiting" role={lost ? 'alert' : 'status'}>
        {lost ? <Icon name="offline" size={48} /> : <span class="spinner" />}
        <Amount won={won} size="xl" />
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      {lost && (
        <div class="cta">
          {phase.canRepeat && (
            <Button kind="primary" onPress={onRepeat}>
              {m.sendAgain}
            </Button>
          )}
          <Button kind={phase.canRepeat ? 'text' : 'primary'} onPress={onDrop}>
            {t().pay.giveUp}
          </Button>
        </div>
      )}
    </Page>
  );
}
