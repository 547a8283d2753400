import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../shared/api/failure';
import type { Merchant, PaymentRequest } from '../../../shared/api/types';
import { useCounter } from './counter';
import { holdsNumber, NO_REASON, readyReason, reasonsFor, type Reason } from './reason';
import { swipedCard } from './request';
import type { SwipeProps } from './swipe';

interface Swiping {
  /** As the payment takes it; null until a card was read and its reason is complete. */
  card: PaymentRequest['card'] | null;
  /** The first six digits, as far as the reader shows them. */
  first6: string;
  /** What the screen of the reader shows and lets one do. */
  screen: Pick<SwipeProps, 'chipFirst' | 'swiped' | 'misses' | 'forgotten' | 'refused' | 'reason' | 'reasons' | 'ready' | 'numbered' | 'onReason' | 'onAgain'>;
  /** What the server's answer says of the swipe: read it again, or not at all on this reader. */
  learn: (failure: unknown) => void;
  forget: () => void;
}

/** The card by a reader, with the reason why not its chip; onCard says whether one may be taken now. */
export function useSwiping(open: boolean, { plainTrack, chipFirst }: Merchant['readers'], onCard: () => boolean): Swiping {
  const [reason, onReason] = useState<Reason>(NO_REASON);
  const counter = useCounter(open, plainTrack, () => {
    if (!onCard()) return false;
    onReason(NO_REASON);
    return true;
  });
  const { swiped, misses, forgotten, refused, drop, miss, refuse, hasChip } = counter;
  const chip = swiped?.chip ?? null;
  const why = swiped ? readyReason(reason, chip, chipFirst) : '';
  const learn = (failure: unknown): void => {
    if (!(failure instanceof ApiFailure)) return;
    if (failure.fieldMessage('/card/track2')) miss();
    else if (failure.code === 'PLAIN_TRACK_FORBIDDEN') refuse();
    else if (failure.code === 'SWIPE_USED' || failure.fieldMessage('/card/ksn')) drop();
    else if (failure.fields.some(({ code }) => code === 'CHIP_FIRST')) hasChip();
  };
  return {
    card: swiped && why ? swipedCard(swiped, why) : null,
    first6: swiped?.masked.first6 ?? '',
    screen: { chipFirst, swiped, misses, forgotten, refused, reason, reasons: reasonsFor(chip, chipFirst), ready: why !== '', numbered: holdsNumber(reason.text), onReason, onAgain: drop },
    learn,
    forget: () => {
      onReason(NO_REASON);
      drop();
    },
  };
}
