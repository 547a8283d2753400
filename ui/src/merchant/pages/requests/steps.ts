import { isEnded, type PayRequest } from '../../../shared/api/requests';
import type { Payment } from '../../../shared/api/types';
import { t } from '../../../shared/i18n/i18n';
import { timeOfDay } from '../../../shared/text/day';
import { wordsOf } from './words';

/** Where a step of a request stands: done, under way, still to come, or gone wrong. */
export type Stand = 'done' | 'now' | 'later' | 'bad';

export interface RequestStep {
  key: 'sent' | 'opened' | 'paying' | 'called' | 'card' | 'done';
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
  const step = { key: 'opened' as const, text: m.opened, note: '', at: request.openedAt };
  // That it was opened is told as well as it can be; who pays has opened it.
  if (request.openedAt || paying || request.tries > 0) return { ...step, stand: 'done' };
  const waits = request.status === 'SENT';
  return { ...step, note: waits ? m.openedWait : '', stand: waits ? 'now' : 'later' };
}

function payingStep(status: PayRequest['status'], waiting: boolean): RequestStep {
  const m = t().request;
  const step = { key: 'paying' as const, text: m.pay, note: '', at: undefined };
  if (status === 'PAID') return { ...step, stand: 'done' };
  if (status === 'PAYING') return { ...step, text: m.paying, note: m.payingNow, stand: 'now' };
  return waiting ? { ...step, note: m.payWait, stand: 'now' } : { ...step, stand: 'later' };
}

function doneStep(request: PayRequest, payment: Payment | undefined): RequestStep {
  const m = wordsOf(request.kind);
  const { status } = request;
  const ended = isEnded(request);
  const text = ended ? m.doneSteps[status as keyof typeof m.doneSteps] : m.done;
  const paid = status === 'PAID';
  return { key: 'done', text, note: '', at: paid ? payment?.approvedAt : undefined, stand: paid ? 'done' : ended ? 'bad' : 'later' };
}

function calledStep(request: PayRequest, keyed: boolean): RequestStep {
  const m = t().request.call;
  const { status, callStep, openedAt, tries } = request;
  const calling = status === 'IN_CALL';
  const step = { key: 'called' as const, text: calling ? m.now : m.called, note: '', at: undefined };
  if (keyed) return { ...step, stand: 'done' };
  if (calling) return { ...step, note: callStep ? m.greeted : '', stand: 'now' };
  if (status !== 'SENT') return { ...step, stand: 'later' };
  // The page that tells how to pay was seen, as well as that can be told; or a call ended without money.
  return { ...step, note: tries > 0 ? m.again : openedAt ? m.seen : m.wait, stand: 'now' };
}

/** From the card on: what is keyed in, and what the card company says to it. */
function cardSteps(request: PayRequest, payment: Payment | undefined, keyed: boolean): RequestStep[] {
  const m = t().request.call;
  const keying = request.status === 'IN_CALL' && request.callStep === 'CARD';
  const approving = request.status === 'PAYING';
  const last = doneStep(request, payment);
  return [
    { key: 'card', text: m.card, note: keying ? m.cardNow : '', at: undefined, stand: keying ? 'now' : keyed ? 'done' : 'later' },
    approving ? { ...last, text: m.approving, note: m.approvingNow, stand: 'now' } : isEnded(request) ? last : { ...last, text: m.approval },
  ];
}

/**
 * A request from the text to the money: what happened, what happens now, what is still
 * to come. payment is the request's own, once it was read.
 */
export function stepsOf(request: PayRequest, payment?: Payment): RequestStep[] {
  const { status } = request;
  const paying = status === 'PAYING' || status === 'PAID';
  if (request.kind === 'ARS') {
    // A card that was keyed in before does not count in a request that goes on: the buyer calls again.
    const keyed = paying || (status === 'IN_CALL' && request.callStep === 'CARD') || (isEnded(request) && request.tries > 0);
    return [sentStep(request), calledStep(request, keyed), ...cardSteps(request, payment, keyed)];
  }
  const waiting = !isEnded(request) && status !== 'PAYING' && (request.openedAt !== undefined || request.tries > 0);
  return [sentStep(request), openedStep(request, paying), payingStep(status, waiting), doneStep(request, payment)];
}
