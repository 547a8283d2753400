import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import { printers, type Printer, type PrinterBody } from '../../../shared/api/printers';
import { chosenPrinter, changePrinter, forgetPrinter } from '../../../shared/devices/printer';
import type { TextMode } from '../../../shared/devices/printer-choice';
import { Button, Field, Segments, Switch } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { printerWords } from '../../../shared/i18n/printer-words';
import { Look } from './printer-paper';

const TRANSPORTS: readonly Printer['transport'][] = ['NETWORK', 'CLOUD_PRNT'];
/** Star's printers take no ESC/POS when they ask for their work. */
const MODES_OF: Record<Printer['transport'], readonly TextMode[]> = { NETWORK: ['CP949', 'RASTER', 'STAR_LINE'], CLOUD_PRNT: ['STAR_LINE', 'RASTER'] };

const blank = (serverPrinting: boolean): PrinterBody => ({
  name: '',
  transport: serverPrinting ? 'NETWORK' : 'CLOUD_PRNT',
  columns: 42,
  mode: serverPrinting ? 'CP949' : 'STAR_LINE',
  hangul: 'FULL',
  drawer: false,
});

function bodyOf({ name, transport, address, columns, mode, hangul, drawer = false }: PrinterBody): PrinterBody {
  return { name: name.trim(), transport, columns, mode, hangul, drawer, ...(transport === 'NETWORK' ? { address: (address ?? '').trim() } : {}) };
}

interface FormProps {
  /** Absent: a new one. */
  printer: Printer | undefined;
  serverPrinting: boolean;
  onDone: () => void;
  onClose: () => void;
}

/** A printer of the shop: where it is and how it prints. */
export function PrinterForm({ printer, serverPrinting, onDone, onClose }: FormProps): JSX.Element {
  const m = printerWords();
  const [form, setForm] = useState<PrinterBody>(printer ?? blank(serverPrinting));
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const edit = (change: Partial<PrinterBody>): void => setForm((old) => ({ ...old, ...change }));
  const at = (field: string): string => (failure instanceof ApiFailure ? failure.fieldMessage(`/${field}`) : '');
  const network = form.transport === 'NETWORK';
  const whole = form.name.trim() !== '' && (!network || (form.address ?? '').trim() !== '');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!whole || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const saved = await (printer ? printers.change(printer.id, { ...bodyOf(form), version: printer.version }) : printers.add(bodyOf(form)));
      if (chosenPrinter.value?.id === saved.id) changePrinter({ name: saved.name });
      toast(printer ? m.changed : m.added);
      onDone();
    } catch (cause) {
      setFailure(cause);
      setBusy(false);
    }
  };
  const said = ['name', 'address', 'columns', 'mode'].some(at);
  return (
    <Sheet title={printer ? m.editTitle : m.addTitle} open onClose={onClose}>
      <form class="stack" autocomplete="off" onSubmit={(event) => void submit(event)} noValidate>
        {!printer && serverPrinting && (
          <Segments
            label={m.transport}
            value={form.transport}
            onChange={(transport) => edit({ transport, mode: MODES_OF[transport][0] ?? 'RASTER' })}
            options={TRANSPORTS.map((value) => ({ value, text: m.transports[value] }))}
          />
        )}
        <p class="small-print">{m.transportHints[form.transport]}</p>
        {!printer && !serverPrinting && <p class="small-print">{m.noServerPrinting}</p>}
        <Field label={m.name} value={form.name} onInput={(name) => edit({ name })} placeholder={m.nameHint} maxLength={40} autoFocus={!printer} bad={at('name')} />
        {network && <Field label={m.address} value={form.address ?? ''} onInput={(address) => edit({ address })} hint={m.addressHint} maxLength={260} bad={at('address')} />}
        <div class="setting">
          <Look look={form} modes={MODES_OF[form.transport]} onChange={edit} />
        </div>
        <Switch label={m.drawer} hint={m.drawerHint} on={form.drawer ?? false} onChange={(drawer) => edit({ drawer })} />
        {!said && <FailureNotice failure={failure} />}
        <Button kind="primary" type="submit" disabled={!whole || busy}>
          {printer ? m.saveAct : m.addAct}
        </Button>
      </form>
      {printer && <Remove printer={printer} onDone={onDone} />}
    </Sheet>
  );
}

/** Asks once more: what waits for the printer is dropped. */
function Remove({ printer, onDone }: { printer: Printer; onDone: () => void }): JSX.Element {
  const m = printerWords();
  const [sure, setSure] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const remove = async (): Promise<void> => {
    setFailure(undefined);
    try {
      await printers.remove(printer.id);
      if (chosenPrinter.value?.id === printer.id) await forgetPrinter();
      toast(m.removed);
      onDone();
    } catch (cause) {
      setFailure(cause);
    }
  };
  if (!sure) {
    return (
      <Button kind="text" icon="bin" onPress={() => setSure(true)}>
        {m.remove}
      </Button>
    );
  }
  return (
    <Notice tone="warn" icon="bin">
      <p>{m.removeText}</p>
      <FailureNotice failure={failure} />
      <div class="button-row">
        <Button kind="bad" onPress={() => void remove()}>
          {m.removeAct}
        </Button>
        <Button onPress={() => setSure(false)}>{m.removeKeep}</Button>
      </div>
    </Notice>
  );
}
