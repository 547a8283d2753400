import type { JSX } from 'preact';
import { chosenPrinter, printerState } from '../../../shared/devices/printer';
import { Icon } from '../../../shared/design/icons';
import { Badge } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';

/** The printer of this counter and how it stands, or the way to connect one. */
export function PrinterChip(): JSX.Element {
  const m = t().print;
  const choice = chosenPrinter.value;
  const { kind } = printerState.value;
  return (
    <>
      <a class="chip" href={href('/settings/printer')}>
        <Icon name="printer" size={18} />
        {choice ? choice.name || m.kinds[choice.kind] : m.chip}
      </a>
      {choice && (kind === 'failed' || kind === 'off') && (
        <Badge tone={kind === 'failed' ? 'bad' : 'plain'} icon="alert">
          {m.unconnected}
        </Badge>
      )}
      {choice && kind === 'connecting' && <Badge tone="plain">{m.connecting}</Badge>}
    </>
  );
}
