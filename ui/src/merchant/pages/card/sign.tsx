import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Signature } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount } from '../../../shared/design/parts';
import { SignaturePad } from '../../../shared/design/signature';
import { amountText, t } from '../../../shared/i18n/i18n';

/** Third step, above the merchant's limit: the buyer signs under the amount, from either side of the counter. */
export function SignStep({ won, onPay }: { won: number; onPay: (signature: Signature | null) => void }): JSX.Element {
  const m = t().pay;
  const [signature, setSignature] = useState<Signature | null>(null);
  const [turn, setTurn] = useState(0);
  const [turned, setTurned] = useState(false);
  return (
    <Page title={m.title} up="/pay/card?step=card">
      <div class={turned ? 'sign is-turned' : 'sign'}>
        <div class="hero hero-small">
          <span class="hero-label">{m.signTitle}</span>
          <Amount won={won} size="l" />
        </div>
        <SignaturePad label={m.signPad} turn={turn} turned={turned} onChange={setSignature} />
        <p class="unseen" role="status">
          {signature ? m.signDrawn : ''}
        </p>
        <div class="button-row">
          <Button icon="undo" disabled={!signature} onPress={() => setTurn(turn + 1)}>
            {m.signAgain}
          </Button>
          <Button icon="phone" onPress={() => setTurned(!turned)}>
            {turned ? m.turnBack : m.turn}
          </Button>
        </div>
      </div>
      <div class="cta">
        <Button kind="primary" disabled={!signature} onPress={() => onPay(signature)}>
          {signature ? m.submit(amountText(won)) : m.signEmpty}
        </Button>
        <Button kind="text" onPress={() => onPay(null)}>
          {m.signLater}
        </Button>
      </div>
    </Page>
  );
}
