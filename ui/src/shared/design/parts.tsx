import type { ComponentChildren, JSX } from 'preact';
import { t } from '../i18n/i18n';
import { grouped } from '../money/money';
import { Icon, type IconName } from './icons';

export type Tone = 'ok' | 'warn' | 'bad' | 'plain' | 'accent';

interface AmountProps {
  won: number;
  size?: 's' | 'm' | 'l' | 'xl';
  struck?: boolean;
  bad?: boolean;
  /** Lets the last digit pop in: for an amount that is being typed. */
  live?: boolean;
}

/** An amount: big confident digits, 원 smaller and lighter. */
export function Amount({ won, size = 'm', struck = false, bad = false, live = false }: AmountProps): JSX.Element {
  const text = grouped(won).replace('-', '−');
  const names = ['amount', `amount-${size}`, struck && 'amount-struck', bad && 'amount-bad'];
  return (
    <span class={names.filter(Boolean).join(' ')}>
      <span>
        {live ? text.slice(0, -1) : text}
        {live && (
          <span class="pop" key={text}>
            {text.slice(-1)}
          </span>
        )}
      </span>
      <span class="amount-won">{t().common.won}</span>
    </span>
  );
}

/** A word with its tone; the tone is never the only sign. */
export function Badge({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ComponentChildren }): JSX.Element {
  return (
    <span class={`badge tone-${tone}`}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </span>
  );
}

/** The cancel stamp of slips. */
export function Stamp({ children }: { children: ComponentChildren }): JSX.Element {
  return <span class="stamp">{children}</span>;
}

/** Name and value pairs of a slip; empty values are left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="facts">
      {rows
        .filter(([, value]) => value !== undefined && value !== '' && value !== null && value !== false)
        .map(([name, value]) => (
          <div class="fact" key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

interface RowProps {
  href?: string;
  onPress?: () => void;
  icon: IconName;
  tone?: Tone;
  title: ComponentChildren;
  /** Parts of the second line. */
  sub?: readonly string[];
  end?: ComponentChildren;
}

/** The second line of a row; screen readers hear a pause between its parts. */
export function RowSub({ parts }: { parts: readonly string[] }): JSX.Element {
  return (
    <span class="row-sub">
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </span>
  );
}

/** One line of a list: mark, title with a second line, amount at the right. */
export function ListRow({ href, onPress, icon, tone = 'accent', title, sub, end }: RowProps): JSX.Element {
  const inside = (
    <>
      <span class={`row-mark tone-${tone}`}>
        <Icon name={icon} />
      </span>
      <span class="row-text">
        <span class="row-title">{title}</span>
        {sub && <RowSub parts={sub} />}
      </span>
      <span class="row-end">{end}</span>
    </>
  );
  if (href) {
    return (
      <a class="row" href={href}>
        {inside}
      </a>
    );
  }
  if (onPress) {
    return (
      <button type="button" class="row" onClick={onPress}>
        {inside}
      </button>
    );
  }
  return <div class="row">{inside}</div>;
}

/** Grey shapes while a list or figure is on its way. */
export function Skeleton({ shape, count = 1 }: { shape: 'row' | 'amount' | 'line'; count?: number }): JSX.Element {
  return (
    <div class="skeleton" role="status">
      <span class="unseen">{t().common.loading}</span>
      {Array.from({ length: count }, (_, i) => (
        <div key={i} class={shape === 'line' ? 'bone' : `bone bone-${shape}`} />
      ))}
    </div>
  );
}

/** A boxed sentence inside a page. */
export function Notice({ tone, icon, children }: { tone: Tone; icon: IconName; children: ComponentChildren }): JSX.Element {
  return (
    <div class={`notice tone-${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={icon} size={20} />
      <div>{children}</div>
    </div>
  );
}
