import { useEffect, useState } from 'preact/hooks';
import { toast } from '../../../shared/design/toast';
import { onBarcode } from '../../../shared/devices/wedge';
import { t } from '../../../shared/i18n/i18n';
import type { Said } from '../../camera-sheet';
import { quantityOf } from '../../cart';
import { addByBarcode, type Scan } from './barcode';

interface Scanning {
  /** Why the last act added nothing; empty when it did. */
  complaint: string;
  complain: (text: string) => void;
  /** Adds the product of a barcode that was typed. */
  scan: (code: string) => Promise<void>;
  /** The same for the camera's sheet, which says itself what came of it. */
  look: (code: string) => Promise<Said>;
}

/** What there is to say about a barcode. */
function saidOf(found: Scan): Said {
  const m = t().products;
  if (found.kind === 'added') return { text: m.scanned(found.product.name) };
  if (found.kind === 'unknown') return { text: m.barcodeUnknown(found.code), bad: true };
  if (found.kind === 'failed') return { text: m.barcodeFailed, bad: true };
  return { text: found.why === 'soldOut' ? m.barcodeSoldOut(found.product.name) : m.refused[found.why], bad: true };
}

/** Adds what a scanner reads while the page is open, and says what came of it: a failure stays until the next act. */
export function useScan(): Scanning {
  const [complaint, setComplaint] = useState('');
  const look = async (code: string): Promise<Said> => {
    const found = await addByBarcode(code);
    const many = found.kind === 'added' ? quantityOf(found.product.id) : 0;
    // The same one again: its count says that it was heard.
    return found.kind === 'added' && many > 1 ? { text: t().products.chosen(found.product.name, many) } : saidOf(found);
  };
  const scan = async (code: string): Promise<void> => {
    const said = saidOf(await addByBarcode(code));
    setComplaint(said.bad ? said.text : '');
    if (!said.bad) toast(said.text);
  };
  useEffect(() => onBarcode((code) => void scan(code)), []);
  return { complaint, scan, look, complain: setComplaint };
}
