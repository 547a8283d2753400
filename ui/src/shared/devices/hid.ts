import { readWord, writeChoice } from '../state/choice';
import { LineReader, ReaderFailure, type Opened } from './line';
import { MAGTEK_REPORT } from './magtek';
import { readReport } from './read';
import type { SwipeResult } from './reader';

/** What is used of WebHID. */
interface HidDevice extends EventTarget {
  opened: boolean;
  vendorId: number;
  productId: number;
  productName: string;
  collections: readonly { usagePage?: number; inputReports?: readonly unknown[] }[];
  open: () => Promise<void>;
  close: () => Promise<void>;
}

interface Hid extends EventTarget {
  requestDevice: (options: { filters: { vendorId: number }[] }) => Promise<HidDevice[]>;
  getDevices: () => Promise<HidDevice[]>;
}

type HidEvent = Event & { device: HidDevice };
type ReportEvent = Event & { data: DataView };

/** Vendor numbers of USB (usb.org). Readers of either make can send either format. */
const MAGTEK = 0x0801;
const IDTECH = 0x0acd;
/** Usage pages from here on are a vendor's own: swipes come there. */
const VENDOR_PAGE = 0xff00;
/** A pause that ends a swipe in several reports, in milliseconds. */
const GAP = 150;

/** Readers that send swipes as HID reports over USB. */
class HidReader extends LineReader<HidDevice> {
  readonly #hid = (navigator as Navigator & { hid?: Hid }).hid;
  readonly #vendorId: number;
  readonly #store: string;

  constructor(vendorId: number, store: string) {
    super();
    this.#vendorId = vendorId;
    this.#store = store;
    this.#hid?.addEventListener('connect', () => this.back());
  }

  protected async pick(): Promise<HidDevice | null> {
    const found = swipes(await this.#api().requestDevice({ filters: [{ vendorId: this.#vendorId }] }));
    if (found) writeChoice(this.#store, String(found.productId));
    return found;
  }

  protected async recall(): Promise<HidDevice | null> {
    const kept = readWord(this.#store);
    return swipes((await this.#api().getDevices()).filter(({ vendorId, productId }) => vendorId === this.#vendorId && String(productId) === kept));
  }

  protected async open(device: HidDevice, tell: (swipe: SwipeResult) => void, lost: () => void): Promise<Opened> {
    if (!device.opened) await device.open();
    const name = device.productName;
    const reports = new Reports((report) => tell(readReport(report, { model: name.slice(0, 100) || 'HID' })));
    const heard = (event: Event): void => reports.push((event as ReportEvent).data);
    const gone = (event: Event): void => void ((event as HidEvent).device === device && lost());
    device.addEventListener('inputreport', heard);
    this.#api().addEventListener('disconnect', gone);
    const close = async (): Promise<void> => {
      device.removeEventListener('inputreport', heard);
      this.#hid?.removeEventListener('disconnect', gone);
      reports.clear();
      await device.close();
    };
    return { name, close };
  }

  #api(): Hid {
    if (!this.#hid) throw new ReaderFailure('blocked');
    return this.#hid;
  }
}

/** The part of a device that sends reports of its vendor's. */
function swipes(devices: readonly HidDevice[]): HidDevice | null {
  return devices.find(({ collections }) => collections.some(({ usagePage = 0, inputReports = [] }) => usagePage >= VENDOR_PAGE && inputReports.length > 0)) ?? devices[0] ?? null;
}

/** Puts the reports of one swipe together: whole in one, or in several until a pause. */
class Reports {
  #kept: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #whole: (report: Uint8Array) => void;

  constructor(whole: (report: Uint8Array) => void) {
    this.#whole = whole;
  }

  push({ buffer, byteOffset, byteLength }: DataView): void {
    clearTimeout(this.#timer);
    this.#kept.push(...new Uint8Array(buffer, byteOffset, byteLength));
    if (this.#kept.length >= MAGTEK_REPORT) this.#end();
    else this.#timer = setTimeout(() => this.#end(), GAP);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#kept = [];
  }

  #end(): void {
    const report = Uint8Array.from(this.#kept);
    this.clear();
    this.#whole(report);
  }
}

export const magtekHid = new HidReader(MAGTEK, 'innopay.reader.magtek');
export const idtechHid = new HidReader(IDTECH, 'innopay.reader.idtech');
