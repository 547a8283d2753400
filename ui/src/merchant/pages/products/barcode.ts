import type { Product } from '../../../shared/api/types';
import { catalog } from '../../../shared/api/api';
import { change, limitOf, type Refusal } from '../../cart';
import { shelf } from '../../shelf';

/** What became of a scanned barcode. */
export type Scan =
  | { kind: 'added'; product: Product }
  | { kind: 'refused'; product: Product; why: Refusal }
  | { kind: 'unknown'; code: string }
  /** The server could not be asked. */
  | { kind: 'failed'; failure: unknown };

/** The product of a barcode: from the catalogue at hand, else asked of the server, where it may be new. */
async function productOf(code: string, ask: (code: string) => Promise<Product | undefined>): Promise<Product | undefined> {
  return shelf.value?.products.find((product) => product.barcode === code) ?? (await ask(code));
}

/** Adds one of the product whose barcode was scanned or typed. */
export async function addByBarcode(code: string, ask: (code: string) => Promise<Product | undefined> = catalog.ofBarcode): Promise<Scan> {
  const wanted = code.trim();
  // What the server would refuse as a barcode belongs to no product.
  if (!/^[0-9A-Za-z-]{1,48}$/.test(wanted)) return { kind: 'unknown', code: wanted.slice(0, 48) };
  try {
    const product = await productOf(wanted, ask);
    if (!product) return { kind: 'unknown', code: wanted };
    const why = limitOf(product) === 0 ? 'soldOut' : change(product, 1);
    return why ? { kind: 'refused', product, why } : { kind: 'added', product };
  } catch (failure) {
    return { kind: 'failed', failure };
  }
}
