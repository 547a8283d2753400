import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { printers, type Printer, type PrinterList } from '../shared/api/printers';
import { choosePrinter, chosenPrinter, isLocal, PrintFailure, warmDrivers } from '../shared/devices/printer';
import { ableTo } from '../shared/devices/printer-able';
import { KINDS, type PrinterChoice, type PrinterKind } from '../shared/devices/printer-choice';
import { Button } from '../shared/design/controls';
import { Icon, type IconName } from '../shared/design/icons';
import { ListRow, Notice } from '../shared/design/parts';
import { FailureNotice } from '../shared/design/states';
import { t } from '../shared/i18n/i18n';
import { printerWords } from '../shared/i18n/printer-words';
import { useLoad, type Load } from '../shared/state/load';
import './printer-ways.css';

/** What a printer is called: its own name, or that of its kind. */
export const printerTitle = ({ kind, name }: Pick<PrinterChoice, 'kind' | 'name'>): string => name || t().print.kinds[kind];

const ICONS: Record<PrinterKind, IconName> = { serial: 'bluetooth', bluetooth: 'bluetooth', usb: 'plug', cable: 'plug', server: 'network', system: 'printer', share: 'share' };

export const useShopPrinters = (): Load<PrinterList> => useLoad((signal) => printers.list(signal), 'printers');

interface Picking {
  /** The kind that is being connected. */
  busy: PrinterKind | null;
  failure: unknown;
  pick: (kind: PrinterKind, printer?: Printer) => void;
}

/** Connects a printer; what went wrong is shown until the next press. */
function usePicking(onPicked: () => void): Picking {
  const [busy, setBusy] = useState<PrinterKind | null>(null);
  const [failure, setFailure] = useState<unknown>();
  const pick = (kind: PrinterKind, printer?: Printer): void => {
    if (busy) return;
    setBusy(kind);
    setFailure(undefined);
    choosePrinter(kind, printer && { id: printer.id, name: printer.name })
      .then((picked) => picked && onPicked(), setFailure)
      .finally(() => setBusy(null));
  };
  return { busy, failure, pick };
}

/** Why a printer could not be connected. */
export function PickFailure({ failure }: { failure: unknown }): JSX.Element | null {
  if (!(failure instanceof PrintFailure)) return <FailureNotice failure={failure} />;
  return (
    <Notice tone="bad" icon="alert">
      <p>{printerWords().trouble[failure.trouble]}</p>
    </Notice>
  );
}

/**
 * Every way to a printer that there is here, each connected by its press; the others are
 * named once, with the reason. withShop: the shop's own printers are among them.
 */
export function PrinterWays({ onPicked, withShop = true }: { onPicked: () => void; withShop?: boolean }): JSX.Element {
  const m = printerWords();
  const names = t().print.kinds;
  const able = ableTo();
  const shop = useShopPrinters();
  const { busy, failure, pick } = usePicking(onPicked);
  const own = KINDS.filter((kind): kind is Exclude<PrinterKind, 'server'> => kind !== 'server' && able[kind]);
  useEffect(() => warmDrivers(own), []);
  const chosen = chosenPrinter.value;
  return (
    <>
      <PickFailure failure={failure} />
      <div class="rows" aria-label={m.ways} role="group">
        {own.map((kind) => (
          <ListRow key={kind} icon={ICONS[kind]} tone={chosen?.kind === kind ? 'accent' : 'plain'} title={names[kind]} sub={[busy === kind ? t().print.connecting : m.hints[kind]]} end={<Icon name="next" size={18} />} onPress={() => pick(kind)} />
        ))}
        {withShop && shop.data?.printers.map((printer) => (
          <ListRow
            key={printer.id}
            icon={ICONS.server}
            tone={chosen?.id === printer.id ? 'accent' : 'plain'}
            title={printer.name}
            sub={[printer.address ?? m.transports[printer.transport]]}
            end={<Icon name="next" size={18} />}
            onPress={() => pick('server', printer)}
          />
        ))}
      </div>
      <FailureNotice failure={shop.failure} />
      <Absent able={able} shop={shop.data} />
    </>
  );
}

/** What this device cannot do, said once; where it reaches no printer itself, what can be done instead. */
function Absent({ able, shop }: { able: ReturnType<typeof ableTo>; shop: PrinterList | undefined }): JSX.Element | null {
  const m = printerWords();
  const names = t().print.kinds;
  const missing = KINDS.filter((kind) => isLocal(kind) && !able[kind]);
  if (missing.length === 0) return null;
  const none = KINDS.every((kind) => !isLocal(kind) || !able[kind as 'serial']);
  return (
    <div class="printer-absent">
      <p class="small-print">{m.absent(missing.map((kind) => names[kind]).join(', '))}</p>
      {!window.isSecureContext && <p class="small-print">{m.insecure}</p>}
      {none && (
        <section aria-labelledby="ladder-title">
          <h3 id="ladder-title">{m.ladderTitle}</h3>
          <p class="small-print">{m.ladderText}</p>
          <ol class="printer-ladder" role="list">
            {able.share && <li>{m.ladder.share}</li>}
            {able.system && <li>{m.ladder.system}</li>}
            {shop?.serverPrinting !== false && <li>{m.ladder.network}</li>}
            <li>{m.ladder.cloud}</li>
          </ol>
        </section>
      )}
    </div>
  );
}

/** Picks the printer of before once more. */
export function RepickPrinter({ onPicked }: { onPicked: () => void }): JSX.Element {
  const { busy, failure, pick } = usePicking(onPicked);
  const kind = chosenPrinter.value?.kind;
  useEffect(() => {
    if (kind) warmDrivers([kind]);
  }, [kind]);
  return (
    <>
      <PickFailure failure={failure} />
      <Button kind="primary" icon="printer" disabled={busy !== null || !kind} onPress={() => kind && pick(kind)}>
        {printerWords().repick}
      </Button>
    </>
  );
}
