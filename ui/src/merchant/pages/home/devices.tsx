import type { JSX, RefObject } from 'preact';
import { chosenReader, reader } from '../../../shared/devices/reader';
import { Icon } from '../../../shared/design/icons';
import { Badge } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { Battery } from '../../reader';

/** The devices of this counter: the reader with its battery, or the way to choose one. */
export function Devices({ chip, onReader }: { chip: RefObject<HTMLButtonElement | null>; onReader: () => void }): JSX.Element {
  const m = t();
  const kind = chosenReader.value;
  const driver = reader.value;
  const state = driver?.state.value;
  return (
    <>
      <button type="button" ref={chip} class="chip" aria-haspopup="dialog" onClick={onReader}>
        <Icon name="reader" size={18} />
        {kind ? m.reader.models[kind] : m.home.readerNone}
      </button>
      {kind && (state === 'failed' || state === 'off') && (
        <Badge tone="bad" icon="alert">
          {m.home.readerFailed}
        </Badge>
      )}
      {driver && state === 'ready' && <Battery driver={driver} />}
    </>
  );
}
