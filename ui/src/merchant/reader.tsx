import type { JSX } from 'preact';
import type { Merchant } from '../shared/api/types';
import { chosenReader, chooseReader, readerKinds, startReader, type CardReader } from '../shared/devices/reader';
import { Button } from '../shared/design/controls';
import { Icon } from '../shared/design/icons';
import { Badge, ListRow } from '../shared/design/parts';
import { Sheet } from '../shared/design/sheet';
import { t } from '../shared/i18n/i18n';
import { loadMerchant } from './own';

/** The merchant, with the reader of this device on its way. */
export async function loadCounter(): Promise<Merchant> {
  const own = await loadMerchant();
  void startReader(own.simulated);
  return own;
}

/** The models there are; a press chooses one for this device. */
export function ReaderModels({ simulated, onChosen }: { simulated: boolean; onChosen: () => void }): JSX.Element {
  const m = t().reader;
  return (
    <div class="rows">
      {readerKinds(simulated).map((kind) => (
        <ListRow
          key={kind}
          icon="card"
          tone={kind === chosenReader.value ? 'accent' : 'plain'}
          title={m.models[kind]}
          sub={[m.modelHints[kind]]}
          end={kind === chosenReader.value ? <Icon name="check" size={20} /> : <Icon name="next" size={18} />}
          onPress={() => {
            void chooseReader(kind);
            onChosen();
          }}
        />
      ))}
    </div>
  );
}

/** The choice of this device's reader, with the way back to none. */
export function ReaderSheet({ simulated, open, onClose }: { simulated: boolean; open: boolean; onClose: () => void }): JSX.Element {
  const m = t().reader;
  return (
    <Sheet title={m.model} open={open} onClose={onClose}>
      <ReaderModels simulated={simulated} onChosen={onClose} />
      {chosenReader.value && (
        <Button kind="text" onPress={() => (onClose(), void chooseReader(null))}>
          {m.without}
        </Button>
      )}
    </Sheet>
  );
}

/** Below these the battery asks for attention, in percent. */
const LOW = 20;
const EMPTY = 10;

/** What the reader tells of its battery. */
export function Battery({ driver }: { driver: CardReader }): JSX.Element {
  const m = t().reader;
  const percent = driver.battery.value;
  if (percent === null) return <Badge tone="plain">{m.batteryUnknown}</Badge>;
  if (percent < EMPTY) return <Badge tone="bad" icon="alert">{m.batteryEmpty(percent)}</Badge>;
  if (percent < LOW) return <Badge tone="warn" icon="alert">{m.batteryLow(percent)}</Badge>;
  return <Badge tone="ok">{m.battery(percent)}</Badge>;
}
