import { readWord, writeChoice } from '../state/choice';
import { LineReader, ReaderFailure, type Opened } from './line';
import { readFrame, readText } from './read';
import type { SwipeResult } from './reader';
import { SwipeStream } from './stream';

/** How the record of a payment names a reader on a serial line. */
const MODEL = 'SERIAL';
/** Bits per second: what readers send with at the factory. A Bluetooth line and USB take any. */
const BAUD = 9600;
/** The Serial Port Profile of classic Bluetooth. */
const SPP = 0x1101;

/** What is used of a port of Web Serial. */
interface Port extends EventTarget {
  readable: ReadableStream<Uint8Array> | null;
  open: (options: { baudRate: number }) => Promise<void>;
  close: () => Promise<void>;
  getInfo: () => { usbVendorId?: number; usbProductId?: number; bluetoothServiceClassId?: string | number };
}

interface Serial extends EventTarget {
  requestPort: (options?: { allowedBluetoothServiceClassIds?: number[] }) => Promise<Port>;
  getPorts: () => Promise<Port[]>;
}

const STORE = 'innopay.reader.serial';

/** What tells one kind of port from another; the browser names nothing more. */
function signOf(port: Port): string {
  const { usbVendorId = '', usbProductId = '', bluetoothServiceClassId = '' } = port.getInfo();
  return `${usbVendorId}:${usbProductId}:${bluetoothServiceClassId}`;
}

/** Readers that send text or frames on a line: USB, and Bluetooth with a serial port. */
class SerialReader extends LineReader<Port> {
  readonly #serial = (navigator as Navigator & { serial?: Serial }).serial;

  constructor() {
    super();
    this.#serial?.addEventListener('connect', () => this.back());
  }

  protected async pick(): Promise<Port | null> {
    const port = await this.#api().requestPort({ allowedBluetoothServiceClassIds: [SPP] });
    writeChoice(STORE, signOf(port));
    return port;
  }

  /** Two ports alike, and a printer may be one: then the user has to say which. */
  protected async recall(): Promise<Port | null> {
    const sign = readWord(STORE);
    const alike = (await this.#api().getPorts()).filter((port) => signOf(port) === sign);
    return alike.length === 1 ? (alike[0] ?? null) : null;
  }

  protected async open(port: Port, tell: (swipe: SwipeResult) => void, lost: () => void): Promise<Opened> {
    await port.open({ baudRate: BAUD });
    const device = { model: MODEL };
    const stream = new SwipeStream((sent) => tell('bytes' in sent ? readFrame(sent.bytes, device) : readText(sent.text, device)));
    const line = new Line(port, stream);
    void line.read().then(lost);
    return { name: '', close: () => line.close() };
  }

  #api(): Serial {
    if (!this.#serial) throw new ReaderFailure('blocked');
    return this.#serial;
  }
}

/** Reads a port until it is closed or gone. */
class Line {
  readonly #port: Port;
  readonly #stream: SwipeStream;
  #reading: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #closed = false;

  constructor(port: Port, stream: SwipeStream) {
    this.#port = port;
    this.#stream = stream;
  }

  /** Ends when there is nothing more to read; a damaged byte is no end, the port goes on with a new stream. */
  async read(): Promise<void> {
    while (this.#port.readable && !this.#closed) {
      const reading = this.#port.readable.getReader();
      this.#reading = reading;
      try {
        for (;;) {
          const { value, done } = await reading.read();
          if (done) break;
          this.#stream.push(value);
        }
      } catch {
        this.#stream.clear();
      } finally {
        reading.releaseLock();
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stream.clear();
    await this.#reading?.cancel().catch(() => undefined);
    await this.#port.close();
  }
}

export const serialReader = new SerialReader();
