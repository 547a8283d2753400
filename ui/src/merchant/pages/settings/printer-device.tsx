import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PrinterList } from '../../../shared/api/printers';
import { chosenPrinter, forgetPrinter, isLocal, printerState, reconnectPrinter } from '../../../shared/devices/printer';
import type { PrinterChoice } from '../../../shared/devices/printer-choice';
import { Button } from '../../../shared/design/controls';
import { Badge, ListRow, Notice } from '../../../shared/design/parts';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { printerWords } from '../../../shared/i18n/printer-words';
import type { Load } from '../../../shared/state/load';
import PrintSheet from '../../print-sheet';
import { printerTitle, PrinterWays, RepickPrinter } from '../../printer-ways';
import { printingOf, startPrint } from '../../printing';

const TEST = { kind: 'test' } as const;

/** The printer of this device: how it stands, a test page, another one; or the ways to one. */
export function DevicePrinter({ shop }: { shop: Load<PrinterList> }): JSX.Element {
  const m = printerWords();
  const choice = chosenPrinter.value;
  const [changing, setChanging] = useState(false);
  const picked = (): void => {
    setChanging(false);
    toast(m.connected);
  };
  return (
    <section class="setting" aria-labelledby="printer-mine">
      <h2 id="printer-mine">{m.mine}</h2>
      {choice && !changing ? <Chosen choice={choice} shop={shop} onChange={() => setChanging(true)} /> : <PrinterWays onPicked={picked} withShop={false} />}
      {choice && changing && (
        <Button kind="text" onPress={() => setChanging(false)}>
          {m.keep}
        </Button>
      )}
    </section>
  );
}

interface ChosenProps {
  choice: PrinterChoice;
  shop: Load<PrinterList>;
  onChange: () => void;
}

function Chosen({ choice, shop, onChange }: ChosenProps): JSX.Element {
  const m = printerWords();
  const [testing, setTesting] = useState(false);
  const printing = printingOf(TEST);
  const ofShop = choice.kind === 'server' ? shop.data?.printers.find(({ id }) => id === choice.id) : undefined;
  const gone = choice.kind === 'server' && shop.data !== undefined && !ofShop;
  useEffect(() => {
    if (isLocal(choice.kind)) void reconnectPrinter().catch(() => undefined);
  }, [choice.kind, choice.id]);
  const { kind: phase } = printing.phase.value;
  useEffect(() => {
    // What the server noted of its printer stands there before the sheet is closed.
    if (choice.kind === 'server' && phase !== 'idle' && phase !== 'working') shop.reload();
  }, [phase]);
  const test = (): void => {
    setTesting(true);
    void startPrint(printing).catch(() => toast(t().print.unopened));
  };
  const leave = (): void => void forgetPrinter().then(() => toast(m.forgot));
  return (
    <>
      <ListRow icon="printer" title={printerTitle(choice)} sub={choice.name ? [t().print.kinds[choice.kind]] : []} end={<StateBadge choice={choice} gone={gone} />} />
      <Trouble choice={choice} gone={gone} />
      {ofShop?.lastError && (
        <Notice tone="bad" icon="alert">
          <p>{ofShop.lastError.message}</p>
        </Notice>
      )}
      <div class="button-row">
        <Button kind="tint" icon="printer" disabled={gone} onPress={test}>
          {m.test}
        </Button>
        <Button onPress={onChange}>{m.change}</Button>
      </div>
      <Button kind="text" onPress={leave}>
        {m.forget}
      </Button>
      {testing && <PrintSheet printing={printing} onClose={() => setTesting(false)} />}
    </>
  );
}

function StateBadge({ choice, gone }: { choice: PrinterChoice; gone: boolean }): JSX.Element {
  const m = printerWords();
  if (gone) return <Badge tone="bad">{m.state.failed}</Badge>;
  if (!isLocal(choice.kind)) return <Badge tone="ok">{choice.kind === 'server' ? m.readyServer : m.readySystem}</Badge>;
  const { kind } = printerState.value;
  return (
    <span role="status">
      <Badge tone={kind === 'ready' ? 'ok' : kind === 'failed' ? 'bad' : 'plain'}>{m.state[kind]}</Badge>
    </span>
  );
}

/** Why it is not connected, and what to do. */
function Trouble({ choice, gone }: { choice: PrinterChoice; gone: boolean }): JSX.Element | null {
  const m = printerWords();
  const state = printerState.value;
  const [tried, setTried] = useState(false);
  if (gone) return <Notice tone="bad" icon="alert">{m.gone}</Notice>;
  if (!isLocal(choice.kind)) return null;
  if (state.kind === 'off') return <RepickPrinter onPicked={() => toast(m.connected)} />;
  if (state.kind !== 'failed') return null;
  const again = (): void => {
    setTried(true);
    void reconnectPrinter().catch(() => undefined);
  };
  return (
    <>
      <Notice tone="bad" icon="alert">
        <p>{m.trouble[state.trouble]}</p>
      </Notice>
      {tried ? (
        <RepickPrinter onPicked={() => toast(m.connected)} />
      ) : (
        <Button kind="primary" onPress={again}>
          {m.reconnect}
        </Button>
      )}
    </>
  );
}
