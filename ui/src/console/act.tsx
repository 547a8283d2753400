import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../shared/design/controls';
import { toast } from '../shared/design/toast';
import { Confirm } from './reason';

interface ActProps {
  /** The verb on both buttons. */
  name: string;
  title?: string;
  danger?: boolean;
  disabled?: boolean;
  asks?: boolean;
  children?: ComponentChildren;
  /** Does it and gives the sentence that says so. */
  onAct: (reason: string) => Promise<string>;
}

/** A button whose act is asked for once more, with its reason. */
export function Act({ name, title = name, danger = false, disabled = false, asks = true, children, onAct }: ActProps): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind={danger ? 'bad' : 'soft'} disabled={disabled} onPress={() => setOpen(true)}>
        {name}
      </Button>
      <Confirm
        title={title}
        act={name}
        danger={danger}
        asks={asks}
        open={open}
        onClose={() => setOpen(false)}
        onAct={async (reason) => {
          const said = await onAct(reason);
          setOpen(false);
          toast(said);
        }}
      >
        {children}
      </Confirm>
    </>
  );
}
