import { PrintFailure, type Trouble } from './printer';
import { LinkPrinter, type Found, type Heard, type Link, type Transport } from './printer-link';

// WebUSB (https://wicg.github.io/webusb/), as far as a printer needs it.
interface Endpoint {
  endpointNumber: number;
  direction: 'in' | 'out';
  type: 'bulk' | 'interrupt' | 'isochronous';
}

interface Alternate {
  alternateSetting: number;
  interfaceClass: number;
  endpoints: Endpoint[];
}

interface UsbDevice {
  vendorId: number;
  productId: number;
  productName?: string;
  serialNumber?: string;
  opened: boolean;
  configuration: { interfaces: { interfaceNumber: number; alternates: Alternate[] }[] } | null;
  open: () => Promise<void>;
  close: () => Promise<void>;
  selectConfiguration: (value: number) => Promise<void>;
  claimInterface: (number: number) => Promise<void>;
  releaseInterface: (number: number) => Promise<void>;
  selectAlternateInterface: (number: number, alternate: number) => Promise<void>;
  transferOut: (endpoint: number, data: BufferSource) => Promise<{ status: 'ok' | 'stall' | 'babble'; bytesWritten: number }>;
  controlTransferIn: (setup: { requestType: 'class'; recipient: 'interface'; request: number; value: number; index: number }, length: number) => Promise<{ status: string; data?: DataView }>;
  clearHalt: (direction: 'out', endpoint: number) => Promise<void>;
}

interface Usb extends EventTarget {
  getDevices: () => Promise<UsbDevice[]>;
  requestDevice: (options: { filters: { classCode: number }[] }) => Promise<UsbDevice>;
}

/** USB's class of printers. */
const PRINTER = 7;
const CHUNK = 4096;
/** GET_PORT_STATUS of the printer class: bit 5 no paper, bit 3 no error. */
const PORT_STATUS = 1;
const NO_PAPER = 0x20;
const NO_ERROR = 0x08;

const usb = (): Usb | undefined => (navigator as { usb?: Usb }).usb;

const idOf = (device: UsbDevice): string => [device.vendorId.toString(16), device.productId.toString(16), device.serialNumber ?? ''].join(':');

interface Mouth {
  interfaceNumber: number;
  alternateSetting: number;
  endpoint: number;
}

/** Where the device takes what is printed. */
function mouthOf(device: UsbDevice): Mouth | undefined {
  for (const { interfaceNumber, alternates } of device.configuration?.interfaces ?? []) {
    for (const { alternateSetting, interfaceClass, endpoints } of alternates) {
      const out = endpoints.find(({ direction, type }) => direction === 'out' && type === 'bulk');
      if (interfaceClass === PRINTER && out) return { interfaceNumber, alternateSetting, endpoint: out.endpointNumber };
    }
  }
  return undefined;
}

class UsbLink implements Link {
  readonly chunk = CHUNK;
  readonly speaks = false;
  #device: UsbDevice;
  #mouth: Mouth;
  #onGone: (event: Event) => void;

  constructor(device: UsbDevice, mouth: Mouth, heard: Heard) {
    this.#device = device;
    this.#mouth = mouth;
    this.#onGone = (event) => {
      if ((event as Event & { device?: UsbDevice }).device === device) heard.lost();
    };
    usb()?.addEventListener('disconnect', this.#onGone);
  }

  async write(piece: Uint8Array): Promise<void> {
    const { endpoint } = this.#mouth;
    for (let at = 0; at < piece.length; ) {
      const { status, bytesWritten } = await this.#device.transferOut(endpoint, piece.slice(at));
      if (status === 'stall') await this.#device.clearHalt('out', endpoint);
      if (status !== 'ok' || bytesWritten === 0) throw new PrintFailure('ERROR', true);
      at += bytesWritten;
    }
  }

  async status(): Promise<Trouble | undefined> {
    const setup = { requestType: 'class', recipient: 'interface', request: PORT_STATUS, value: 0, index: this.#mouth.interfaceNumber } as const;
    const { status, data } = await this.#device.controlTransferIn(setup, 1);
    if (status !== 'ok' || !data || data.byteLength < 1) return undefined;
    const bits = data.getUint8(0);
    if (bits & NO_PAPER) return 'PAPER';
    // Nothing set at all is a printer that does not tell.
    return bits !== 0 && !(bits & NO_ERROR) ? 'ERROR' : undefined;
  }

  async close(): Promise<void> {
    usb()?.removeEventListener('disconnect', this.#onGone);
    await this.#device.releaseInterface(this.#mouth.interfaceNumber).catch(() => undefined);
    await this.#device.close().catch(() => undefined);
  }
}

async function open(device: UsbDevice, heard: Heard): Promise<Link> {
  try {
    if (!device.opened) await device.open();
    if (!device.configuration) await device.selectConfiguration(1);
    const mouth = mouthOf(device);
    if (!mouth) throw new PrintFailure('STRANGE', false);
    await device.claimInterface(mouth.interfaceNumber);
    if (mouth.alternateSetting !== 0) await device.selectAlternateInterface(mouth.interfaceNumber, mouth.alternateSetting);
    return new UsbLink(device, mouth, heard);
  } catch (cause) {
    await device.close().catch(() => undefined);
    if (cause instanceof PrintFailure) throw cause;
    // Another program, or the driver of the system itself, holds it.
    const held = cause instanceof DOMException && (cause.name === 'SecurityError' || cause.name === 'NetworkError');
    throw new PrintFailure(held ? 'FORBIDDEN' : 'OFF', false, cause);
  }
}

const found = (device: UsbDevice): Found => ({ id: idOf(device), name: device.productName ?? '', open: (heard) => open(device, heard) });

const transport: Transport = {
  choose: async () => {
    try {
      const device = await usb()?.requestDevice({ filters: [{ classCode: PRINTER }] });
      return device ? found(device) : null;
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'NotFoundError') return null;
      throw new PrintFailure('FORBIDDEN', false, cause);
    }
  },
  known: async (id) => {
    const device = ((await usb()?.getDevices()) ?? []).find((each) => idOf(each) === id);
    return device && found(device);
  },
  onReturn: (handler) => usb()?.addEventListener('connect', handler),
};

/** A printer on a USB cable that calls itself one. */
export const usbPrinter = new LinkPrinter(transport);
