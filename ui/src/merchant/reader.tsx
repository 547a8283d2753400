import { effect } from '@preact/signals';
import type { JSX } from 'preact';
import type { Merchant } from '../shared/api/types';
import { chosenReader, chooseReader, isPlain, reader, readerKinds, startReader, type CardReader, type ReaderPolicy } from '../shared/devices/reader';
import { Button } from '../shared/design/controls';
import { Icon } from '../shared/design/icons';
import { Badge, ListRow, type Tone } from '../shared/design/parts';
import { Sheet } from '../shared/design/sheet';
import { alarm } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import { loadMerchant } from './own';

/** Which readers a merchant may use. */
export function policyOf({ simulated, readers }: Merchant): ReaderPolicy {
  return { simulated, plainTrack: readers.plainTrack, formats: readers.formats };
}

/** The merchant, with the reader of this device on its way. */
export async function loadCounter(): Promise<Merchant> {
  const own = await loadMerchant();
  void startReader(policyOf(own));
  return own;
}

/** The models there are; a press chooses one for this device. */
export function ReaderModels({ policy, onChosen }: { policy: ReaderPolicy; onChosen: () => void }): JSX.Element {
  const m = t().reader;
  return (
    <div class="rows">
      {readerKinds(policy).map((kind) => (
        <ListRow
          key={kind}
          icon="reader"
          tone={kind === chosenReader.value ? 'accent' : 'plain'}
          title={m.models[kind]}
          sub={[m.modelHints[kind]]}
          end={kind === chosenReader.value ? <Icon name="check" size={20} /> : isPlain(kind) ? <Icon name="alert" size={18} /> : <Icon name="next" size={18} />}
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
export function ReaderSheet({ policy, open, onClose }: { policy: ReaderPolicy; open: boolean; onClose: () => void }): JSX.Element {
  const m = t().reader;
  return (
    <Sheet title={m.model} open={open} onClose={onClose}>
      <ReaderModels policy={policy} onChosen={onClose} />
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

/** How a battery stands; plain when the reader does not tell. */
export function batteryTone(percent: number | null): Extract<Tone, 'ok' | 'warn' | 'bad' | 'plain'> {
  if (percent === null) return 'plain';
  return percent < EMPTY ? 'bad' : percent < LOW ? 'warn' : 'ok';
}

/** What the reader tells of its battery. */
export function Battery({ driver }: { driver: CardReader }): JSX.Element {
  const m = t().reader;
  const percent = driver.battery.value;
  if (percent === null) return <Badge tone="plain">{m.batteryUnknown}</Badge>;
  switch (batteryTone(percent)) {
    case 'bad':
      return <Badge tone="bad" icon="alert">{m.batteryEmpty(percent)}</Badge>;
    case 'warn':
      return <Badge tone="warn" icon="alert">{m.batteryLow(percent)}</Badge>;
    default:
      return <Badge tone="ok">{m.battery(percent)}</Badge>;
  }
}

/** The battery in the top bar: a figure, and a word for screen readers; nothing where the reader does not tell. */
export function BatteryMark({ driver }: { driver: CardReader }): JSX.Element | null {
  const percent = driver.battery.value;
  if (driver.state.value !== 'ready' || percent === null) return null;
  return (
    <Badge tone={batteryTone(percent)} icon={percent < LOW ? 'alert' : 'battery'}>
      <span aria-hidden="true">{percent}%</span>
      <span class="unseen">{t().reader.battery(percent)}</span>
    </Badge>
  );
}

/** Says once, wherever the user is, that the battery is nearly empty. Gives the function that stops it. */
export function followBattery(): () => void {
  let told = false;
  return effect(() => {
    const percent = reader.value?.battery.value ?? null;
    if (percent === null) return;
    const empty = percent < EMPTY;
    if (empty && !told) alarm(t().reader.batteryAlarm(percent));
    told = empty;
  });
}
