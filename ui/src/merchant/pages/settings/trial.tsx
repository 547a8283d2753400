import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Facts, Notice } from '../../../shared/design/parts';
import type { CardReader, EncryptedFormat, Masked, ReaderKind, ReaderPolicy, SwipeResult } from '../../../shared/devices/reader';
import { t } from '../../../shared/i18n/i18n';
import { Plate } from '../card/plate';
import { later } from '../../later';

const Simulator = later(async () => (await import('../card/simulate')).SimulatedSwipe);

/** What a test keeps of a swipe: nothing that could be paid with. */
interface Seen {
  masked: Masked;
  chip: boolean | null;
  sent: EncryptedFormat | 'PLAIN';
  serial: string;
}

type TrialState = 'idle' | 'waiting' | 'unreadable' | Seen;

function seen(swipe: SwipeResult): TrialState {
  if (swipe.kind === 'unreadable') return 'unreadable';
  return { masked: swipe.masked, chip: swipe.chip, sent: swipe.kind === 'plain' ? 'PLAIN' : swipe.format, serial: swipe.device.serial ?? '' };
}

/** A swipe that is only looked at: masked, sent nowhere, forgotten. */
export function Trial({ kind, driver, policy }: { kind: ReaderKind; driver: CardReader; policy: ReaderPolicy }): JSX.Element {
  const m = t().reader;
  const [state, setState] = useState<TrialState>('idle');
  const open = state !== 'idle';
  useEffect(() => (open ? driver.onSwipe((swipe) => setState(seen(swipe))) : undefined), [open, driver]);
  return (
    <section class="setting">
      <h2>{m.trial}</h2>
      <p class="hidden-why">{m.trialHint}</p>
      <div role="status" class="stack">
        {state === 'waiting' && (
          <Notice tone="accent" icon="card">
            {m.trialWait}
          </Notice>
        )}
        {state === 'unreadable' && (
          <Notice tone="bad" icon="alert">
            <p>{m.unreadable(1)}</p>
            {m.unreadableHint}
          </Notice>
        )}
        {typeof state === 'object' && <Result {...state} />}
      </div>
      {open && kind === 'simulated' && <Simulator formats={policy.formats} plainTrack={policy.plainTrack} />}
      {state === 'waiting' ? (
        <Button onPress={() => setState('idle')}>{m.trialEnd}</Button>
      ) : (
        <Button kind="tint" icon="card" onPress={() => setState('waiting')}>
          {state === 'idle' ? m.trial : m.trialAgain}
        </Button>
      )}
    </section>
  );
}

function Result({ masked, chip, sent, serial }: Seen): JSX.Element {
  const m = t().reader;
  return (
    <>
      <Plate masked={masked} chip={chip} />
      <Facts
        rows={[
          [m.trialFacts.format, m.formats[sent]],
          [m.trialFacts.chip, m.trialChip[chip === null ? 'hidden' : chip ? 'yes' : 'no']],
          [m.trialFacts.serial, serial],
        ]}
      />
      {sent === 'PLAIN' && (
        <Notice tone="warn" icon="alert">
          {m.plain}
        </Notice>
      )}
    </>
  );
}
