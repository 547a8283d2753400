import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { IconButton } from '../shared/design/controls';
import { t } from '../shared/i18n/i18n';
import { bindKeys } from './keys';

interface DrawerProps {
  title: ComponentChildren;
  onClose: () => void;
  children: ComponentChildren;
}

/** Details beside the list, which stays; Escape closes and leads back to the row. */
export function Drawer({ title, onClose, children }: DrawerProps): JSX.Element {
  const head = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const close = (): void => {
    const row = document.querySelector<HTMLElement>('[data-row][aria-expanded=true]');
    onClose();
    row?.focus();
  };
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    head.current?.focus();
    return bindKeys({ Escape: () => latest.current() });
  }, []);
  return (
    <aside class="drawer" aria-labelledby={id}>
      <div class="drawer-head">
        <h2 id={id} tabIndex={-1} ref={head}>
          {title}
        </h2>
        <IconButton icon="close" label={t().common.close} onPress={close} />
      </div>
      <div class="drawer-body">{children}</div>
    </aside>
  );
}

/** A list with what stands open beside it. */
export function Split({ children, side }: { children: ComponentChildren; side: ComponentChildren }): JSX.Element {
  return (
    <div class={side ? 'split has-side' : 'split'}>
      <div class="split-main">{children}</div>
      {side}
    </div>
  );
}
