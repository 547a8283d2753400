import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LinkPrinter } from '../src/shared/devices/printer-link';

/** Puts a browser's way to devices in place for one test. */
function give(name: 'serial' | 'usb' | 'bluetooth', api: unknown): void {
  Object.defineProperty(navigator, name, { configurable: true, value: api });
}

const document_ = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i % 200) + 32);
const quiet = { asks: false };

beforeEach(() => vi.resetModules());
afterEach(() => {
  vi.useRealTimers();
  for (const name of ['serial', 'usb', 'bluetooth'] as const) Reflect.deleteProperty(navigator, name);
});

/** A serial port with streams as the browser makes them. */
class Port extends EventTarget {
  written: number[] = [];
  sizes: number[] = [];
  options: unknown;
  opens = 0;
  flushed = 0;
  readable: ReadableStream<Uint8Array> | null = null;
  #writable: WritableStream<Uint8Array> | null = null;
  #out: ReadableStreamDefaultController<Uint8Array> | null = null;
  #isOpen = false;
  refuses: DOMException | null = null;
  info: object;

  constructor(info: object = { bluetoothServiceClassId: '00001101-0000-1000-8000-00805f9b34fb' }) {
    super();
    this.info = info;
  }

  getInfo = (): object => this.info;
  open(options: unknown): Promise<void> {
    if (this.refuses) return Promise.reject(this.refuses);
    this.options = options;
    this.opens += 1;
    this.#isOpen = true;
    this.readable = new ReadableStream({ start: (controller) => void (this.#out = controller) });
    return Promise.resolve();
  }

  get writable(): WritableStream<Uint8Array> | null {
    if (!this.#isOpen) return null;
    this.#writable ??= new WritableStream({
      write: (piece) => {
        this.sizes.push(piece.length);
        this.written.push(...piece);
      },
      close: () => {
        this.flushed += 1;
        this.#writable = null;
      },
      abort: () => void (this.#writable = null),
    });
    return this.#writable;
  }

  say(...bytes: number[]): void {
    this.#out?.enqueue(Uint8Array.from(bytes));
  }

  close(): Promise<void> {
    if (this.readable?.locked || this.#writable?.locked) return Promise.reject(new TypeError('locked'));
    this.#isOpen = false;
    this.readable = null;
    return Promise.resolve();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
}

class Serial extends EventTarget {
  asked: unknown[] = [];
  ports: Port[];
  picks: () => Promise<Port>;

  constructor(...ports: Port[]) {
    super();
    this.ports = ports;
    this.picks = () => Promise.resolve(ports[0]!);
  }

  requestPort = (options?: unknown): Promise<Port> => {
    this.asked.push(options);
    return this.picks();
  };
  getPorts = (): Promise<Port[]> => Promise.resolve(this.ports);
}

const serials = (): Promise<typeof import('../src/shared/devices/printer-serial')> => import('../src/shared/devices/printer-serial');

describe('Web Serial', () => {
  it('asks for paired Bluetooth printers, sends in pieces, and waits until all is out', async () => {
    const port = new Port();
    const serial = new Serial(port);
    give('serial', serial);
    const { bluetoothSerialPrinter: printer } = await serials();
    expect(await printer.choose(19200)).toEqual({ id: 'bluetooth', name: '' });
    expect(serial.asked).toEqual([{ allowedBluetoothServiceClassIds: [0x1101], filters: [{ bluetoothServiceClassId: 0x1101 }] }]);
    expect(port.options).toMatchObject({ baudRate: 19200 });
    await printer.send(document_(1300), quiet);
    await printer.send(document_(3), quiet);
    expect(port.sizes).toEqual([512, 512, 276, 3]);
    expect(port.written).toEqual([...document_(1300), ...document_(3)]);
    expect(port.flushed).toBe(2);
    await printer.disconnect();
    expect(port.isOpen).toBe(false);
  });

  it('shows every port where the browser knows no filter for Bluetooth', async () => {
    const serial = new Serial(new Port());
    let turn = 0;
    serial.picks = () => (turn++ === 0 ? Promise.reject(new TypeError('unknown filter')) : Promise.resolve(serial.ports[0]!));
    give('serial', serial);
    const { bluetoothSerialPrinter: printer } = await serials();
    await printer.choose(9600);
    expect(serial.asked[1]).toBeUndefined();
    expect(printer.state.value.kind).toBe('ready');
  });

  it('takes a closed list for no choice, and a port that does not open for a printer that is off', async () => {
    const serial = new Serial(new Port());
    serial.picks = () => Promise.reject(new DOMException('', 'NotFoundError'));
    give('serial', serial);
    const { cablePrinter: printer } = await serials();
    expect(await printer.choose(9600)).toBeNull();
    expect(printer.state.value).toEqual({ kind: 'off' });
    serial.ports[0]!.refuses = new DOMException('', 'NetworkError');
    serial.picks = () => Promise.resolve(serial.ports[0]!);
    await expect(printer.choose(9600)).rejects.toMatchObject({ trouble: 'OFF' });
  });

  it('hears the status, the disconnect, and the return', async () => {
    const port = new Port();
    const serial = new Serial(port);
    give('serial', serial);
    const { bluetoothSerialPrinter: printer } = await serials();
    await printer.choose(9600);
    const asked = printer.send(document_(3), { asks: true });
    await vi.waitFor(() => expect(port.written).toEqual([0x10, 0x04, 0x02]));
    port.say(0x32);
    await expect(asked).rejects.toMatchObject({ trouble: 'PAPER', begun: false });
    port.dispatchEvent(new Event('disconnect'));
    expect(printer.state.value).toEqual({ kind: 'failed', trouble: 'LOST' });
    await vi.waitFor(() => expect(port.isOpen).toBe(false));
    serial.dispatchEvent(new Event('connect'));
    await vi.waitFor(() => expect(printer.state.value.kind).toBe('ready'));
    expect(port.opens).toBe(2);
  });

  it('finds the port of before again, but not one of two that look alike', async () => {
    const cable = new Port({ usbVendorId: 0x1504, usbProductId: 0x6 });
    give('serial', new Serial(new Port(), cable, new Port()));
    const { bluetoothSerialPrinter, cablePrinter } = await serials();
    expect(await cablePrinter.connect('usb:1504:6', 9600)).toBe(true);
    expect(await bluetoothSerialPrinter.connect('bluetooth', 9600)).toBe(false);
  });
});

function usbDevice(type: number): { device: Record<string, unknown>; sent: number[][]; answers: { status: string; bytesWritten?: number }[]; port: { bits: number } } {
  const sent: number[][] = [];
  const answers: { status: string; bytesWritten?: number }[] = [];
  const port = { bits: 0x18 };
  const alternates = [
    { alternateSetting: 0, interfaceClass: 255, endpoints: [] },
    { alternateSetting: 1, interfaceClass: type, endpoints: [{ endpointNumber: 2, direction: 'in', type: 'bulk' }, { endpointNumber: 3, direction: 'out', type: 'bulk' }] },
  ];
  const done = vi.fn(() => Promise.resolve());
  const device = {
    vendorId: 0x4b8,
    productId: 0x202,
    productName: '영수증 프린터',
    serialNumber: 'S1',
    opened: false,
    configuration: null as unknown,
    open: done,
    close: vi.fn(() => Promise.resolve()),
    selectConfiguration: () => Promise.resolve((device.configuration = { interfaces: [{ interfaceNumber: 0, alternates }] })),
    claimInterface: vi.fn(() => Promise.resolve()),
    releaseInterface: vi.fn(() => Promise.resolve()),
    selectAlternateInterface: vi.fn(() => Promise.resolve()),
    clearHalt: vi.fn(() => Promise.resolve()),
    transferOut: (endpoint: number, data: Uint8Array) => {
      const { status, bytesWritten = data.length } = answers.shift() ?? { status: 'ok' };
      sent.push([endpoint, ...data.slice(0, bytesWritten)]);
      return Promise.resolve({ status, bytesWritten });
    },
    controlTransferIn: () => Promise.resolve({ status: 'ok', data: new DataView(Uint8Array.of(port.bits).buffer) }),
  };
  return { device, sent, answers, port };
}

async function usbPrinter(device: unknown): Promise<{ printer: LinkPrinter; api: EventTarget }> {
  const api = Object.assign(new EventTarget(), { requestDevice: vi.fn(() => Promise.resolve(device)), getDevices: () => Promise.resolve([device]) });
  give('usb', api);
  return { printer: (await import('../src/shared/devices/printer-usb')).usbPrinter, api };
}

describe('WebUSB', () => {
  it('claims the printer class, sends what a transfer left over, and tells paper by the port status', async () => {
    const { device, sent, answers, port } = usbDevice(7);
    const { printer, api } = await usbPrinter(device);
    expect(await printer.choose(0)).toEqual({ id: '4b8:202:S1', name: '영수증 프린터' });
    expect(device['claimInterface']).toHaveBeenCalledWith(0);
    expect(device['selectAlternateInterface']).toHaveBeenCalledWith(0, 1);
    answers.push({ status: 'ok', bytesWritten: 2 });
    await printer.send(document_(5), { asks: true });
    expect(sent).toEqual([[3, 32, 33], [3, 34, 35, 36]]);
    port.bits = 0x38;
    await expect(printer.send(document_(5), { asks: true })).rejects.toMatchObject({ trouble: 'PAPER', begun: false });
    expect(sent.length).toBe(2);
    api.dispatchEvent(Object.assign(new Event('disconnect'), { device }));
    expect(printer.state.value).toEqual({ kind: 'failed', trouble: 'LOST' });
    api.dispatchEvent(new Event('connect'));
    await vi.waitFor(() => expect(printer.state.value.kind).toBe('ready'));
  });

  it('clears a stalled endpoint and is not sure of the paper', async () => {
    const { device, answers } = usbDevice(7);
    const { printer } = await usbPrinter(device);
    await printer.choose(0);
    answers.push({ status: 'stall', bytesWritten: 0 });
    await expect(printer.send(document_(5), quiet)).rejects.toMatchObject({ trouble: 'ERROR', begun: true });
    expect(device['clearHalt']).toHaveBeenCalledWith('out', 3);
  });

  it('refuses what is no printer, and says when the system holds it', async () => {
    const other = await usbPrinter(usbDevice(3).device);
    await expect(other.printer.choose(0)).rejects.toMatchObject({ trouble: 'STRANGE' });
    vi.resetModules();
    const held = usbDevice(7).device;
    held['claimInterface'] = () => Promise.reject(new DOMException('', 'SecurityError'));
    const { printer } = await usbPrinter(held);
    await expect(printer.choose(0)).rejects.toMatchObject({ trouble: 'FORBIDDEN' });
  });
});

const PRINT_SERVICE = '000018f0-0000-1000-8000-00805f9b34fb';

function gatt(properties: { write: boolean; writeWithoutResponse: boolean }, most: number): { device: EventTarget & { gatt: { connected: boolean } }; sizes: number[]; written: number[] } {
  const sizes: number[] = [];
  const written: number[] = [];
  const take = (value: Uint8Array): Promise<void> => {
    if (value.length > most) return Promise.reject(new DOMException('too long', 'NetworkError'));
    sizes.push(value.length);
    written.push(...value);
    return Promise.resolve();
  };
  const out = Object.assign(new EventTarget(), { uuid: '2af1', properties: { ...properties, notify: false }, writeValueWithResponse: take, writeValueWithoutResponse: take });
  const service = { uuid: PRINT_SERVICE, getCharacteristics: () => Promise.resolve([out]) };
  const server = { connected: true, connect: () => Promise.resolve(server), disconnect: vi.fn(), getPrimaryServices: () => Promise.resolve([{ uuid: '1800', getCharacteristics: () => Promise.resolve([]) }, service]) };
  return { device: Object.assign(new EventTarget(), { id: 'b1', name: 'SPP-R210', gatt: server }), sizes, written };
}

async function ble(device: unknown): Promise<{ printer: LinkPrinter; requestDevice: ReturnType<typeof vi.fn> }> {
  const requestDevice = vi.fn(() => Promise.resolve(device));
  give('bluetooth', { requestDevice, getDevices: () => Promise.resolve([device]) });
  return { printer: (await import('../src/shared/devices/printer-bluetooth')).bluetoothPrinter, requestDevice };
}

describe('Web Bluetooth', () => {
  it('finds how much one write carries, and sends each byte once', async () => {
    const { device, sizes, written } = gatt({ write: true, writeWithoutResponse: true }, 128);
    const { printer, requestDevice } = await ble(device);
    expect(await printer.choose(0)).toEqual({ id: 'b1', name: 'SPP-R210' });
    expect(requestDevice.mock.calls[0]?.[0]).toMatchObject({ optionalServices: expect.arrayContaining([PRINT_SERVICE]) as unknown });
    await printer.send(document_(250), quiet);
    expect(sizes).toEqual([100, 80, 70]);
    expect(written).toEqual([...document_(250)]);
  });

  it('paces writes that nobody confirms, in pieces that every link carries', async () => {
    const { device, sizes } = gatt({ write: false, writeWithoutResponse: true }, 20);
    const { printer } = await ble(device);
    await printer.choose(0);
    vi.useFakeTimers();
    const sent = printer.send(document_(50), quiet);
    await vi.advanceTimersByTimeAsync(7);
    expect(sizes).toEqual([20]);
    await vi.advanceTimersByTimeAsync(17);
    await sent;
    expect(sizes).toEqual([20, 20, 10]);
  });

  it('breaks off when the printer goes midway, and comes back without asking', async () => {
    const { device, sizes } = gatt({ write: true, writeWithoutResponse: false }, 180);
    const { printer, requestDevice } = await ble(device);
    await printer.choose(0);
    const sent = printer.send(document_(2000), { asks: false, onProgress: (part) => part > 0.5 && device.dispatchEvent(new Event('gattserverdisconnected')) });
    await expect(sent).rejects.toMatchObject({ trouble: 'LOST', begun: true });
    expect(sizes.length).toBeLessThan(12);
    expect(await printer.connect('b1', 0)).toBe(true);
    expect(requestDevice).toHaveBeenCalledTimes(1);
  });

  it('refuses a device that takes nothing', async () => {
    const { device } = gatt({ write: false, writeWithoutResponse: false }, 20);
    const { printer } = await ble(device);
    await expect(printer.choose(0)).rejects.toMatchObject({ trouble: 'STRANGE' });
  });
});
