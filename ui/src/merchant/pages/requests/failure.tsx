import type { JSX } from 'preact';
import { ApiFailure } from '../../../shared/api/failure';
import { FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';

/** A failure with how long to wait, when messages go out too fast. */
export function RequestFailure({ failure }: { failure: unknown }): JSX.Element | null {
  const wait = failure instanceof ApiFailure && failure.status === 429 ? failure.retryAfter : 0;
  return <FailureNotice failure={failure} {...(wait > 0 ? { extra: t().request.waitFor(wait) } : {})} />;
}
