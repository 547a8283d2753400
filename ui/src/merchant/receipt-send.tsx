import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../shared/design/controls';
import { toast } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import type ReceiptSheet from './receipt-sheet';
import type { Given } from './receipt-ways';

/** The button beneath every receipt, with the sheet it opens; the sheet is fetched when it is wanted. */
export function SendReceipt({ payment }: { payment: Given }): JSX.Element | null {
  const [sheet, setSheet] = useState<{ Shown: typeof ReceiptSheet }>();
  if (!payment.receiptUrl) return null;
  const open = async (): Promise<void> => {
    try {
      setSheet({ Shown: (await import('./receipt-sheet')).default });
    } catch {
      toast(t().receipt.unopened);
    }
  };
  return (
    <>
      <Button icon="send" onPress={() => void open()}>
        {t().receipt.button}
      </Button>
      {sheet && <sheet.Shown payment={payment} onClose={() => setSheet(undefined)} />}
    </>
  );
}
