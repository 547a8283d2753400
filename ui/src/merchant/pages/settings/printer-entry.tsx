import type { JSX } from 'preact';
import { chosenPrinter } from '../../../shared/devices/printer';
import { Icon } from '../../../shared/design/icons';
import { ListRow } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { shopPrints } from '../../printing';

/** The way to the printer's settings, with how they stand. */
export function PrinterEntry(): JSX.Element {
  const m = t().print;
  const choice = chosenPrinter.value;
  const printer = choice && (choice.name || m.kinds[choice.kind]);
  return (
    <ListRow
      href={href('/settings/printer')}
      icon="printer"
      tone="plain"
      title={m.setting}
      sub={shopPrints.value ? [m.settingOn, ...(printer ? [printer] : [])] : [m.settingOff]}
      end={<Icon name="next" size={18} />}
    />
  );
}
