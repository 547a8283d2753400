import type { JSX } from 'preact';
import { ApiFailure } from '../../../shared/api/failure';
import type { Merchant, Settings } from '../../../shared/api/types';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Notice } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { addBill, BILLS, changeOf, EXACT, receivedOf, type Handed } from '../../../shared/money/cash';
import { grouped, MAX_AMOUNT, parseWon } from '../../../shared/money/money';
import { isAway } from '../../away';
import { amount } from '../card/draft';
import { SplitLine } from '../card/extras';
import { BuyerLine } from '../card/options';
import { saleName } from '../card/sale';
import { ISSUED, isNamed, isWhole, NAMED, WantedForm, type Wanted } from '../receipts/wanted';
import './cash.css';

/** From this amount a bound trade must issue a cash receipt, in won. */
const DUTY_FROM = 100_000;

interface CashStepProps {
  merchant: Merchant;
  fixedBuyer: Settings['fixedBuyer'];
  handed: Handed;
  onHanded: (handed: Handed) => void;
  wanted: Wanted;
  onWanted: (wanted: Wanted) => void;
  failure: unknown;
  /** The device could not keep the sale. */
  notKept: boolean;
  onPay: () => void;
}

/** Second step: the money on the counter, and the cash receipt that goes with it. */
export function CashStep(props: CashStepProps): JSX.Element {
  const { merchant, fixedBuyer, handed, onHanded, wanted, onWanted, failure, notKept, onPay } = props;
  const m = t().cash;
  const won = amount.value;
  const away = isAway();
  const ready = changeOf(handed, won) >= 0 && isWhole(wanted) && !(away && isNamed(wanted.kind));
  const said = failure instanceof ApiFailure ? failure.fieldMessage('/cash/receipt/identifier') : '';
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) onPay();
  };
  return (
    <Page title={m.title} up="/pay/cash">
      <div class="counted">
        <Amount won={won} size="l" />
        <SplitLine merchant={merchant} />
        <span>{saleName()}</span>
      </div>
      <form class="stack key-in" autocomplete="off" onSubmit={submit} noValidate>
        <Received handed={handed} onHanded={onHanded} won={won} />
        {merchant.cashReceipts && <ReceiptPart merchant={merchant} won={won} wanted={wanted} onWanted={onWanted} bad={said} />}
        {!away && <BuyerLine fixed={fixedBuyer} />}
        {!said && <FailureNotice failure={failure} />}
        {notKept && (
          <Notice tone="bad" icon="alert">
            {m.notKept}
          </Notice>
        )}
        <div class="cta">
          {away && (
            <p class="safe">
              <Icon name="offline" size={16} />
              {m.offline}
            </p>
          )}
          <Button kind="primary" type="submit" disabled={!ready}>
            {away ? m.submitOffline(amountText(won)) : m.submit(amountText(won))}
          </Button>
        </div>
      </form>
    </Page>
  );
}

function Received({ handed, onHanded, won }: Pick<CashStepProps, 'handed' | 'onHanded'> & { won: number }): JSX.Element {
  const m = t().cash;
  const received = receivedOf(handed, won);
  const type = (text: string): void => onHanded({ kind: 'counted', won: Math.min(parseWon(text), MAX_AMOUNT) });
  return (
    <>
      <Field label={m.received} numeric big value={received ? grouped(received) : ''} onInput={type} maxLength={16} suffix={<span class="suffix">{t().common.won}</span>} />
      <div class="bills" role="group" aria-label={m.bills}>
        <button type="button" class="chip" aria-pressed={handed.kind === 'exact'} onClick={() => onHanded(EXACT)}>
          {m.exact}
        </button>
        {BILLS.map((bill) => (
          <button key={bill} type="button" class="chip" onClick={() => onHanded(addBill(handed, bill))}>
            {t().pay.plus(t().pay.short(bill))}
          </button>
        ))}
        <button type="button" class="chip" disabled={received === 0} onClick={() => onHanded({ kind: 'counted', won: 0 })}>
          {m.clear}
        </button>
      </div>
      <Change won={changeOf(handed, won)} />
    </>
  );
}

/** What goes back, or what is still to come. */
function Change({ won }: { won: number }): JSX.Element {
  const m = t().cash;
  return (
    <div class={won < 0 ? 'change is-short' : 'change'} role="status">
      {won < 0 ? (
        m.short(amountText(-won))
      ) : (
        <>
          <span>{m.change}</span>
          <Amount won={won} size="xl" />
        </>
      )}
    </div>
  );
}

interface ReceiptPartProps extends Pick<CashStepProps, 'merchant' | 'wanted' | 'onWanted'> {
  won: number;
  bad: string;
}

function ReceiptPart({ merchant, won, wanted, onWanted, bad }: ReceiptPartProps): JSX.Element {
  const m = t().receipts;
  const away = isAway();
  const owed = merchant.cashReceiptDuty && won >= DUTY_FROM && wanted.kind === 'NONE';
  return (
    <section class="receipt-part" aria-labelledby="receipt-title">
      <h2 id="receipt-title">{m.title}</h2>
      <WantedForm wanted={wanted} onWanted={onWanted} kinds={[...ISSUED, 'NONE']} barred={away ? NAMED : []} bad={bad} />
      {away && <p class="field-hint">{m.offline}</p>}
      {owed && (
        <Notice tone="warn" icon="alert">
          {m.duty}
        </Notice>
      )}
    </section>
  );
}
