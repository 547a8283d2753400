import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../../shared/api/failure';
import type { RequestBody } from '../../../../shared/api/requests';
import { Button, Chips, Field } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { Page } from '../../../../shared/design/page';
import { Amount } from '../../../../shared/design/parts';
import { amountText, t } from '../../../../shared/i18n/i18n';
import { online } from '../../../../shared/state/online';
import { digitsOf, groupPhone } from '../../../../shared/text/digits';
import { isMobile } from '../../../../shared/text/mask';
import { cart } from '../../../cart';
import { ASKED_AT, type Way } from '../../../ways';
import { whenText } from '../../../words';
import { amount, draft, edit } from '../../card/draft';
import { saleName } from '../../card/sale';
import { RequestFailure } from '../failure';
import { wordsOf } from '../words';
import { again, expiry } from './draft';
import { endOf, EXPIRIES, expiryFault } from './expiry';
import { PreviewBox, usePreview } from './preview';

interface BuyerStepProps {
  way: Way;
  failure: unknown;
  /** The request as it would be sent now. */
  body: () => RequestBody;
  onSend: () => void;
}

/** Second step: who is told how to pay, and until when it can be paid. */
export function BuyerStep({ way, failure, body, onSend }: BuyerStepProps): JSX.Element {
  const m = wordsOf(way);
  const [left, setLeft] = useState(false);
  const { buyerName, buyerPhone } = draft.value;
  const whole = isMobile(buyerPhone);
  const ready = whole && expiryFault(expiry.value, new Date()) === null;
  const at = (pointer: string): string => (failure instanceof ApiFailure ? failure.fieldMessage(pointer) : '');
  const said = at('/buyer/phone') || at('/buyer/name') || at('/expiresAt');
  const shown = [saleName(), amount.value, draft.value.serviceFee, draft.value.taxFree, buyerName.trim(), buyerPhone, expiry.value.kind, expiry.value.own, cart.value.length, again.value.length];
  const seen = usePreview(() => (ready ? body() : null), JSON.stringify(shown));
  const submit = (event: Event): void => {
    event.preventDefault();
    setLeft(true);
    if (ready && online.value) onSend();
  };
  return (
    <Page title={m.title} up={ASKED_AT[way]}>
      <div class="asked">
        <Amount won={amount.value} size="l" />
        <span>{saleName()}</span>
      </div>
      <form class="stack key-in" autocomplete="off" onSubmit={submit} noValidate>
        <h2 class="question">{m.whom}</h2>
        <Field
          label={m.phone}
          numeric
          big
          value={groupPhone(buyerPhone)}
          onInput={(text) => edit({ buyerPhone: digitsOf(text, 11) })}
          onLeave={() => setLeft(buyerPhone !== '')}
          bad={at('/buyer/phone') || (left && !whole ? m.phoneWrong : '')}
          placeholder="010-0000-0000"
          maxLength={20}
        />
        <Field label={m.name} optional value={buyerName} onInput={(text) => edit({ buyerName: text })} maxLength={100} bad={at('/buyer/name')} />
        <ExpiryChoice bad={at('/expiresAt')} />
        <PreviewBox seen={seen} ready={ready} />
        {!said && <RequestFailure failure={failure} />}
        <div class="cta">
          {!online.value && (
            <p class="safe">
              <Icon name="offline" size={16} />
              {m.offline}
            </p>
          )}
          <Button kind="primary" type="submit" disabled={!ready || !online.value}>
            {m.submit(amountText(amount.value))}
          </Button>
        </div>
      </form>
    </Page>
  );
}

/** Until when the request can be paid. */
function ExpiryChoice({ bad }: { bad: string }): JSX.Element {
  const m = t().request;
  const now = new Date();
  const { kind, own } = expiry.value;
  const end = endOf(expiry.value, now);
  const fault = expiryFault(expiry.value, now);
  const wrong = fault && (own !== '' || fault !== 'missing') ? m.untilWrong[fault] : '';
  return (
    <div class="field">
      <span class="field-label" aria-hidden="true">
        {m.expiry}
      </span>
      <Chips label={m.expiry} value={kind} wrap options={EXPIRIES.map((value) => ({ value, text: m.expiries[value] }))} onChange={(next) => (expiry.value = { kind: next, own })} />
      {kind === 'own' && <Field label={m.untilField} type="datetime-local" value={own} onInput={(text) => (expiry.value = { kind, own: text.slice(0, 16) })} bad={bad || wrong} />}
      {end && !fault && <p class="field-hint">{m.until(whenText(end, now))}</p>}
    </div>
  );
}
