import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Notice } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import type { Phase } from '../../press';

interface RecordingProps {
  phase: Exclude<Phase, { kind: 'form' }>;
  won: number;
  /** The device could not keep the sale. */
  failed: boolean;
  /** Leaves the sale to the queue; absent for one that must not lie on the device. */
  onWait: (() => void) | undefined;
  onRepeat: () => void;
  onDrop: () => void;
}

/** While it is not known whether the sale is recorded: the queue, under the same key, cannot record it twice. */
export function Recording({ phase, won, failed, onWait, onRepeat, onDrop }: RecordingProps): JSX.Element {
  const m = t().cash;
  const lost = phase.kind === 'lost';
  const [title, text] = lost ? [m.lostTitle, m.lostText] : phase.kind === 'checking' ? [m.checking, m.checkingHint] : [m.sending, t().pay.approvingHint];
  return (
    <Page title={m.title}>
      <div class="waiting" role={lost ? 'alert' : 'status'}>
        {lost ? <Icon name="offline" size={48} /> : <span class="spinner" />}
        <Amount won={won} size="xl" />
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
      {failed && (
        <Notice tone="bad" icon="alert">
          {m.notKept}
        </Notice>
      )}
      {phase.kind !== 'sending' && (
        <div class="cta">
          {lost && phase.canRepeat && (
            <Button kind="primary" onPress={onRepeat}>
              {t().pay.sendAgain}
            </Button>
          )}
          {onWait && <Button onPress={onWait}>{m.wait}</Button>}
          {lost && (
            <Button kind="text" onPress={onDrop}>
              {t().pay.giveUp}
            </Button>
          )}
        </div>
      )}
    </Page>
  );
}
