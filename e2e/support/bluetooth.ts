import type { Browser, CDPSession } from 'playwright-core';

/** What a browser needs for emulated Bluetooth. */
export const BLUETOOTH_FLAGS = ['--enable-features=WebBluetooth', '--enable-experimental-web-platform-features'];

const ADDRESS = '00:00:00:00:00:01';
/** Nordic's serial line, and the Battery Service with its level (Bluetooth SIG). */
const LINE = { service: '6e400001-b5a3-f393-e0a9-e50e24dcca9e', characteristic: '6e400003-b5a3-f393-e0a9-e50e24dcca9e' };
const BATTERY = { service: '0000180f-0000-1000-8000-00805f9b34fb', characteristic: '00002a19-0000-1000-8000-00805f9b34fb' };

/** A card reader over Bluetooth Low Energy, in the browser's own emulation of a radio. */
export class BluetoothReader {
  readonly #browser: CDPSession;
  #level: number;

  private constructor(browser: CDPSession, level: number) {
    this.#browser = browser;
    this.#level = level;
  }

  /** Switches the radio on, with one reader near it. */
  static async start(browser: Browser, name: string, level: number): Promise<BluetoothReader> {
    const session = await browser.newBrowserCDPSession();
    const reader = new BluetoothReader(session, level);
    await session.send('BluetoothEmulation.enable', { state: 'powered-on', leSupported: true });
    await session.send('BluetoothEmulation.simulatePreconnectedPeripheral', { address: ADDRESS, name, manufacturerData: [], knownServiceUuids: [LINE.service, BATTERY.service] });
    session.on('BluetoothEmulation.gattOperationReceived', ({ address, type }) => void reader.#answer('BluetoothEmulation.simulateGATTOperationResponse', { address, type, code: 0 }));
    session.on('BluetoothEmulation.characteristicOperationReceived', ({ characteristicId, type }) => {
      const data = type === 'read' ? { data: reader.#levelBytes() } : {};
      void reader.#answer('BluetoothEmulation.simulateCharacteristicOperationResponse', { characteristicId, type, code: 0, ...data });
    });
    session.on('BluetoothEmulation.descriptorOperationReceived', ({ descriptorId, type }) => void reader.#answer('BluetoothEmulation.simulateDescriptorOperationResponse', { descriptorId, type, code: 0 }));
    await reader.#add(LINE, { notify: true });
    await reader.#add(BATTERY, { notify: true, read: true });
    return reader;
  }

  /** The battery has run down to a level, which it tells when it is asked: the emulation has no notices. */
  drain(percent: number): void {
    this.#level = percent;
  }

  /** The reader goes out of reach. */
  async leave(): Promise<void> {
    await this.#browser.send('BluetoothEmulation.simulateGATTDisconnection', { address: ADDRESS });
  }

  /** Picks this reader whenever a page lets the browser ask which one. */
  async bePicked(page: CDPSession): Promise<void> {
    await page.send('DeviceAccess.enable');
    // The list is told again as devices are found; answered twice, the browser ends.
    const answered = new Set<string>();
    page.on('DeviceAccess.deviceRequestPrompted', ({ id, devices }) => {
      const [first] = devices;
      if (!first || answered.has(id)) return;
      answered.add(id);
      void page.send('DeviceAccess.selectPrompt', { id, deviceId: first.id });
    });
  }

  #levelBytes(): string {
    return Buffer.of(this.#level).toString('base64');
  }

  async #add({ service, characteristic }: typeof LINE, properties: { notify: true; read?: true }): Promise<void> {
    const { serviceId } = await this.#browser.send('BluetoothEmulation.addService', { address: ADDRESS, serviceUuid: service });
    const { characteristicId } = await this.#browser.send('BluetoothEmulation.addCharacteristic', { serviceId, characteristicUuid: characteristic, properties });
    // Client Characteristic Configuration: without it nobody can subscribe.
    await this.#browser.send('BluetoothEmulation.addDescriptor', { characteristicId, descriptorUuid: '00002902-0000-1000-8000-00805f9b34fb' });
  }

  async #answer(method: `BluetoothEmulation.simulate${'GATT' | 'Characteristic' | 'Descriptor'}OperationResponse`, params: object): Promise<void> {
    await this.#browser.send(method, params as never).catch(() => undefined);
  }
}
