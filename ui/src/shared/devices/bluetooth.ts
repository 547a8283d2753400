import { readWord, writeChoice } from '../state/choice';
import { LineReader, ReaderFailure, type Opened } from './line';
import { readFrame, readText } from './read';
import type { SwipeResult } from './reader';
import { SwipeStream } from './stream';

/** What is used of Web Bluetooth. */
interface Characteristic extends EventTarget {
  properties: { notify: boolean; indicate: boolean; read: boolean };
  value?: DataView;
  readValue: () => Promise<DataView>;
  startNotifications: () => Promise<Characteristic>;
}

interface Service {
  getCharacteristic: (uuid: number | string) => Promise<Characteristic>;
  getCharacteristics: () => Promise<Characteristic[]>;
}

interface Server {
  connected: boolean;
  connect: () => Promise<Server>;
  disconnect: () => void;
  getPrimaryService: (uuid: number | string) => Promise<Service>;
}

interface BleDevice extends EventTarget {
  id: string;
  name?: string;
  gatt?: Server;
}

interface Bluetooth {
  requestDevice: (options: { acceptAllDevices: true; optionalServices: (number | string)[] }) => Promise<BleDevice>;
  getDevices?: () => Promise<BleDevice[]>;
}

/** How the record of a payment names a Bluetooth reader that has no name. */
const MODEL = 'BLUETOOTH';
const STORE = 'innopay.reader.bluetooth';

/** Battery Service and Battery Level (Bluetooth SIG assigned numbers). */
const BATTERY_SERVICE = 0x180f;
const BATTERY_LEVEL = 0x2a19;
/** How often the battery is asked for, in milliseconds. */
const BATTERY_EVERY = 60_000;

/** Services that carry a serial line: Nordic's, Microchip's, and that of the HM-10 modules. */
const LINES: readonly (number | string)[] = ['6e400001-b5a3-f393-e0a9-e50e24dcca9e', '49535343-fe7d-4ae5-8fa9-9fafd205e455', 0xffe0];

/** Readers over Bluetooth Low Energy: swipes as notifications of a serial line, and their battery. */
class BluetoothReader extends LineReader<BleDevice> {
  readonly #bluetooth = (navigator as Navigator & { bluetooth?: Bluetooth }).bluetooth;

  protected async pick(): Promise<BleDevice | null> {
    // Few readers name their services in what they broadcast: the user picks by name.
    const device = await this.#api().requestDevice({ acceptAllDevices: true, optionalServices: [...LINES, BATTERY_SERVICE] });
    writeChoice(STORE, device.id);
    return device;
  }

  protected async recall(): Promise<BleDevice | null> {
    const kept = readWord(STORE);
    // Not every browser tells which devices were allowed before: then the user picks again.
    return (await this.#api().getDevices?.())?.find(({ id }) => id === kept) ?? null;
  }

  protected async open(device: BleDevice, tell: (swipe: SwipeResult) => void, lost: () => void): Promise<Opened> {
    const server = await device.gatt?.connect();
    if (!server) throw new ReaderFailure('absent');
    const name = device.name ?? '';
    const made = { model: name.slice(0, 100) || MODEL };
    const stream = new SwipeStream((sent) => tell('bytes' in sent ? readFrame(sent.bytes, made) : readText(sent.text, made)));
    const ends: (() => void)[] = [];
    const close = (): Promise<void> => {
      ends.forEach((end) => end());
      stream.clear();
      server.disconnect();
      return Promise.resolve();
    };
    try {
      ends.push(listen(device, 'gattserverdisconnected', lost));
      const lines = await notifying(server);
      if (lines.length === 0) throw new ReaderFailure('mute');
      for (const line of lines) {
        ends.push(listen(line, 'characteristicvaluechanged', () => line.value && stream.push(bytesIn(line.value))));
        await line.startNotifications();
      }
      ends.push(await this.#watchBattery(server));
    } catch (cause) {
      await close();
      throw cause;
    }
    return { name, close };
  }

  /** Follows the battery where the device tells of it; a device without stays unknown. */
  async #watchBattery(server: Server): Promise<() => void> {
    try {
      const level = await (await server.getPrimaryService(BATTERY_SERVICE)).getCharacteristic(BATTERY_LEVEL);
      const take = (value: DataView | undefined): void => {
        const percent = value && value.byteLength > 0 ? value.getUint8(0) : null;
        this.battery.value = percent !== null && percent <= 100 ? percent : null;
      };
      const end = listen(level, 'characteristicvaluechanged', () => take(level.value));
      take(await level.readValue());
      if (level.properties.notify) await level.startNotifications();
      // Not every reader tells of a change by itself.
      const timer = setInterval(() => void level.readValue().then(take, () => undefined), BATTERY_EVERY);
      return () => {
        clearInterval(timer);
        end();
      };
    } catch {
      return () => undefined;
    }
  }

  #api(): Bluetooth {
    if (!this.#bluetooth) throw new ReaderFailure('blocked');
    return this.#bluetooth;
  }
}

/** The notifying characteristics of the first service that carries a line. */
async function notifying(server: Server): Promise<Characteristic[]> {
  for (const uuid of LINES) {
    const service = await server.getPrimaryService(uuid).catch(() => null);
    const found = (await service?.getCharacteristics())?.filter(({ properties }) => properties.notify || properties.indicate) ?? [];
    if (found.length > 0) return found;
  }
  return [];
}

function listen(on: EventTarget, type: string, handler: () => void): () => void {
  on.addEventListener(type, handler);
  return () => on.removeEventListener(type, handler);
}

const bytesIn = ({ buffer, byteOffset, byteLength }: DataView): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);

export const bluetoothReader = new BluetoothReader();
