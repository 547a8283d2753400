import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { online } from '../../../shared/state/online';
import type { Phase } from '../../press';

/** After so long the screen says that it takes longer than usual, in milliseconds. */
const LONG = 8000;

interface WaitingProps {
  phase: Exclude<Phase, { kind: 'form' }>;
  won: number;
  /** The screen was opened anew while the payment was under way. */
  reloaded: boolean;
  onRepeat: () => void;
  onDrop: () => void;
}

/** While money is under way: no way back, no second try, never the word for failed. */
export function Waiting({ phase, won, reloaded, onRepeat, onDrop }: WaitingProps): JSX.Element {
  const m = t().pay;
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG);
    return () => clearTimeout(timer);
  }, []);
  if (phase.kind === 'lost') return <Lost canRepeat={phase.canRepeat} onRepeat={onRepeat} onDrop={onDrop} />;
  const checking = phase.kind === 'checking';
  const checkingHint = online.value ? (reloaded ? m.reloaded : m.checkingHint) : m.checkingOffline;
  return (
    <Page title={m.title}>
      <div class="waiting" role="status">
        <span class="spinner" />
        <Amount won={won} size="xl" />
        <h2>{checking ? m.checking : m.approving}</h2>
        <p>{checking ? checkingHint : long ? m.approvingLong : m.approvingHint}</p>
      </div>
    </Page>
  );
}

function Lost({ canRepeat, onRepeat, onDrop }: { canRepeat: boolean; onRepeat: () => void; onDrop: () => void }): JSX.Element {
  const m = t().pay;
  return (
    <Page title={m.title}>
      <div class="waiting" role="alert">
        <span class="state-picture">
          <Icon name="offline" size={48} />
        </span>
        <h2>{m.notReceivedTitle}</h2>
        <p>{m.notReceivedText}</p>
      </div>
      <div class="cta">
        {canRepeat && (
          <Button kind="primary" onPress={onRepeat}>
            {m.sendAgain}
          </Button>
        )}
        <Button kind={canRepeat ? 'text' : 'primary'} onPress={onDrop}>
          {m.giveUp}
        </Button>
      </div>
    </Page>
  );
}
