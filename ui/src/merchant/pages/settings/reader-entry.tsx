import type { JSX } from 'preact';
import { chosenReader, reader } from '../../../shared/devices/reader';
import { Icon } from '../../../shared/design/icons';
import { ListRow } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';

/** The way to this device's reader, with how it stands. */
export function ReaderEntry(): JSX.Element {
  const m = t().reader;
  const kind = chosenReader.value;
  const state = reader.value?.state.value ?? 'off';
  return <ListRow href={href('/settings/reader')} icon="reader" tone="plain" title={m.title} sub={kind ? [m.models[kind], m.states[state]] : [m.none]} end={<Icon name="next" size={18} />} />;
}
