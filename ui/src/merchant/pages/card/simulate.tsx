import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { simulator, type TestCard } from '../../../shared/api/api';
import { simulatedReader } from '../../../shared/devices/simulated';
import { Button, Field, Segments } from '../../../shared/design/controls';
import { ListRow, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { digitsOf, groupCard, groupMasked } from '../../../shared/text/digits';

/** Draws a test card through the simulated reader; its cards are the simulated acquirer's. */
export function SimulatedSwipe(): JSX.Element {
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
        {open && <Deck onDrawn={() => setOpen(false)} />}
      </Sheet>
    </>
  );
}

function Deck({ onDrawn }: { onDrawn: () => void }): JSX.Element {
  const m = t().reader;
  const cards = useLoad((signal) => simulator.cards(signal), 'cards');
  const [kind, setKind] = useState<'stripe' | 'chip'>('chip');
  const draw = (card: Omit<TestCard, 'behaviour'>): void => {
    onDrawn();
    simulatedReader.draw(card, kind === 'chip');
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
      <div class="rows">
        {cards.data?.filter(told()).map((card) => (
          <ListRow key={card.number} icon="card" tone={card.behaviour === 'APPROVE' ? 'ok' : 'plain'} title={m.behaviours[card.behaviour]} sub={[groupMasked(masked(card.number))]} onPress={() => draw(card)} />
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
      <OtherCard onDraw={(number) => draw({ number, expiryMonth: '12', expiryYear: '35' })} />
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
