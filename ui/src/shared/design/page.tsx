import { createContext, type ComponentChildren, type JSX } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/i18n';
import { arrivedBy, back, href, place } from '../router/router';
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

interface TopBar {
  /** Opens the app's menu: its button stands at the left. */
  onMenu?: () => void;
  /** Whether the way home stands at the right of every screen but home. */
  home?: boolean;
  /** Whether the screen is a step of a task, which keeps its way back beside the menu. */
  task?: boolean;
}

/** What the app puts into every screen's top bar. */
export const Frame = createContext<TopBar>({});

/** A screen: top bar and content. A new screen takes the focus at its title. */
export function Page({ title, up, left, right, wide = false, tone, brand, children }: PageProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · INNOPAY`;
  }, [title]);
  useEffect(() => {
    if (arrivedBy.value !== 'replace' && !document.querySelector('dialog[open]')) heading.current?.focus({ preventScroll: true });
  }, []);
  const { onMenu, home = false, task = false } = useContext(Frame);
  // The main screen of a function has the menu in place of the way back to home.
  const main = onMenu !== undefined && !task && up === '/';
  return (
    <div class={['page', wide && 'page-wide', tone && `page-${tone}`].filter(Boolean).join(' ')}>
      <header class="topbar">
        <div class="topbar-side">
          {left ?? (up === undefined || main ? null : <IconButton icon="back" label={t().common.back} onPress={() => back(up)} />)}
          {onMenu && (
            <span class="menu-button">
              <IconButton icon="menu" label={t().menu.open} onPress={onMenu} />
            </span>
          )}
        </div>
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
        <div class="topbar-side topbar-end">
          {right}
          {home && place.value.path !== '/' && <IconButton icon="home" label={t().common.home} href={href('/')} />}
        </div>
      </header>
      <main id="main" class="content">
        {children}
      </main>
    </div>
  );
}
