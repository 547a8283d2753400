import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import type { Merchant } from '../../../shared/api/types';
import { Button, Field, SecretField } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { FailureNotice } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { digitsOf, expiryDigits, groupBusinessNumber, groupCard, groupExpiry, isExpiry, luhn } from '../../../shared/text/digits';
import { ownSettings } from '../../own';
import { amount } from './draft';
import { asksIdentity, asksPassword, missing, type Secrets } from './secrets';

interface KeyInProps {
  merchant: Merchant;
  secrets: Secrets;
  onSecrets: (secrets: Secrets) => void;
  failure: unknown;
  /** Whether a signature is asked before paying. */
  signed: boolean;
  onNext: () => void;
  /** Installments and buyer, the same for every way of taking a card. */
  options: ComponentChildren;
}

/** Where the server's complaints about a field belong. */
const POINTERS: Record<keyof Secrets, string[]> = {
  number: ['/card/number'],
  expiry: ['/card/expiryMonth', '/card/expiryYear'],
  identity: ['/card/birthOrBusinessNumber'],
  password: ['/card/passwordTwoDigits'],
};

/** From a field that is full to the next one, so that a card is typed in one go. */
function onward(): void {
  const from = document.activeElement;
  if (!(from instanceof HTMLInputElement) || !from.form) return;
  const fields = [...from.form.querySelectorAll('input')];
  fields[fields.indexOf(from) + 1]?.focus();
}

/** The card's figures, as far as the merchant's authentication level asks. */
export function KeyIn({ merchant, secrets, onSecrets, failure, signed, onNext, options }: KeyInProps): JSX.Element {
  const m = t().pay;
  const [left, setLeft] = useState<ReadonlySet<keyof Secrets>>(new Set());
  const level = merchant.authenticationLevel;
  const lacking = missing(secrets, level);
  const set = (part: Partial<Secrets>): void => onSecrets({ ...secrets, ...part });
  const setPassword = (text: string): void => {
    const password = digitsOf(text, 2);
    set({ password });
    if (password.length === 2 && password !== secrets.password) onward();
  };
  const leave = (field: keyof Secrets) => (): void => setLeft(new Set([...left, field]));

  const complaint = (field: keyof Secrets, own: string): string => {
    if (failure instanceof ApiFailure) {
      const said = POINTERS[field].map((pointer) => failure.fieldMessage(pointer)).find(Boolean);
      if (said) return said;
    }
    return left.has(field) && secrets[field] !== '' && lacking.includes(field) ? own : '';
  };
  const odd = left.has('number') && !lacking.includes('number') && !luhn(secrets.number);

  return (
    <form class="stack key-in" autocomplete="off" onSubmit={(event) => (event.preventDefault(), lacking.length === 0 && onNext())}>
      <Field
        label={m.number}
        numeric
        big
        value={groupCard(secrets.number)}
        onInput={(text) => {
          const number = digitsOf(text, 19);
          set({ number });
          if (number.length === 16 && luhn(number) && number !== secrets.number) onward();
        }}
        onLeave={leave('number')}
        bad={complaint('number', m.numberShort)}
        hint={odd ? m.numberOdd : undefined}
        placeholder="0000 0000 0000 0000"
        maxLength={30}
      />
      <div class="field-pair">
        <Field
          label={m.expiry}
          numeric
          value={groupExpiry(secrets.expiry)}
          onInput={(text) => {
            const digits = expiryDigits(text);
            set({ expiry: digits });
            if (isExpiry(digits) && digits !== secrets.expiry) onward();
          }}
          onLeave={leave('expiry')}
          bad={complaint('expiry', m.expiryWrong) || (secrets.expiry.length === 4 && !isExpiry(secrets.expiry) ? m.expiryWrong : '')}
          placeholder={m.expiryHint}
          maxLength={5}
        />
        {asksPassword(level) && (
          <SecretField pad="digits" shuffle={ownSettings.value?.shuffleKeypad} label={m.passwordTwo} numeric value={secrets.password} onInput={setPassword} onLeave={leave('password')} bad={complaint('password', m.passwordWrong)} placeholder="••" maxLength={2} />
        )}
      </div>
      {asksIdentity(level) && (
        <Field
          label={m.identity}
          hint={m.identityHint}
          numeric
          value={secrets.identity.length > 6 ? groupBusinessNumber(secrets.identity) : secrets.identity}
          onInput={(text) => set({ identity: digitsOf(text, 10) })}
          onLeave={leave('identity')}
          bad={complaint('identity', m.identityWrong)}
          maxLength={14}
        />
      )}
      {options}
      <p class="safe">
        <Icon name="lock" size={16} />
        {m.safe}
      </p>
      <FailureNotice failure={failure} />
      <div class="cta">
        <Button kind="primary" type="submit" disabled={lacking.length > 0}>
          {signed ? m.toSign : m.submit(amountText(amount.value))}
        </Button>
      </div>
    </form>
  );
}
