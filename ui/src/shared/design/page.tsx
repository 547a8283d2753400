import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { arrivedBy, back } from '../router/router';
import { IconButton } from './controls';

interface PageProps {
  title: string;
  /** Where the back button goes when nothing is behind; absent: no back button. */
  up?: string;
  /** In place of the back button. */
  left?: ComponentChildren;
  right?: ComponentChildren;
  wide?: boolean;
  /** Colours the top bar with the outcome below it. */
  tone?: 'ok' | undefined;
  /** Shown instead of the title's words, which stay for screen readers. */
  brand?: ComponentChildren;
  children: ComponentChildren;
}

/** A screen: top bar and content. A new screen takes the focus at its title. */
export function Page({ title, up, left, right, wide = false, tone, brand, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · INNOPAY`;
  }, [title]);
  useEffect(() => {
    if (arrivedBy.value !== 'replace' && !document.querySelector('dialog[open]')) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class={['page', wide && 'page-wide', tone && `page-${tone}`].filter(Boolean).join(' ')}>
      <header class="topbar">
        {left ?? (up === undefined ? <span /> : <IconButton icon="back" label={t().common.back} onPress={() => back(up)} />)}
        <h1 tabIndex={-1} ref={heading}>
          {brand ? (
            <>
              <span class="brand">{brand}</span>
              <span class="unseen">{title}</span>
            </>
          ) : (
            title
          )}
        </h1>
        {right ?? <span />}
      </header>
      <main id="main" class="content">
        {children}
      </main>
    </div>
  );
}
