import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../shared/design/controls';
import { Icon, type IconName } from '../shared/design/icons';
import { Amount } from '../shared/design/parts';
import { Sheet } from '../shared/design/sheet';
import { amountText, t } from '../shared/i18n/i18n';
import { href, place } from '../shared/router/router';
import { cartCount, cartTotal } from './cart';
import { askings } from './ways';
import './methods.css';

interface Method {
  to: string;
  icon: IconName;
  text: string;
  hint: string;
}

/** The ways to pay for chosen products that exist. */
function methods(): Method[] {
  const f = t().functions;
  return [
    { to: '/pay/card?step=card', icon: 'card', text: f.card, hint: f.cardHint },
    ...askings().map(({ to, icon, text, hint }) => ({ to: `${to}?step=buyer`, icon, text, hint })),
    { to: '/pay/cash?step=cash', icon: 'coin', text: f.cash, hint: f.cashHint },
  ];
}

/** What is chosen comes to how much, and the button that asks how it is paid. summary stands above the button. */
export function PayBar({ summary }: { summary: ComponentChildren }): JSX.Element {
  const m = t().cart;
  const [open, setOpen] = useState(false);
  const begun = methods().find(({ to }) => to.startsWith(`/pay/${place.value.query.get('for') ?? ''}?`));
  return (
    <div class="cta">
      {summary}
      {/* Who came from a way to pay goes on with it. */}
      {begun && (
        <Button kind="primary" href={href(begun.to)}>
          {m.goOn(begun.text)}
        </Button>
      )}
      <Button kind={begun ? 'text' : 'primary'} onPress={() => setOpen(true)}>
        {begun ? m.otherMethod : m.chooseMethod}
      </Button>
      <Sheet title={m.methodTitle} open={open} onClose={() => setOpen(false)}>
        <p class="method-sum">
          <span>{t().products.count(cartCount.value)}</span>
          <Amount won={cartTotal.value} size="l" />
        </p>
        {methods().map((method) => (
          <a key={method.to} class="method" href={href(method.to)} aria-label={m.methodPay(amountText(cartTotal.value), method.text)}>
            <Icon name={method.icon} size={28} />
            <span class="method-text">
              <strong>{method.text}</strong>
              <span>{method.hint}</span>
            </span>
            <Icon name="next" size={20} />
          </a>
        ))}
      </Sheet>
    </div>
  );
}
