import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Printer, PrinterList } from '../../../shared/api/printers';
import { chosenPrinter, choosePrinter } from '../../../shared/devices/printer';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Badge, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { printerWords } from '../../../shared/i18n/printer-words';
import type { Load } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { copyText } from '../../give';
import { whenText } from '../../words';
import { PrinterForm } from './printer-form';

/** The shop's printers: whoever the server prints for can use them. */
export function ShopPrinters({ load }: { load: Load<PrinterList> }): JSX.Element {
  const m = printerWords();
  const [form, setForm] = useState<Printer | 'new' | null>(null);
  const list = load.data;
  const done = (): void => {
    setForm(null);
    load.reload();
  };
  return (
    <section class="setting" aria-labelledby="printer-shop">
      <h2 id="printer-shop">{m.shops}</h2>
      <p class="small-print">{m.shopsHint}</p>
      {list ? (
        <>
          {list.printers.length === 0 && <p class="small-print">{m.shopsNone}</p>}
          {list.printers.map((printer) => (
            <ShopPrinter key={printer.id} printer={printer} onEdit={() => setForm(printer)} />
          ))}
          {isOwner.value && (
            <Button kind="tint" icon="plus" onPress={() => setForm('new')}>
              {m.add}
            </Button>
          )}
          {form && <PrinterForm printer={form === 'new' ? undefined : form} serverPrinting={list.serverPrinting} onDone={done} onClose={() => setForm(null)} />}
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={2} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </section>
  );
}

function ShopPrinter({ printer, onEdit }: { printer: Printer; onEdit: () => void }): JSX.Element {
  const m = printerWords();
  const used = chosenPrinter.value?.id === printer.id;
  const seen = printer.lastSeenAt ? m.seen(whenText(new Date(printer.lastSeenAt), new Date())) : m.never;
  const use = (): void => void choosePrinter('server', { id: printer.id, name: printer.name }).then(() => toast(m.connected));
  return (
    <div class="shop-printer" role="group" aria-label={printer.name}>
      <ListRow
        icon="network"
        tone={printer.lastError ? 'bad' : 'plain'}
        title={printer.name}
        sub={[printer.address ?? m.transports[printer.transport], seen]}
        end={isOwner.value && <Button kind="text" onPress={onEdit}>{m.edit}</Button>}
      />
      {printer.lastError && (
        <Notice tone="bad" icon="alert">
          <p>{printer.lastError.message}</p>
        </Notice>
      )}
      {printer.pollUrl && <PollAddress url={printer.pollUrl} />}
      {used ? (
        <Badge tone="ok" icon="check">
          {m.usedHere}
        </Badge>
      ) : (
        <Button onPress={use}>{m.useHere}</Button>
      )}
    </div>
  );
}

/** What the owner types into a printer that asks the server. */
export function PollAddress({ url }: { url: string }): JSX.Element {
  const m = printerWords();
  const [byHand, setByHand] = useState(false);
  const copy = async (): Promise<void> => {
    const copied = await copyText(url);
    if (copied) toast(m.copied);
    setByHand(!copied);
  };
  return (
    <div class="poll-address">
      <h3>{m.pollTitle}</h3>
      <p class="slip-code by-hand">{url}</p>
      <p class="small-print">{m.pollText}</p>
      <button type="button" class="button button-soft" onClick={() => void copy()}>
        <Icon name="copy" size={20} />
        <span>{m.copy}</span>
      </button>
      {byHand && <p class="small-print">{m.copyByHand}</p>}
    </div>
  );
}
