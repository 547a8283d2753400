import { PrintFailure } from './printer';
import { LinkPrinter, type Found, type Heard, type Link, type Transport } from './printer-link';

// Web Bluetooth (https://webbluetoothcg.github.io/web-bluetooth/), as far as a printer needs it.
interface Characteristic extends EventTarget {
  readonly uuid: string;
  readonly properties: { write: boolean; writeWithoutResponse: boolean; notify: boolean };
  readonly value?: DataView;
  writeValueWithResponse: (value: BufferSource) => Promise<void>;
  writeValueWithoutResponse: (value: BufferSource) => Promise<void>;
  startNotifications: () => Promise<unknown>;
}

interface Service {
  readonly uuid: string;
  getCharacteristics: () => Promise<Characteristic[]>;
}

interface Gatt {
  readonly connected: boolean;
  connect: () => Promise<Gatt>;
  disconnect: () => void;
  getPrimaryServices: () => Promise<Service[]>;
}

interface BluetoothDevice extends EventTarget {
  readonly id: string;
  readonly name?: string;
  readonly gatt?: Gatt;
}

interface Bluetooth {
  requestDevice: (options: { filters: ({ services: string[] } | { namePrefix: string })[]; optionalServices: string[] }) => Promise<BluetoothDevice>;
  getDevices?: () => Promise<BluetoothDevice[]>;
}

const short = (code: string): string => `0000${code}-0000-1000-8000-00805f9b34fb`;

/**
 * Services by which receipt printers take their data: the usual one of printers (18f0),
 * the transparent UART of Microchip's chips, and those of the common serial modules.
 */
const SERVICES = [short('18f0'), '49535343-fe7d-4ae5-8fa9-9fafd205e455', 'e7810a71-73ae-499d-8c15-faa9aef0c3f2', short('ff00'), short('ffe0'), short('fff0')];
/** Printers that keep their services to themselves until they are connected. */
const NAMES = ['SPP-', 'BIXOLON', 'TM-', 'STAR', 'MPT', 'Printer', 'POS', 'XP-', 'SM-'];

/** Bytes of one write, tried from large to small: what the link carries is not told. The last fits every link (ATT_MTU 23). */
const SIZES = [180, 100, 20];
/** Between two writes that nobody confirms, in milliseconds: about what the paper takes. */
const PAUSE = 8;

const bluetooth = (): Bluetooth | undefined => (navigator as { bluetooth?: Bluetooth }).bluetooth;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

class GattLink implements Link {
  readonly speaks: boolean;
  #device: BluetoothDevice;
  #out: Characteristic;
  /** A confirmed write waits until the printer has room; the other kind is paced. */
  #confirmed: boolean;
  #size: number;
  #onGone: () => void;

  constructor(device: BluetoothDevice, out: Characteristic, speaks: boolean, heard: Heard) {
    this.#device = device;
    this.#out = out;
    this.speaks = speaks;
    this.#confirmed = out.properties.write;
    // Unconfirmed, a write that is too long may be cut without a word.
    this.#size = this.#confirmed ? 0 : SIZES.length - 1;
    this.#onGone = () => heard.lost();
    device.addEventListener('gattserverdisconnected', this.#onGone);
  }

  get chunk(): number {
    return SIZES[this.#size] ?? 20;
  }

  async write(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length; ) {
      const part = piece.slice(at, at + this.chunk);
      if (!(await this.#put(part))) continue;
      at += part.length;
    }
  }

  /** Writes, or finds that it was too much for this link: then the next is smaller. */
  async #put(part: Uint8Array<ArrayBuffer>): Promise<boolean> {
    if (!this.#confirmed) {
      await this.#out.writeValueWithoutResponse(part);
      await pause(PAUSE);
      return true;
    }
    try {
      await this.#out.writeValueWithResponse(part);
      return true;
    } catch (cause) {
      const smaller = SIZES.findIndex((size) => size < part.length);
      if (smaller < 0 || !this.#device.gatt?.connected) throw cause;
      this.#size = smaller;
      return false;
    }
  }

  close(): Promise<void> {
    this.#device.removeEventListener('gattserverdisconnected', this.#onGone);
    this.#device.gatt?.disconnect();
    return Promise.resolve();
  }
}

const isWritable = ({ properties }: Characteristic): boolean => properties.write || properties.writeWithoutResponse;

async function open(device: BluetoothDevice, heard: Heard): Promise<Link> {
  const server = await device.gatt?.connect().catch((cause: unknown) => {
    throw new PrintFailure('OFF', false, cause);
  });
  const services = (await server?.getPrimaryServices()) ?? [];
  services.sort((a, b) => SERVICES.indexOf(a.uuid) - SERVICES.indexOf(b.uuid));
  for (const service of services) {
    const all = await service.getCharacteristics();
    const out = all.find(isWritable);
    if (out) return new GattLink(device, out, await listen(all, heard), heard);
  }
  device.gatt?.disconnect();
  throw new PrintFailure('STRANGE', false);
}

/** Hears what the printer says, where it does. */
async function listen(all: Characteristic[], heard: Heard): Promise<boolean> {
  const voice = all.find(({ properties }) => properties.notify);
  if (!voice) return false;
  try {
    voice.addEventListener('characteristicvaluechanged', () => {
      const { value } = voice;
      if (value) heard.bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    });
    await voice.startNotifications();
    return true;
  } catch {
    return false;
  }
}

const found = (device: BluetoothDevice): Found => ({ id: device.id, name: device.name ?? '', open: (heard) => open(device, heard) });

const transport: Transport = {
  choose: async () => {
    try {
      const filters = [...SERVICES.map((uuid) => ({ services: [uuid] })), ...NAMES.map((namePrefix) => ({ namePrefix }))];
      const device = await bluetooth()?.requestDevice({ filters, optionalServices: SERVICES });
      return device ? found(device) : null;
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'NotFoundError') return null;
      throw new PrintFailure('FORBIDDEN', false, cause);
    }
  },
  known: async (id) => {
    const device = ((await bluetooth()?.getDevices?.()) ?? []).find((each) => each.id === id);
    return device && found(device);
  },
  // There is no word of a device that came back: the next print connects it.
  onReturn: () => undefined,
};

/** A Bluetooth Low Energy printer. */
export const bluetoothPrinter = new LinkPrinter(transport);
