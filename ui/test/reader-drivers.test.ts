import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardReader, SwipeResult } from '../src/shared/devices/reader';
import { IDTECH_FRAME, IDTECH_HEX, idtechReportOf, MAGTEK_TYPED, magtekReportOf } from './frames';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Lets everything that waits for a promise go on. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

function swipesOf(reader: CardReader): SwipeResult[] {
  const swipes: SwipeResult[] = [];
  reader.onSwipe((swipe) => swipes.push(swipe));
  return swipes;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.resetModules();
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

class FakePort extends EventTarget {
  readable: ReadableStream<Uint8Array> | null = null;
  line: ReadableStreamDefaultController<Uint8Array> | null = null;
  opened = 0;
  refuse: DOMException | null = null;
  readonly sign: object;

  constructor(sign: object) {
    super();
    this.sign = sign;
  }

  getInfo(): object {
    return this.sign;
  }

  open(): Promise<void> {
    if (this.refuse) return Promise.reject(this.refuse);
    this.opened++;
    this.readable = new ReadableStream({ start: (line) => void (this.line = line) });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.opened--;
    this.readable = null;
    return Promise.resolve();
  }

  /** The cable is out. */
  vanish(): void {
    const line = this.line;
    this.readable = null;
    line?.error(new DOMException('gone', 'NetworkError'));
  }
}

class FakeSerial extends EventTarget {
  ports: FakePort[] = [];
  asked = 0;
  answer: FakePort | DOMException = new DOMException('none', 'NotFoundError');

  requestPort(): Promise<FakePort> {
    this.asked++;
    return this.answer instanceof DOMException ? Promise.reject(this.answer) : Promise.resolve(this.answer);
  }

  getPorts(): Promise<FakePort[]> {
    return Promise.resolve(this.ports);
  }
}

describe('a reader on a serial line', () => {
  let serial: FakeSerial;
  let port: FakePort;
  let reader: CardReader;

  beforeEach(async () => {
    serial = new FakeSerial();
    port = new FakePort({ usbVendorId: 1, usbProductId: 2 });
    vi.stubGlobal('navigator', { serial });
    reader = (await import('../src/shared/devices/serial')).serialReader;
  });

  async function connected(): Promise<SwipeResult[]> {
    serial.answer = port;
    serial.ports = [port];
    await reader.connect(true);
    return swipesOf(reader);
  }

  it('is picked, reads, and is closed', async () => {
    const swipes = await connected();
    expect([reader.state.value, reader.problem.value, reader.battery.value]).toEqual(['ready', null, null]);
    port.line?.enqueue(bytes(`${MAGTEK_TYPED}\r`));
    port.line?.enqueue(IDTECH_FRAME);
    await settle();
    expect(swipes).toMatchObject([{ format: 'MAGTEK' }, { format: 'IDTECH', device: { model: 'SERIAL' } }]);
    await reader.disconnect();
    expect([reader.state.value, port.opened]).toEqual(['off', 0]);
  });

  it.each([
    ['nothing is picked', 'NotFoundError', 'off', 'unpicked'],
    ['the browser forbids it', 'SecurityError', 'failed', 'blocked'],
  ])('says why: %s', async (_, name, state, problem) => {
    serial.answer = new DOMException('', name);
    await reader.connect(true);
    expect([reader.state.value, reader.problem.value]).toEqual([state, problem]);
  });

  it.each([
    ['another program has it', 'InvalidStateError', 'busy'],
    ['it is away', 'NetworkError', 'absent'],
  ])('says why: %s', async (_, name, problem) => {
    port.refuse = new DOMException('', name);
    await connected();
    expect([reader.state.value, reader.problem.value]).toEqual(['failed', problem]);
  });

  it('is taken up after a reload without asking, unless two look alike', async () => {
    await connected();
    await reader.disconnect();
    await reader.connect(false);
    expect([reader.state.value, serial.asked]).toEqual(['ready', 1]);
    await reader.disconnect();
    serial.ports = [port, new FakePort({ usbVendorId: 1, usbProductId: 2 })];
    await reader.connect(false);
    expect([reader.state.value, reader.problem.value]).toEqual(['failed', 'absent']);
    serial.ports = [new FakePort({ usbVendorId: 9 })];
    await reader.connect(false);
    expect(reader.problem.value).toBe('absent');
    expect(serial.asked).toBe(1);
  });

  it('that went away says so, is looked for, and is back when the browser sees it', async () => {
    await connected();
    port.vanish();
    await settle();
    expect([reader.state.value, reader.problem.value]).toEqual(['failed', 'lost']);
    serial.ports = [];
    await vi.advanceTimersByTimeAsync(7000);
    expect([reader.state.value, reader.problem.value]).toEqual(['failed', 'lost']);
    serial.ports = [port];
    serial.dispatchEvent(new Event('connect'));
    await settle();
    expect([reader.state.value, reader.problem.value]).toEqual(['ready', null]);
  });

  it('is not looked for any more once it was disconnected by hand', async () => {
    await connected();
    port.vanish();
    await settle();
    await reader.disconnect();
    const { opened } = port;
    await vi.advanceTimersByTimeAsync(600_000);
    expect([reader.state.value, port.opened]).toEqual(['off', opened]);
  });

  it('read while nobody waits for a card is dropped', async () => {
    serial.answer = port;
    await reader.connect(true);
    port.line?.enqueue(bytes(`${IDTECH_HEX}\r`));
    await settle();
    expect(swipesOf(reader)).toEqual([]);
  });

  it('goes on behind a damaged byte', async () => {
    const swipes = await connected();
    const broken = port.line;
    port.readable = new ReadableStream({ start: (line) => void (port.line = line) });
    broken?.error(new DOMException('parity', 'ParityError'));
    await settle();
    port.line?.enqueue(bytes(`${IDTECH_HEX}\r`));
    await settle();
    expect([reader.state.value, swipes.length]).toEqual(['ready', 1]);
  });
});

class FakeHid extends EventTarget {
  devices: FakeHidDevice[] = [];
  requestDevice(): Promise<FakeHidDevice[]> {
    return Promise.resolve(this.devices);
  }
  getDevices(): Promise<FakeHidDevice[]> {
    return Promise.resolve(this.devices);
  }
}

class FakeHidDevice extends EventTarget {
  opened = false;
  vendorId = 0x0801;
  productId = 0x11;
  productName = 'Reader';
  collections = [{ usagePage: 0xff00, inputReports: [{}] }];
  open(): Promise<void> {
    this.opened = true;
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.opened = false;
    return Promise.resolve();
  }
  send(report: Uint8Array): void {
    this.dispatchEvent(Object.assign(new Event('inputreport'), { data: new DataView(report.buffer, report.byteOffset, report.byteLength) }));
  }
}

describe('a reader by HID', () => {
  let hid: FakeHid;
  let device: FakeHidDevice;
  let reader: CardReader;
  beforeEach(async () => {
    hid = new FakeHid();
    device = new FakeHidDevice();
    vi.stubGlobal('navigator', { hid });
    reader = (await import('../src/shared/devices/hid')).magtekHid;
    hid.devices = [device];
    await reader.connect(true);
  });

  it('reads whole reports and those in pieces, of either format', async () => {
    const swipes = swipesOf(reader);
    device.send(magtekReportOf(MAGTEK_TYPED));
    const report = idtechReportOf(IDTECH_FRAME);
    for (let at = 0; at < report.length; at += 64) device.send(report.subarray(at, at + 64));
    await vi.advanceTimersByTimeAsync(200);
    expect(swipes).toMatchObject([{ format: 'MAGTEK', device: { model: 'Reader' } }, { format: 'IDTECH', device: { model: 'Reader', serial: 'T134000064' } }]);
    expect(reader.name.value).toBe('Reader');
  });

  it('that is pulled out says so, and is taken up when it is back', async () => {
    hid.dispatchEvent(Object.assign(new Event('disconnect'), { device: new FakeHidDevice() }));
    expect(reader.state.value).toBe('ready');
    hid.dispatchEvent(Object.assign(new Event('disconnect'), { device }));
    expect([reader.state.value, reader.problem.value]).toEqual(['failed', 'lost']);
    await settle();
    hid.dispatchEvent(new Event('connect'));
    await settle();
    expect(reader.state.value).toBe('ready');
  });

  it('that nobody picked is none', async () => {
    await reader.disconnect();
    hid.devices = [];
    await reader.connect(true);
    expect([reader.state.value, reader.problem.value]).toEqual(['off', 'unpicked']);
  });
});

class FakeCharacteristic extends EventTarget {
  value: DataView | undefined;
  properties = { notify: true, indicate: false, read: true };
  started = 0;
  constructor(first?: number) {
    super();
    if (first !== undefined) this.value = new DataView(Uint8Array.of(first).buffer);
  }
  readValue(): Promise<DataView> {
    return this.value ? Promise.resolve(this.value) : Promise.reject(new DOMException('', 'NotSupportedError'));
  }
  startNotifications(): Promise<this> {
    this.started++;
    return Promise.resolve(this);
  }
  tell(value: Uint8Array): void {
    this.value = new DataView(value.buffer, value.byteOffset, value.byteLength);
    this.dispatchEvent(new Event('characteristicvaluechanged'));
  }
}

describe('a reader by Bluetooth', () => {
  const LINE = '6e400001-b5a3-f393-e0a9-e50e24dcca9e';
  let device: EventTarget & { gatt: { connect: () => Promise<unknown> } };
  let services: Map<number | string, FakeCharacteristic>;
  let reader: CardReader;
  let connections: number;

  beforeEach(async () => {
    connections = 0;
    services = new Map<number | string, FakeCharacteristic>([
      [LINE, new FakeCharacteristic()],
      [0x180f, new FakeCharacteristic(42)],
    ]);
    const server = {
      getPrimaryService: (uuid: number | string) => {
        const one = services.get(uuid);
        return one ? Promise.resolve({ getCharacteristic: () => Promise.resolve(one), getCharacteristics: () => Promise.resolve([one]) }) : Promise.reject(new DOMException('', 'NotFoundError'));
      },
      disconnect: () => undefined,
    };
    device = Object.assign(new EventTarget(), { id: 'one', name: 'SWIPE-1', gatt: { connect: (): Promise<unknown> => (connections++, Promise.resolve(server)) } });
    vi.stubGlobal('navigator', { bluetooth: { requestDevice: () => Promise.resolve(device), getDevices: () => Promise.resolve([device]) } });
    reader = (await import('../src/shared/devices/bluetooth')).bluetoothReader;
  });

  it('reads pieces, and tells its battery as it changes', async () => {
    await reader.connect(true);
    const swipes = swipesOf(reader);
    expect([reader.state.value, reader.battery.value, reader.name.value]).toEqual(['ready', 42, 'SWIPE-1']);
    for (let at = 0; at < IDTECH_FRAME.length; at += 20) services.get(LINE)?.tell(IDTECH_FRAME.slice(at, at + 20));
    expect(swipes).toMatchObject([{ format: 'IDTECH', device: { model: 'SWIPE-1' } }]);
    services.get(0x180f)?.tell(Uint8Array.of(9));
    expect(reader.battery.value).toBe(9);
    services.get(0x180f)?.tell(Uint8Array.of(255));
    expect(reader.battery.value).toBeNull();
  });

  it('whose battery tells nothing by itself is asked every minute', async () => {
    await reader.connect(true);
    const level = services.get(0x180f);
    if (level) level.value = new DataView(Uint8Array.of(15).buffer);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(reader.battery.value).toBe(15);
    await reader.disconnect();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('without a battery service stays one whose battery is not known', async () => {
    services.delete(0x180f);
    await reader.connect(true);
    expect([reader.state.value, reader.battery.value]).toEqual(['ready', null]);
  });

  it('that has no line for swipes is another device', async () => {
    services.delete(LINE);
    await reader.connect(true);
    expect([reader.state.value, reader.problem.value]).toEqual(['failed', 'mute']);
  });

  it('out of reach is looked for again, ever more seldom, and then left', async () => {
    await reader.connect(true);
    device.gatt = { connect: () => (connections++, Promise.reject(new DOMException('', 'NetworkError'))) };
    device.dispatchEvent(new Event('gattserverdisconnected'));
    expect([reader.state.value, reader.problem.value, reader.battery.value]).toEqual(['failed', 'lost', null]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(connections).toBe(2);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(connections).toBe(7);
    expect([reader.state.value, reader.problem.value]).toEqual(['failed', 'lost']);
  });
});

describe('a browser without these devices', () => {
  it('blocks, and throws nothing', async () => {
    vi.stubGlobal('navigator', {});
    const readers = [(await import('../src/shared/devices/serial')).serialReader, (await import('../src/shared/devices/hid')).idtechHid, (await import('../src/shared/devices/bluetooth')).bluetoothReader];
    for (const reader of readers) {
      await reader.connect(true);
      expect([reader.state.value, reader.problem.value]).toEqual(['failed', 'blocked']);
    }
  });
});
