import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { simulator, type TestCard } from '../../../shared/api/api';
import { simulatedReader } from '../../../shared/devices/simulated';
import { Button, Field, Segments } from '../../../shared/design/controls';
import { ListRow, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import type { EncryptedFormat } from '../../../shared/devices/reader';
import { t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { digitsOf, groupCard, groupMasked } from '../../../shared/text/digits';

interface SimulateProps {
  /** Which encrypted swipes the server opens, and whether it takes others. */
  formats: readonly EncryptedFormat[];
  plainTrack: boolean;
}

/** Draws a test card through the simulated reader; its cards are the simulated acquirer's. */
export function SimulatedSwipe(props: SimulateProps): JSX.Element {
  const m = t().reader;
  const [open, setOpen] = useState(false);
  return (
    <>
      <div class="button-row">
        <Button kind="tint" icon="card" onPress={() => setOpen(true)}>
          {m.simulate}
        </Button>
        <Button onPress={() => simulatedReader.charge()}>{m.charge}</Button>
      </div>
      <Sheet title={m.simulateTitle} open={open} onClose={() => setOpen(false)}>
        {open && <Deck {...props} onDrawn={() => setOpen(false)} />}
      </Sheet>
    </>
  );
}

function Deck({ formats, plainTrack, onDrawn }: SimulateProps & { onDrawn: () => void }): JSX.Element {
  const m = t().reader;
  const sendings = [...formats, ...(plainTrack ? (['PLAIN'] as const) : [])];
  const [sending, setSending] = useState(sendings[0] ?? 'PLAIN');
  const [failure, setFailure] = useState<unknown>();
  const cards = useLoad((signal) => simulator.cards(signal), 'cards');
  const [kind, setKind] = useState<'stripe' | 'chip'>('chip');
  const draw = async (card: Omit<TestCard, 'behaviour'>): Promise<void> => {
    if (sending === 'PLAIN') simulatedReader.draw(card, kind === 'chip');
    else simulatedReader.receive(await simulator.swipe(card.number, sending, kind === 'chip'));
    onDrawn();
  };
  const press = (card: Omit<TestCard, 'behaviour'>): void => {
    setFailure(undefined);
    draw(card).catch(setFailure);
  };
  return (
    <div class="stack">
      <Segments
        label={m.simulateChip}
        options={[
          { value: 'chip', text: m.simulateKinds.chip },
          { value: 'stripe', text: m.simulateKinds.stripe },
        ]}
        value={kind}
        onChange={setKind}
      />
      {sendings.length > 1 && <Segments label={m.simulateFormat} options={sendings.map((value) => ({ value, text: m.formats[value] }))} value={sending} onChange={setSending} />}
      <div class="rows">
        {cards.data?.filter(told()).map((card) => (
          <ListRow key={card.number} icon="card" tone={card.behaviour === 'APPROVE' ? 'ok' : 'plain'} title={m.behaviours[card.behaviour]} sub={[groupMasked(masked(card.number))]} onPress={() => press(card)} />
        ))}
        <ListRow
          icon="alert"
          tone="plain"
          title={m.simulateBad}
          onPress={() => {
            onDrawn();
            simulatedReader.drawBadly();
          }}
        />
      </div>
      {cards.loading && <Skeleton shape="row" count={3} />}
      <FailureNotice failure={failure} />
      <OtherCard onDraw={(number) => press({ number, expiryMonth: '12', expiryYear: '35' })} />
    </div>
  );
}

/** The first card of each behaviour that has words. */
function told(): (card: TestCard) => boolean {
  const seen = new Set<string>();
  return ({ behaviour }) => behaviour in t().reader.behaviours && !seen.has(behaviour) && seen.add(behaviour) !== undefined;
}

const masked = (number: string): string => `${number.slice(0, 6)}******${number.slice(-4)}`;

function OtherCard({ onDraw }: { onDraw: (number: string) => void }): JSX.Element {
  const m = t().reader;
  const [number, setNumber] = useState('');
  return (
    <form class="stack" autocomplete="off" onSubmit={(event) => (event.preventDefault(), number.length >= 13 && onDraw(number))}>
      <Field label={m.simulateOther} numeric value={groupCard(number)} onInput={(text) => setNumber(digitsOf(text, 19))} maxLength={30} />
      <Button type="submit" disabled={number.length < 13}>
        {m.simulateOtherAct}
      </Button>
    </form>
  );
}
