import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { chosenPrinter } from '../../../shared/devices/printer';
import { Switch } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Notice, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { printerWords } from '../../../shared/i18n/printer-words';
import { useLoad } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { ownSettings, readSettings, saveSettings } from '../../own';
import { useShopPrinters } from '../../printer-ways';
import { NotSaved } from './notsaved';
import { DevicePrinter } from './printer-device';
import { PaperSettings } from './printer-paper';
import { ShopPrinters } from './printer-shop';
import './settings.css';
import './printer.css';

/** Whether the shop prints; then the printer of this device, its paper, and the shop's printers. */
export default function PrinterPage(): JSX.Element {
  const m = printerWords();
  const load = useLoad(readSettings, 'settings');
  const stored = ownSettings.value;
  return (
    <Page title={m.title} up="/settings">
      {stored ? <Printing on={stored.printer ?? false} /> : load.failure === undefined ? <Skeleton shape="row" count={4} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

function Printing({ on }: { on: boolean }): JSX.Element {
  const m = printerWords();
  const [wish, setWish] = useState<boolean>();
  const [failure, setFailure] = useState<unknown>();
  const shop = useShopPrinters();
  const shown = wish ?? on;
  const turn = (printer: boolean): void => {
    setWish(printer);
    setFailure(undefined);
    saveSettings({ printer })
      .then(() => toast(m.saved), setFailure)
      .finally(() => setWish(undefined));
  };
  const choice = chosenPrinter.value;
  useEffect(() => {
    if (shown) shop.reload();
  }, [shown]);
  return (
    <>
      {!isOwner.value && (
        <Notice tone="plain" icon="lock">
          {m.ownerOnly}
        </Notice>
      )}
      <NotSaved failure={failure} />
      <Switch label={m.use} hint={m.useHint} on={shown} disabled={!isOwner.value} onChange={turn} />
      {shown ? (
        <>
          <DevicePrinter shop={shop} />
          {choice && <PaperSettings choice={choice} />}
          <ShopPrinters load={shop} />
        </>
      ) : (
        <EmptyState picture="printer" title={m.offTitle} text={m.offText} />
      )}
    </>
  );
}
