import { isEnded, type PayRequest } from '../../../shared/api/requests';
import type { Payment } from '../../../shared/api/types';
import { t } from '../../../shared/i18n/i18n';
import { timeOfDay } from '../../../shared/text/day';

/** Where a step of a request stands: done, under way, still to come, or gone wrong. */
export type Stand = 'done' | 'now' | 'later' | 'bad';

export interface RequestStep {
  key: 'sent' | 'opened' | 'paying' | 'done';
  text: string;
  note: string;
  at: string | undefined;
  stand: Stand;
}

function sentStep(request: PayRequest): RequestStep {
  const m = t().request;
  const { message, sentAt, status } = request;
  const step = { key: 'sent' as const, text: m.sent, note: '', at: sentAt };
  // It ended first: there was nothing to send any more.
  if (message?.status === 'DROPPED' && isEnded(request)) return { ...step, note: m.notSent, stand: 'later' };
  if (status === 'UNDELIVERED' || message?.status === 'UNDELIVERED' || message?.status === 'REJECTED' || message?.status === 'DROPPED') {
    // The link may have gone another way since: what comes after tells.
    return { ...step, note: m.notArrived, at: message?.at ?? sentAt, stand: 'bad' };
  }
  if (status === 'SENDING') return { ...step, note: m.sentNow, stand: 'now' };
  const arrived = message?.status === 'DELIVERED' && message.at ? m.arrived(timeOfDay(new Date(message.at))) : '';
  return { ...step, note: arrived, stand: sentAt || !isEnded(request) ? 'done' : 'later' };
}

function openedStep(request: PayRequest, paying: boolean): RequestStep {
  const m = t().request;
  const call = request.kind === 'ARS';
  const step = { key: 'opened' as const, text: call ? m.called : m.opened, note: '', at: request.openedAt };
  // That it was opened is told as well as it can be; who pays has opened it.
  if (request.openedAt || paying || request.tries > 0) return { ...step, stand: 'done' };
  if (request.status === 'IN_CALL') return { ...step, stand: 'now' };
  const waits = request.status === 'SENT';
  return { ...step, note: waits ? (call ? m.calledWait : m.openedWait) : '', stand: waits ? 'now' : 'later' };
}

function payingStep(status: PayRequest['status'], waiting: boolean): RequestStep {
  const m = t().request;
  const step = { key: 'paying' as const, text: m.pay, note: '', at: undefined };
  if (status === 'PAID') return { ...step, stand: 'done' };
  if (status === 'PAYING') return { ...step, text: m.paying, note: m.payingNow, stand: 'now' };
  return waiting ? { ...step, note: m.payWait, stand: 'now' } : { ...step, stand: 'later' };
}

/**
 * A request from the text to the money: what happened, what happens now, what is still
 * to come. payment is the request's own, once it was read.
 */
export function stepsOf(request: PayRequest, payment?: Payment): RequestStep[] {
  const m = t().request;
  const { status } = request;
  const paid = status === 'PAID';
  const paying = status === 'PAYING' || paid;
  const waiting = !isEnded(request) && status !== 'PAYING' && (request.openedAt !== undefined || request.tries > 0);
  const last = isEnded(request) ? m.doneSteps[status as keyof typeof m.doneSteps] : m.done;
  return [
    sentStep(request),
    openedStep(request, paying),
    payingStep(status, waiting),
    { key: 'done', text: last, note: '', at: paid ? payment?.approvedAt : undefined, stand: paid ? 'done' : isEnded(request) ? 'bad' : 'later' },
  ];
}
