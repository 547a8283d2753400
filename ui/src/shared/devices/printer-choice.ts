/** How a printer is reached: by this device, by the server, or by the device's own ways of giving paper or pictures away. */
export type LocalKind = 'serial' | 'cable' | 'bluetooth' | 'usb';
export type PrinterKind = LocalKind | 'server' | 'system' | 'share';

/** Characters of half width on a line: 32 on paper of 58 mm, 42 or 48 on 80 mm. */
export type Columns = 32 | 42 | 48;
export type TextMode = 'CP949' | 'RASTER' | 'STAR_LINE';
/** The syllables a printer has: all 11,172, or the 2,350 of KS X 1001. */
export type HangulSet = 'FULL' | 'KS_X_1001';

/** The printer of this device and how it prints. */
export interface PrinterChoice {
  kind: PrinterKind;
  /** Finds the device, or the server's printer, again. */
  id: string;
  /** Empty when it has none of its own. */
  name: string;
  columns: Columns;
  mode: TextMode;
  hangul: HangulSet;
  /** The cash drawer on the printer opens with the receipt of a sale in cash. */
  drawer: boolean;
  /** A receipt comes by itself after a payment at this device. */
  auto: boolean;
  /** Bits per second of a serial cable. */
  speed: number;
}

export const KINDS: readonly PrinterKind[] = ['serial', 'bluetooth', 'usb', 'cable', 'server', 'system', 'share'];
export const COLUMNS: readonly Columns[] = [32, 42, 48];
export const MODES: readonly TextMode[] = ['CP949', 'RASTER', 'STAR_LINE'];
export const HANGUL_SETS: readonly HangulSet[] = ['FULL', 'KS_X_1001'];
export const SPEEDS: readonly number[] = [9600, 19200, 38400, 57600, 115200];

const STORE = 'innopay.printer';
/** The most characters of a name or id that are believed. */
const MOST = 200;

/** What this device chose before; null when nothing readable was kept. */
export function readPrinter(): PrinterChoice | null {
  try {
    return choiceOf(JSON.parse(localStorage.getItem(STORE) ?? 'null'));
  } catch {
    return null;
  }
}

export function writePrinter(choice: PrinterChoice | null): void {
  try {
    if (choice) localStorage.setItem(STORE, JSON.stringify(choice));
    else localStorage.removeItem(STORE);
  } catch {
    // Private mode or full: the choice lasts until the page is closed.
  }
}

/** A kept choice, its unreadable parts as they are on most printers; null without a kind. */
function choiceOf(kept: unknown): PrinterChoice | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const read = kept as Record<string, unknown>;
  const kind = KINDS.find((each) => each === read['kind']);
  if (!kind) return null;
  const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MOST) : '');
  return {
    kind,
    id: text(read['id']),
    name: text(read['name']),
    columns: COLUMNS.find((each) => each === read['columns']) ?? 32,
    mode: MODES.find((each) => each === read['mode']) ?? 'CP949',
    hangul: HANGUL_SETS.find((each) => each === read['hangul']) ?? 'FULL',
    drawer: read['drawer'] === true,
    auto: read['auto'] === true,
    speed: SPEEDS.find((each) => each === read['speed']) ?? 9600,
  };
}
