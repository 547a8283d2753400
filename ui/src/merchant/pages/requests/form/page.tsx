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
import { NotFound } from '../../../notfound';
import { loadMerchant, readSettings } from '../../../own';
import { readPending } from '../../../pending';
import { SalePress, type Phase } from '../../../press';
import type { PageInput } from '../../../routes';
import { ASKED_AT, type Way } from '../../../ways';
import { AmountStep } from '../../card/amount';
import { amount, chosenTaxFree, draft, edit, price } from '../../card/draft';
import { saleName } from '../../card/sale';
import { wordsOf } from '../words';
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

/**
 * Chapter 3 of the manual: what is sold, who is told which number to call. Absent where
 * there is no line, unless a press under way must be followed up.
 */
export const ArsPage = (input: PageInput): JSX.Element => <FormPage way="ARS" {...input} />;

/** Chapter 4 of the manual: what is sold, who gets the link. */
export const SmsPage = (input: PageInput): JSX.Element => <FormPage way="SMS" {...input} />;

function FormPage({ way, query }: PageInput & { way: Way }): JSX.Element {
  const merchant = useLoad(loadMerchant, 'merchant');
  if (way === 'ARS' && merchant.data && !merchant.data.arsNumber && !readPending(way)) return <NotFound />;
  if (merchant.data) return <Asking way={way} merchant={merchant.data} query={query} />;
  return (
    <Page title={wordsOf(way).title} up="/">
      {merchant.failure === undefined ? <Skeleton shape="amount" /> : <ErrorState failure={merchant.failure} onRetry={merchant.reload} />}
    </Page>
  );
}

/** The press lives as long as the page; leaving is barred while it is not known what was sent. */
function usePress(way: Way): SalePress<RequestBody, PayRequest> {
  const press = useMemo(() => new SalePress<RequestBody, PayRequest>(way, { create: requests.create, ofOrder }, showRequest), []);
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
 * The fixed buyer's name may stand for this buyer's, never the number: the text goes to
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

interface AskingProps {
  way: Way;
  merchant: Merchant;
  query: URLSearchParams;
}

function Asking({ way, merchant, query }: AskingProps): JSX.Element {
  const m = wordsOf(way);
  const press = usePress(way);
  useFixedName();
  const phase = press.phase.value;
  const enough = amount.value >= merchant.minimumCardAmount;
  const body = (): RequestBody => {
    const now = new Date();
    const asked = { way, draft: draft.value, lines: cart.value, again: again.value, price: price.value, taxFree: chosenTaxFree.value, orderName: saleName(), expiresAt: endOf(expiry.value, now) ?? now };
    return requestBody(asked, merchant, press.orderId);
  };
  if (phase.kind !== 'form') {
    return <Sending title={m.title} phase={phase} won={readPending(way)?.amount ?? amount.value} onRepeat={() => void press.sendAgain()} onDrop={() => press.drop()} />;
  }
  if (!enough || query.get('step') !== 'buyer') {
    return <AmountStep merchant={merchant} title={m.title} right={<IconButton icon="list" label={m.list} href={href('/requests')} />} act={m.toBuyer} onNext={() => navigate(`${ASKED_AT[way]}?step=buyer`)} />;
  }
  return <BuyerStep way={way} failure={phase.failure} body={body} onSend={() => void press.send(body())} />;
}

interface SendingProps {
  title: string;
  phase: Exclude<Phase, { kind: 'form' }>;
  won: number;
  onRepeat: () => void;
  onDrop: () => void;
}

/** While it is not known whether the request exists: no way back, no second one. */
function Sending({ title, phase, won, onRepeat, onDrop }: SendingProps): JSX.Element {
  const m = t().request;
  const lost = phase.kind === 'lost';
  const [heading, text] = lost ? [m.notReceivedTitle, m.notReceivedText] : phase.kind === 'checking' ? [m.checking, m.checkingHint] : [m.sending, t().pay.approvingHint];
  return (
    <Page title={title}>
      <div class="waiting" role={lost ? 'alert' : 'status'}>
        {lost ? <Icon name="offline" size={48} /> : <span class="spinner" />}
        <Amount won={won} size="xl" />
        <h2>{heading}</h2>
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
