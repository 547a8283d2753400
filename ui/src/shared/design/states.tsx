import type { ComponentChildren, JSX } from 'preact';
import { ApiFailure, NoAnswer } from '../api/failure';
import { t } from '../i18n/i18n';
import { online } from '../state/online';
import { Button } from './controls';
import { Icon, type IconName } from './icons';
import { Notice } from './parts';

interface StateProps {
  picture: IconName;
  title: string;
  text: string;
  children?: ComponentChildren;
}

/** A whole screen or list that has one thing to say and one thing to do. */
export function EmptyState({ picture, title, text, children }: StateProps): JSX.Element {
  return (
    <div class="state">
      <span class="state-picture">
        <Icon name={picture} size={48} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** The sentence for a failure: the server's own where there is one. */
export function failureText(failure: unknown): string {
  if (failure instanceof NoAnswer) return online.value ? t().error.noAnswer : t().error.offlineText;
  if (failure instanceof ApiFailure && failure.message) return failure.message;
  return t().error.unknown;
}

/** Slips of the hand, which nobody asks for help about. */
const MISTYPED = new Set(['LOGIN_FAILED']);

/** Code and trace number of a failure, small, for whoever is asked for help. */
function SmallPrint({ failure }: { failure: unknown }): JSX.Element | null {
  if (!(failure instanceof ApiFailure) || (!failure.code && !failure.traceId) || MISTYPED.has(failure.code)) return null;
  return (
    <span class="small-print">
      {failure.code && t().common.code(failure.code)}
      {failure.code && failure.traceId && ' · '}
      {failure.traceId && t().common.trace(failure.traceId)}
    </span>
  );
}

/** A list or page that could not be fetched: reason, retry, code. */
export function ErrorState({ failure, onRetry }: { failure: unknown; onRetry: () => void }): JSX.Element {
  const offline = failure instanceof NoAnswer && !online.value;
  return (
    <div class="state" role="alert">
      <span class="state-picture">
        <Icon name={offline ? 'offline' : 'alert'} size={48} />
      </span>
      <h2>{offline ? t().error.offlineTitle : t().error.title}</h2>
      <p>{failureText(failure)}</p>
      <Button kind="soft" onPress={onRetry}>
        {t().common.retry}
      </Button>
      <SmallPrint failure={failure} />
    </div>
  );
}

/** What went wrong with a form, above its button. */
export function FailureNotice({ failure, extra }: { failure: unknown; extra?: string }): JSX.Element | null {
  if (failure === undefined || failure === null) return null;
  return (
    <Notice tone="bad" icon="alert">
      <p>{failureText(failure)}</p>
      {extra && <p>{extra}</p>}
      <SmallPrint failure={failure} />
    </Notice>
  );
}
