/** Finds barcodes in the picture of a camera. */
export interface Decoder {
  /** The barcode in the present frame, or null. */
  read: (video: HTMLVideoElement) => Promise<string | null>;
}

/** What stands on goods: the numbers of shops, and the codes of stores and carriers. */
const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'code_39'] as const;

/** The browser's own detector, where there is one: https://wicg.github.io/shape-detection-api/ */
interface BarcodeDetectorType {
  new (options: { formats: readonly string[] }): { detect: (image: HTMLVideoElement) => Promise<{ rawValue: string }[]> };
  getSupportedFormats: () => Promise<string[]>;
}

async function ownDecoder(): Promise<Decoder | null> {
  const Detector = (window as { BarcodeDetector?: BarcodeDetectorType }).BarcodeDetector;
  if (!Detector) return null;
  try {
    const able = await Detector.getSupportedFormats();
    const formats = FORMATS.filter((format) => able.includes(format));
    if (!formats.includes('ean_13')) return null;
    const detector = new Detector({ formats });
    return { read: async (video) => (await detector.detect(video)).find(({ rawValue }) => isCode(rawValue))?.rawValue ?? null };
  } catch {
    return null;
  }
}

/** The browser's detector, else one of ours, which is fetched now. Throws when it cannot be fetched. */
export async function openDecoder(): Promise<Decoder> {
  return (await ownDecoder()) ?? (await import('./zxing')).zxingDecoder();
}

/** Whether a text can be the barcode of a product, by the server's rule. */
export function isCode(text: string): boolean {
  return /^[0-9A-Za-z-]{1,48}$/.test(text);
}

/** So long a code must be out of sight, in milliseconds, before it counts again. */
const AGAIN = 1500;

/**
 * Tells the codes that are held before the camera from misreadings: one counts when two
 * frames say the same, and once until it has been taken away.
 */
export class Steady {
  #last = '';
  #told = '';
  #seen = -Infinity;

  /** The code that counts now, or null; now in milliseconds. */
  take(code: string | null, now: number): string | null {
    if (code === null) return null;
    const twice = code === this.#last;
    this.#last = code;
    if (!twice) return null;
    const same = code === this.#told && now - this.#seen < AGAIN;
    this.#seen = now;
    this.#told = code;
    return same ? null : code;
  }
}
