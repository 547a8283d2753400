import { useEffect, useRef, useState } from 'preact/hooks';
import { keyboardReader } from '../../../shared/devices/keyboard';
import { chosenReader, chooseReader, reader, type SwipeResult } from '../../../shared/devices/reader';
import type { Swiped } from './request';

/** A card that was read is forgotten after so long without a payment, in milliseconds. */
const HELD = 3 * 60_000;

export interface Counter {
  swiped: Swiped | null;
  misses: number;
  forgotten: boolean;
  /** Forgets the card that was read. */
  drop: () => void;
  /** The card could not be used: asks for it once more. */
  miss: () => void;
}

/**
 * What the readers of this device read while the card page may take a card. Typed
 * swipes count also before a reader was chosen: they show that there is one. The
 * tracks live in this page's state until they are paid with, replaced or too old.
 */
export function useCounter(open: boolean, onCard: (swipe: SwipeResult) => boolean): Counter {
  const [swiped, setSwiped] = useState<Swiped | null>(null);
  const [misses, setMisses] = useState(0);
  const [forgotten, setForgotten] = useState(false);
  const taken = useRef(onCard);
  taken.current = onCard;
  const driver = reader.value;

  useEffect(() => {
    if (!open) return;
    const take = (swipe: SwipeResult): void => {
      if (!taken.current(swipe)) return;
      setForgotten(false);
      setSwiped(swipe.kind === 'plain' ? swipe : null);
      setMisses((count) => (swipe.kind === 'plain' ? 0 : count + 1));
    };
    const typed = keyboardReader.onSwipe((swipe) => {
      if (!chosenReader.value && swipe.kind === 'plain') void chooseReader('keyboard');
      take(swipe);
    });
    const other = driver && driver !== keyboardReader ? driver.onSwipe(take) : undefined;
    return () => {
      typed();
      other?.();
    };
  }, [open, driver]);
  useEffect(() => {
    if (!swiped) return;
    const timer = setTimeout(() => {
      setSwiped(null);
      setForgotten(true);
    }, HELD);
    return () => clearTimeout(timer);
  }, [swiped]);
  return {
    swiped,
    misses,
    forgotten,
    drop: () => setSwiped(null),
    miss: () => {
      setSwiped(null);
      setMisses((count) => count + 1);
    },
  };
}
