import type { JSX } from 'preact';
import type { Payment, PaymentStatus } from '../shared/api/types';
import type { IconName } from '../shared/design/icons';
import { Amount, Badge, ListRow, type Tone } from '../shared/design/parts';
import { t } from '../shared/i18n/i18n';
import { daysBefore, dayParts, koreanDay, minutesAgo, timeOfDay } from '../shared/text/day';

interface Look {
  tone: Tone;
  icon: IconName;
}

/** How each status looks wherever a payment is shown. */
const LOOKS: Record<PaymentStatus, Look> = {
  READY: { tone: 'plain', icon: 'clock' },
  IN_PROGRESS: { tone: 'warn', icon: 'clock' },
  UNKNOWN: { tone: 'warn', icon: 'clock' },
  DONE: { tone: 'ok', icon: 'check' },
  PARTIAL_CANCELED: { tone: 'bad', icon: 'undo' },
  CANCELED: { tone: 'bad', icon: 'undo' },
  ABORTED: { tone: 'plain', icon: 'close' },
  EXPIRED: { tone: 'plain', icon: 'clock' },
};

/** The mark of each channel. */
export const CHANNEL_ICONS: Record<Payment['channel'], IconName> = { CARD: 'card', SMS: 'message', ARS: 'call', CASH: 'coin' };

/** A payment's status as a word with its icon. */
export function StatusBadge({ status }: { status: PaymentStatus }): JSX.Element {
  const look = LOOKS[status];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {t().status[status]}
    </Badge>
  );
}

/** Where a payment is shown: one that a buyer was asked for and has not paid, as its request. */
export function paymentAddress({ id, status, channel }: Pick<Payment, 'id' | 'status' | 'channel'>): string {
  const asked = status === 'READY' && (channel === 'SMS' || channel === 'ARS');
  return `/${asked ? 'requests' : 'payments'}/${encodeURIComponent(id)}`;
}

/** Whether money moved to the merchant at some time. */
export function wasPaid(status: PaymentStatus): boolean {
  return status === 'DONE' || status === 'PARTIAL_CANCELED' || status === 'CANCELED';
}

/** A time as people say it: 방금, 3분 전, 오늘 14:05. */
export function whenText(instant: Date, now: Date): string {
  const words = t().time;
  const minutes = minutesAgo(instant, now);
  if (minutes !== null) return minutes === 0 ? words.now : words.minutes(minutes);
  const day = koreanDay(instant);
  const today = koreanDay(now);
  const time = timeOfDay(instant);
  if (day === today) return words.today(time);
  if (day === daysBefore(today, 1)) return words.yesterday(time);
  const { month, date } = dayParts(day);
  return words.other(month, date, time);
}

/** How it was asked for, unless at the counter, then card company and last digits. */
export function meansText({ card, channel }: Pick<Payment, 'card' | 'channel'>): string {
  const how = t().channel[channel];
  if (!card) return how;
  const number = card.maskedNumber.slice(-4);
  return (channel === 'CARD' ? [card.issuerName ?? how, number] : [how, card.issuerName, number]).filter(Boolean).join(' ');
}

interface PaymentRowProps {
  payment: Payment;
  /** Absent where the row is part of something else that is pressed. */
  href?: string;
  /** The time of its row: relative in short lists, the time of day below a day's head. */
  time: string;
  /** Shows what is left instead of what was paid: for choosing what to cancel. */
  left?: boolean;
}

/** A payment as a line of a list. */
export function PaymentRow({ payment, href, time, left = false }: PaymentRowProps): JSX.Element {
  const paid = wasPaid(payment.status);
  const look = LOOKS[payment.status];
  const gone = payment.status === 'CANCELED' || payment.status === 'ABORTED' || payment.status === 'EXPIRED';
  return (
    <ListRow
      {...(href ? { href } : {})}
      icon={CHANNEL_ICONS[payment.channel]}
      tone={look.tone === 'ok' ? 'accent' : look.tone}
      title={payment.orderName}
      sub={[time, meansText(payment)]}
      end={
        <>
          <Amount won={left ? payment.balanceAmount : payment.amount} size="s" struck={gone} />
          {!(paid && payment.status === 'DONE') && <StatusBadge status={payment.status} />}
        </>
      }
    />
  );
}
