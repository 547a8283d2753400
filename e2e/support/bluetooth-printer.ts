import type { Browser, CDPSession } from 'playwright-core';

/** What a browser needs for emulated Bluetooth. */
export const RADIO = ['--enable-features=WebBluetooth', '--enable-experimental-web-platform-features'];

const ADDRESS = '00:00:00:00:00:02';
/** The usual service of receipt printers, and where they take what is printed. */
const SERVICE = '000018f0-0000-1000-8000-00805f9b34fb';
const WRITE = '00002af1-0000-1000-8000-00805f9b34fb';

/** A receipt printer over Bluetooth Low Energy, in the browser's own emulation of a radio. */
export class BluetoothPrinter {
  /** Everything that was written, and how much at once. */
  readonly bytes: number[] = [];
  readonly sizes: number[] = [];
  readonly #browser: CDPSession;

  private constructor(browser: CDPSession) {
    this.#browser = browser;
  }

  /** Switches the radio on, with one printer near it. */
  static async start(browser: Browser, name: string): Promise<BluetoothPrinter> {
    const session = await browser.newBrowserCDPSession();
    const printer = new BluetoothPrinter(session);
    await session.send('BluetoothEmulation.enable', { state: 'powered-on', leSupported: true });
    await session.send('BluetoothEmulation.simulatePreconnectedPeripheral', { address: ADDRESS, name, manufacturerData: [], knownServiceUuids: [SERVICE] });
    session.on('BluetoothEmulation.gattOperationReceived', ({ address, type }) => void session.send('BluetoothEmulation.simulateGATTOperationResponse', { address, type, code: 0 }).catch(() => undefined));
    session.on('BluetoothEmulation.characteristicOperationReceived', ({ characteristicId, type, data }) => {
      const piece = Buffer.from(data ?? '', 'base64');
      printer.bytes.push(...piece);
      printer.sizes.push(piece.length);
      void session.send('BluetoothEmulation.simulateCharacteristicOperationResponse', { characteristicId, type, code: 0 }).catch(() => undefined);
    });
    await printer.#offer();
    return printer;
  }

  /** The printer is switched off and on: the connection is gone. */
  async restart(): Promise<void> {
    await this.#browser.send('BluetoothEmulation.simulateGATTDisconnection', { address: ADDRESS });
    // The emulation forgets what was offered with the connection.
    await this.#offer();
  }

  async #offer(): Promise<void> {
    const { serviceId } = await this.#browser.send('BluetoothEmulation.addService', { address: ADDRESS, serviceUuid: SERVICE });
    await this.#browser.send('BluetoothEmulation.addCharacteristic', { serviceId, characteristicUuid: WRITE, properties: { write: true, writeWithoutResponse: true } });
  }

  /** Picks this printer whenever a page lets the browser ask which one. */
  async bePicked(page: CDPSession): Promise<void> {
    await page.send('DeviceAccess.enable');
    // The list is told again as devices are found; answered twice, the browser ends.
    const answered = new Set<string>();
    page.on('DeviceAccess.deviceRequestPrompted', ({ id, devices: [first] }) => {
      if (!first || answered.has(id)) return;
      answered.add(id);
      void page.send('DeviceAccess.selectPrompt', { id, deviceId: first.id });
    });
  }
}
