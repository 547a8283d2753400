import type { Payment, Step, Timeline } from '../../../shared/api/types';
import { amountText, t } from '../../../shared/i18n/i18n';
import type { IconName } from '../../../shared/design/icons';
import type { Tone } from '../../../shared/design/parts';

/** One line of a payment's life as people read it. */
export interface Line {
  key: string;
  text: string;
  /** A second, smaller sentence; may be empty. */
  note: string;
  at: string | undefined;
  /** Of the last of several steps told as one. */
  until: string | undefined;
  tone: Tone;
  icon: IconName;
  /** Ids for whoever is asked for help, each once. */
  ids: string[];
}

type Kind = Step['kind'];

const LOOKS: Partial<Record<Kind, [Tone, IconName]>> = {
  SIGNED: ['plain', 'pen'],
  APPROVED: ['ok', 'check'],
  DECLINED: ['bad', 'close'],
  NOT_SENT: ['bad', 'close'],
  UNKNOWN: ['warn', 'clock'],
  REVERSAL: ['warn', 'undo'],
  INQUIRY: ['warn', 'search'],
  UNDO: ['warn', 'undo'],
  REVERSED: ['plain', 'undo'],
  ABSENT: ['plain', 'undo'],
  LATE_ANSWER: ['plain', 'clock'],
  CANCEL_REQUESTED: ['plain', 'undo'],
  CANCEL_UNKNOWN: ['warn', 'clock'],
  CANCEL_DONE: ['bad', 'undo'],
  CANCEL_FAILED: ['bad', 'close'],
};

/** What happened at a step. */
function textOf(step: Step, cash: boolean): string {
  const m = t().story;
  switch (step.kind) {
    case 'REQUESTED':
      return (cash ? t().cash.recorded : m.steps['REQUESTED']) ?? m.other;
    case 'REVERSAL':
      return m.reversal[step.result ?? ''] ?? m.reversal['SENDING'] ?? '';
    case 'INQUIRY':
      return m.inquiry[step.result ?? ''] ?? m.inquiry['UNKNOWN'] ?? '';
    case 'UNDO':
      return m.undo[step.result ?? ''] ?? m.undo['SENDING'] ?? '';
    case 'CANCEL_REQUESTED':
      return m.cancelRequested(amountText(step.amount ?? 0));
    default:
      return m.steps[step.kind] ?? m.other;
  }
}

/** What else is worth a word: numbers, the other side's words, how often it was sent. */
function noteOf(step: Step, times: number): string {
  const m = t().story;
  const parts: (string | false | undefined)[] = [
    step.kind === 'REQUESTED' && amountText(step.amount ?? 0),
    step.kind === 'APPROVED' && step.number && m.approval(step.number),
    step.kind === 'CANCEL_DONE' && step.number && m.cancelNumber(step.number),
    step.kind === 'CANCEL_REQUESTED' && step.message,
    (step.kind === 'DECLINED' || step.kind === 'CANCEL_FAILED') && step.message,
    step.kind === 'LATE_ANSWER' && m.late[step.result ?? ''],
    times > 1 && m.times(times),
    (step.sends ?? 0) > 1 && m.sends(step.sends ?? 0),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Steps as lines, in the words of cash where it was taken; the same said again and again by inquiries is told once. */
export function linesOf(steps: readonly Step[], cash = false): Line[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1)?.[0];
    const again = last?.kind === 'INQUIRY' && step.kind === 'INQUIRY' && last.result === step.result && last.cancelId === step.cancelId;
    if (again) groups.at(-1)?.push(step);
    else groups.push([step]);
  }
  return groups.map((group, i) => {
    const [step] = group as [Step];
    const last = group.at(-1) ?? step;
    const [tone, icon] = LOOKS[step.kind] ?? ['plain', 'next'];
    return {
      key: `${i}-${step.kind}`,
      text: textOf(step, cash),
      note: noteOf(step, group.length),
      at: step.at,
      until: last === step ? undefined : last.at,
      tone,
      icon,
      ids: [...new Set([step.attemptId, step.cancelId].filter((id): id is string => id !== undefined))],
    };
  });
}

/** What is happening now to a payment that is being settled. Never that it failed. */
export function settlingText(payment: Payment, line: Timeline | undefined): string {
  const m = t().story;
  const job = line?.settling[0];
  if (job) return job.cancelId ? m.phaseCancel[job.phase] : m.phase[job.phase];
  return payment.status === 'UNKNOWN' || payment.status === 'IN_PROGRESS' ? m.phase.SENDING : m.phaseCancel.REPEAT;
}
