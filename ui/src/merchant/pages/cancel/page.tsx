import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Cancel, Payment } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { guardLeave, href, navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { rights } from '../../../shared/state/rights';
import { handOver } from '../../handover';
import type { PageInput } from '../../routes';
import { isCancelable, obstacleOf } from './cancelable';
import { CancelForm } from './form';
import { CancelPress, type Phase } from './press';
import './cancel.css';

function slipAddress(payment: Payment, cancel: Cancel): string {
  return `/payments/${encodeURIComponent(payment.id)}/cancels/${encodeURIComponent(cancel.id)}`;
}

/** Why nothing can be cancelled, as a sentence. */
function barred(payment: Payment): string {
  return obstacleOf(payment) === 'canceling' ? t().cancel.cannotCanceling : t().cancel.cannot[payment.status];
}

/** Chapter 8: how much, why, and the cancel password. */
export default function CancelPage({ params }: PageInput): JSX.Element {
  const id = params['id'] ?? '';
  const load = useLoad((signal) => payments.get(id, signal), id);
  const title = t().cancel.title;
  const up = `/payments/${encodeURIComponent(id)}`;
  if (!rights.value.cancel) return <NoCancel up={up} />;
  if (load.data && isCancelable(load.data)) return <Cancelable payment={load.data} up={up} />;
  return (
    <Page title={title} up={up}>
      {load.data ? (
        <EmptyState picture="undo" title={t().cancel.cannotTitle} text={barred(load.data)}>
          <Button kind="tint" href={href(up)}>
            {t().cancel.toDetail}
          </Button>
        </EmptyState>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={4} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

/** Somebody who may not cancel is told so before a password is asked for. */
function NoCancel({ up }: { up: string }): JSX.Element {
  return (
    <Page title={t().cancel.title} up={up}>
      <EmptyState picture="lock" title={t().rights.noneTitle} text={t().rights.noCancel}>
        <Button kind="tint" href={href(up)}>
          {t().cancel.toDetail}
        </Button>
      </EmptyState>
    </Page>
  );
}

function Cancelable({ payment, up }: { payment: Payment; up: string }): JSX.Element {
  const press = useMemo(
    () =>
      new CancelPress(payments, payment, (after, cancel) => {
        handOver(after);
        navigate(slipAddress(after, cancel), { replace: true });
      }),
    [],
  );
  useEffect(() => {
    const lift = guardLeave(() => press.busy);
    return () => {
      lift();
      press.stop();
    };
  }, []);
  const phase = press.phase.value;
  return (
    <>
      <div hidden={phase.kind !== 'form'} class="page">
        <Page title={t().cancel.title} up={up}>
          <CancelForm payment={payment} failure={phase.kind === 'form' ? phase.failure : undefined} onSend={(body) => void press.send(body)} />
        </Page>
      </div>
      {phase.kind !== 'form' && <CancelWaiting phase={phase} payment={payment} onRepeat={() => void press.sendAgain()} onDrop={() => press.drop()} />}
    </>
  );
}

interface WaitingProps {
  phase: Exclude<Phase, { kind: 'form' }>;
  payment: Payment;
  onRepeat: () => void;
  onDrop: () => void;
}

function CancelWaiting({ phase, payment, onRepeat, onDrop }: WaitingProps): JSX.Element {
  const m = t().cancel;
  const lost = phase.kind === 'lost';
  const words = lost ? [m.notReceivedTitle, m.notReceivedText] : phase.kind === 'checking' ? [m.checking, m.checkingHint] : [payment.method === 'CASH' ? t().cash.canceling : m.sending, t().pay.approvingHint];
  return (
    <Page title={m.title}>
      <div class="waiting" role={lost ? 'alert' : 'status'}>
        {lost ? <Icon name="offline" size={48} /> : <span class="spinner" />}
        <Amount won={payment.balanceAmount} size="l" />
        <h2>{words[0]}</h2>
        <p>{words[1]}</p>
      </div>
      {lost && (
        <div class="cta">
          <Button kind="primary" onPress={onRepeat}>
            {m.sendAgain}
          </Button>
          <Button kind="text" onPress={onDrop}>
            {t().pay.giveUp}
          </Button>
        </div>
      )}
    </Page>
  );
}
