import { useEffect, useState } from 'preact/hooks';
import { toast } from '../../../shared/design/toast';
import { onBarcode } from '../../../shared/devices/wedge';
import { t } from '../../../shared/i18n/i18n';
import { addByBarcode } from './barcode';

interface Scanning {
  /** Why the last act added nothing; empty when it did. */
  complaint: string;
  complain: (text: string) => void;
  /** Adds the product of a barcode that was typed. */
  scan: (code: string) => Promise<void>;
}

/** Adds what a scanner reads while the page is open, and says what came of it: a failure stays until the next act. */
export function useScan(): Scanning {
  const [complaint, setComplaint] = useState('');
  const scan = async (code: string): Promise<void> => {
    const m = t().products;
    const found = await addByBarcode(code);
    setComplaint('');
    if (found.kind === 'added') toast(m.scanned(found.product.name));
    else if (found.kind === 'unknown') setComplaint(m.barcodeUnknown(found.code));
    else if (found.kind === 'failed') setComplaint(m.barcodeFailed);
    else setComplaint(found.why === 'soldOut' ? m.barcodeSoldOut(found.product.name) : m.refused[found.why]);
  };
  useEffect(() => onBarcode((code) => void scan(code)), []);
  return { complaint, scan, complain: setComplaint };
}
