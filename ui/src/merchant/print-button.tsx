import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { chosenPrinter } from '../shared/devices/printer';
import { Button } from '../shared/design/controls';
import { Icon } from '../shared/design/icons';
import { toast } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import { href } from '../shared/router/router';
import type PrintSheet from './print-sheet';
import { needsAct, printingOf, printNews, shopPrints, startPrint, type Printing, type Subject } from './printing';

/** The print button of a receipt, where the shop prints. fresh: of a payment just taken here, which may print by itself. */
export function PrintButton({ subject, fresh = false }: { subject: Subject; fresh?: boolean }): JSX.Element | null {
  return shopPrints.value ? <Shown printing={printingOf(subject)} fresh={fresh} /> : null;
}

function Shown({ printing, fresh }: { printing: Printing; fresh: boolean }): JSX.Element {
  const m = t().print;
  const [sheet, setSheet] = useState<{ Shown: typeof PrintSheet }>();
  const phase = printing.phase.value;
  const open = async (): Promise<void> => {
    try {
      const { default: Sheet } = await import('./print-sheet');
      setSheet({ Shown: Sheet });
    } catch {
      toast(m.unopened);
    }
  };
  useEffect(() => {
    printing.watchers += 1;
    if (printNews.value === printing) printNews.value = null;
    if (fresh && mayPrintItself(printing)) {
      printing.began = true;
      void startPrint(printing).catch(() => toast(m.unopened));
    }
    return () => void (printing.watchers -= 1);
  }, [printing]);
  useEffect(() => {
    // What began by itself, or went on behind a closed sheet, and now needs somebody.
    if (needsAct(phase) && !sheet) void open();
  }, [phase]);
  const press = (): void => {
    void open();
    if (phase.kind !== 'working') void startPrint(printing).catch(() => undefined);
  };
  return (
    <>
      <Button icon="printer" onPress={press}>
        {phase.kind === 'working' ? m.working : printing.printed.value > 0 ? m.again : m.button}
      </Button>
      {sheet && <sheet.Shown printing={printing} onClose={() => setSheet(undefined)} />}
    </>
  );
}

function mayPrintItself({ phase, printed, began }: Printing): boolean {
  const choice = chosenPrinter.value;
  return choice !== null && choice.auto && choice.kind !== 'share' && phase.value.kind === 'idle' && printed.value === 0 && !began;
}

/** Whether a receipt is on its way to paper or waits for somebody, so that its screen must stay. */
export function holdsScreen(subject: Subject): boolean {
  const phase = printingOf(subject).phase.value;
  return phase.kind === 'working' || needsAct(phase);
}

/** Says on every screen that a receipt whose screen was left was not printed. */
export function PrintStrip(): JSX.Element | null {
  const m = t().print;
  const printing = printNews.value;
  const subject = printing?.subject;
  if (!subject || subject.kind === 'test') return null;
  const id = encodeURIComponent(subject.id);
  const to = subject.kind === 'closing' ? `/sales/close?day=${id}` : subject.kind === 'cashReceipt' ? `/cash-receipts/${id}` : subject.cancelId ? `/payments/${id}/cancels/${encodeURIComponent(subject.cancelId)}` : `/payments/${id}`;
  const news = printing.phase.value.kind === 'unsure' ? m.unsureNews : m.failedNews;
  // An alert is no part of a link's name: without its own the link would have none.
  return (
    <a class="offline-bar" href={href(to)} aria-label={news}>
      <Icon name="printer" size={16} />
      <span role="alert">{news}</span>
    </a>
  );
}
