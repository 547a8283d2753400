import type { JSX } from 'preact';
import { registrations } from '../../../shared/api/join';
import { Button } from '../../../shared/design/controls';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { Skeleton } from '../../../shared/design/parts';
import { toast } from '../../../shared/design/toast';
import { j } from '../../../shared/i18n/join';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { untilText } from '../../until';
import type { StepProps } from './codes';
import { writeDraft } from './draft';

/** Handed in: what the owner decided, as far as it is decided. */
export function DoneStep({ draft, restart }: StepProps): JSX.Element {
  const m = j().register;
  const load = useLoad(() => registrations.current(draft.token), draft.token);
  const look = (): void => {
    registrations.current(draft.token).then((now) => {
      load.set(now);
      if (now.status === 'PENDING') toast(m.stillWaiting);
    }, load.reload);
  };
  const now = load.data;
  if (!now) return load.failure === undefined ? <Skeleton shape="line" count={3} /> : <ErrorState failure={load.failure} onRetry={load.reload} />;
  if (now.status === 'APPROVED') {
    return (
      <EmptyState picture="check" title={m.approvedTitle} text={m.approvedText}>
        <Button kind="primary" href={href('/login')} onPress={() => writeDraft(null)}>
          {m.toLogin}
        </Button>
      </EmptyState>
    );
  }
  if (now.status === 'REFUSED') {
    return (
      <EmptyState picture="alert" title={m.refusedTitle} text={m.refusedText}>
        <Button onPress={restart}>{m.restart}</Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState picture="clock" title={m.doneTitle} text={m.doneText(now.merchantName ?? draft.shop)}>
      <p class="join-hint">{m.doneUntil(untilText(now.expiresAt))}</p>
      <Button kind="soft" onPress={look}>
        {m.check}
      </Button>
    </EmptyState>
  );
}
