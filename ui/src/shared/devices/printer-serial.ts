import { PrintFailure } from './printer';
import { LinkPrinter, type Found, type Heard, type Link, type Transport } from './printer-link';

// Web Serial (https://wicg.github.io/serial/), as far as a printer needs it: TypeScript's own library lacks it.
interface SerialPort extends EventTarget {
  readonly connected?: boolean;
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open: (options: { baudRate: number; bufferSize: number }) => Promise<void>;
  close: () => Promise<void>;
  getInfo: () => { usbVendorId?: number; usbProductId?: number; bluetoothServiceClassId?: number | string };
}

interface Serial extends EventTarget {
  getPorts: () => Promise<SerialPort[]>;
  requestPort: (options?: { filters?: { bluetoothServiceClassId: number }[]; allowedBluetoothServiceClassIds?: number[] }) => Promise<SerialPort>;
}

/** Bluetooth's Serial Port Profile: how most pocket printers are reached. */
const SPP = 0x1101;
/** Bytes of one write, and what the browser may hold back: little, so that a stopped printer is noticed soon. */
const CHUNK = 512;
const BUFFER = 1024;
/** So many errors on the line are survived. */
const MOST_ERRORS = 20;

const serial = (): Serial | undefined => (navigator as { serial?: Serial }).serial;

/** Ports have neither names nor numbers: what they say of themselves must do. */
function idOf(port: SerialPort): string {
  const { usbVendorId, usbProductId, bluetoothServiceClassId } = port.getInfo();
  if (bluetoothServiceClassId !== undefined) return 'bluetooth';
  return usbVendorId === undefined ? 'port' : `usb:${usbVendorId.toString(16)}:${(usbProductId ?? 0).toString(16)}`;
}

class SerialLink implements Link {
  readonly chunk = CHUNK;
  readonly speaks: boolean;
  #port: SerialPort;
  #heard: Heard;
  #writer: WritableStreamDefaultWriter<Uint8Array> | null = null;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #onGone: () => void;
  #closed = false;

  constructor(port: SerialPort, heard: Heard) {
    this.#port = port;
    this.#heard = heard;
    this.speaks = port.readable !== null;
    this.#onGone = () => heard.lost();
    port.addEventListener('disconnect', this.#onGone);
    void this.#listen();
  }

  async write(piece: Uint8Array): Promise<void> {
    if (!this.#port.writable) throw new PrintFailure('LOST', false);
    this.#writer ??= this.#port.writable.getWriter();
    await this.#writer.ready;
    await this.#writer.write(piece);
  }

  /** Closing the stream waits until the last byte is out; the port then has a new one. */
  async flush(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    await writer?.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#port.removeEventListener('disconnect', this.#onGone);
    // A printer that stopped taking bytes would hold the port open for ever.
    await Promise.allSettled([this.#reader?.cancel(), this.#writer?.abort()]);
    this.#writer?.releaseLock();
    this.#writer = null;
    await this.#port.close().catch(() => undefined);
  }

  /** After an error that the port survives, such as noise on the line, it has a new stream. */
  async #listen(): Promise<void> {
    for (let turn = 0; turn < MOST_ERRORS && !this.#closed && this.#port.readable; turn++) {
      this.#reader = this.#port.readable.getReader();
      try {
        for (let read = await this.#reader.read(); !read.done; read = await this.#reader.read()) this.#heard.bytes(read.value);
        return;
      } catch {
        // The next turn sees whether the port is still there.
      } finally {
        this.#reader.releaseLock();
      }
    }
    if (!this.#closed && !this.#port.readable) this.#heard.lost();
  }
}

function found(port: SerialPort): Found {
  return {
    id: idOf(port),
    name: '',
    open: async (heard, speed) => {
      try {
        await port.open({ baudRate: speed, bufferSize: BUFFER });
      } catch (cause) {
        const refused = cause instanceof DOMException && (cause.name === 'SecurityError' || cause.name === 'NotAllowedError');
        throw new PrintFailure(refused ? 'FORBIDDEN' : 'OFF', false, cause);
      }
      return new SerialLink(port, heard);
    },
  };
}

class SerialTransport implements Transport {
  /** Only paired Bluetooth printers, or every port there is. */
  readonly #bluetooth: boolean;

  constructor(bluetooth: boolean) {
    this.#bluetooth = bluetooth;
  }

  async choose(): Promise<Found | null> {
    const allowed = { allowedBluetoothServiceClassIds: [SPP] };
    try {
      return found(await this.#request(this.#bluetooth ? { ...allowed, filters: [{ bluetoothServiceClassId: SPP }] } : allowed));
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'NotFoundError') return null;
      throw new PrintFailure('FORBIDDEN', false, cause);
    }
  }

  async #request(options: Parameters<Serial['requestPort']>[0]): Promise<SerialPort> {
    const api = serial();
    if (!api) throw new PrintFailure('FORBIDDEN', false);
    try {
      return await api.requestPort(options);
    } catch (cause) {
      // A browser that knows no such filter shows every port.
      if (cause instanceof TypeError) return api.requestPort();
      throw cause;
    }
  }

  async known(id: string): Promise<Found | undefined> {
    const ports = ((await serial()?.getPorts()) ?? []).filter((port) => idOf(port) === id);
    const here = ports.filter((port) => port.connected === true);
    // Of two that look alike one may be a card reader: then the user must say which.
    const [only, ...others] = here.length > 0 ? here : ports;
    return only && others.length === 0 ? found(only) : undefined;
  }

  onReturn(handler: () => void): void {
    serial()?.addEventListener('connect', handler);
  }
}

/** A paired Bluetooth printer with the Serial Port Profile. */
export const bluetoothSerialPrinter = new LinkPrinter(new SerialTransport(true));
/** A printer on a serial or USB-serial cable. */
export const cablePrinter = new LinkPrinter(new SerialTransport(false));
