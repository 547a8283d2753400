import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { IconButton } from '../shared/design/controls';
import { Icon } from '../shared/design/icons';
import { Sheet } from '../shared/design/sheet';
import { toast } from '../shared/design/toast';

export type TableFormat = 'xlsx' | 'csv';

interface TakeawayProps {
  /** Names the button and the sheet. */
  label: string;
  title: string;
  /** Said once a file is under way. */
  taking: string;
  names: Record<TableFormat, string>;
  /** What the file will hold. */
  hint: string;
  address: (format: TableFormat) => string;
}

/** A table as a file, in a format of choice. The browser fetches it, so that its size does not matter. */
export function Takeaway({ label, title, taking, names, hint, address }: TakeawayProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const taken = (): void => {
    setOpen(false);
    toast(taking);
  };
  return (
    <>
      <IconButton icon="download" label={label} onPress={() => setOpen(true)} />
      <Sheet title={title} open={open} onClose={() => setOpen(false)}>
        <div class="rows">
          {(['xlsx', 'csv'] as const).map((format) => (
            <a key={format} class="row" href={address(format)} download="" onClick={taken}>
              <span class="row-mark tone-accent">
                <Icon name="download" />
              </span>
              <span class="row-text">
                <span class="row-title">{names[format]}</span>
              </span>
              <span class="row-end" />
            </a>
          ))}
        </div>
        <p class="field-hint">{hint}</p>
      </Sheet>
    </>
  );
}
