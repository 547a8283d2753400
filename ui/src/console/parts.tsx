import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../shared/design/icons';
import { toast } from '../shared/design/toast';
import { c } from '../shared/i18n/console/console';
import { grouped } from '../shared/money/money';
import { slipTime } from '../shared/text/day';

/** An id in a fixed width that a press copies. Long ones are cut in the middle of what is shown, never of what is copied. */
export function Id({ children, short = false }: { children: string; short?: boolean }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(children);
      setCopied(true);
      toast(c().act.copied(children));
      setTimeout(() => setCopied(false), 1500);
    } catch {
      // A browser that forbids it leaves the text to be marked by hand.
    }
  };
  return (
    <button type="button" class="id" title={children} aria-label={c().act.copy(children)} onClick={() => void copy()}>
      <code>{short ? shortened(children) : children}</code>
      <Icon name={copied ? 'check' : 'copy'} size={16} />
    </button>
  );
}

/** The kind of an id and its last letters: what tells ids apart at a glance. */
export function shortened(id: string): string {
  const [kind, rest] = id.split('_', 2);
  return rest && rest.length > 8 ? `${kind}_…${rest.slice(-6)}` : id;
}

/** An instant to the second; nothing for none. */
export function When({ at }: { at: string | undefined }): JSX.Element | null {
  if (!at) return null;
  const text = slipTime(new Date(at));
  return (
    <time dateTime={at} title={text} class="when">
      {text}
    </time>
  );
}

/** Won as a table shows it. */
export function Won({ won }: { won: number }): JSX.Element {
  return <span class="won">{grouped(won).replace('-', '−')}</span>;
}

/** A page of the console: its name, what can be done there, and its content. */
export function Page({ title, acts, children }: { title: string; acts?: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <main class="desk" id="main">
      <div class="desk-head">
        <h1 tabIndex={-1}>{title}</h1>
        {acts && <div class="desk-acts">{acts}</div>}
      </div>
      {children}
    </main>
  );
}

/** A part of a page, or of a detail beside a list, with its name. */
export function Part({ title, page = false, acts, children }: { title: string; page?: boolean; acts?: ComponentChildren; children: ComponentChildren }): JSX.Element {
  const Title = page ? 'h2' : 'h3';
  return (
    <section class="part">
      <div class="part-head">
        <Title class="part-title">{title}</Title>
        {acts}
      </div>
      {children}
    </section>
  );
}
