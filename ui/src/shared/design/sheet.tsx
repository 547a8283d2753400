import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { IconButton } from './controls';

interface SheetProps {
  title: string;
  open: boolean;
  onClose: () => void;
  /** False for a sheet that needs its act: no close button, Escape does nothing. */
  closable?: boolean;
  /** A menu comes in from the left instead of rising from below. */
  from?: 'left';
  children: ComponentChildren;
}

/** A bottom sheet for choices (native dialog: focus stays inside and returns where it was). */
export function Sheet({ title, open, onClose, closable = true, from, children }: SheetProps): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (open && element && !element.open) element.showModal();
    return () => element?.close();
  }, [open]);
  if (!open) return null;
  return (
    <dialog
      ref={dialog}
      class={from ? `sheet sheet-${from}` : 'sheet'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (closable) onClose();
      }}
      onClick={(event) => {
        if (closable && event.target === dialog.current) onClose();
      }}
    >
      <div class="sheet-head">
        <h2 id={titleId}>{title}</h2>
        {closable && <IconButton icon="close" label={t().common.close} onPress={onClose} />}
      </div>
      <div class="sheet-body">{children}</div>
    </dialog>
  );
}
