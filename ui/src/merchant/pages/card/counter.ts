import { useEffect, useRef, useState } from 'preact/hooks';
import { chosenReader, chooseReader, linkOf, reader, type ReadCard, type SwipeResult } from '../../../shared/devices/reader';
import { onSwipe } from '../../../shared/devices/wedge';

/** A card that was read is forgotten after so long without a payment, in milliseconds. */
const HELD = 3 * 60_000;

export interface Counter {
  swiped: ReadCard | null;
  misses: number;
  forgotten: boolean;
  /** The last card came from a reader that does not encrypt, which is not allowed here. */
  refused: boolean;
  /** Forgets the card that was read. */
  drop: () => void;
  /** The card could not be used: asks for it once more. */
  miss: () => void;
  /** The server forbids readers that do not encrypt. */
  refuse: () => void;
  /** The server saw the chip that the reader had hidden. */
  hasChip: () => void;
}

/**
 * What the readers of this device read while the card page may take a card. Typed
 * swipes count also before a reader was chosen: they show that there is one. The
 * tracks live in this page's state until they are paid with, replaced or too old.
 */
export function useCounter(open: boolean, plainTrack: boolean, onCard: (swipe: SwipeResult) => boolean): Counter {
  const [swiped, setSwiped] = useState<ReadCard | null>(null);
  const [misses, setMisses] = useState(0);
  const [forgotten, setForgotten] = useState(false);
  const [refused, setRefused] = useState(false);
  const driver = reader.value;

  const take = useRef<(swipe: SwipeResult) => void>(() => undefined);
  take.current = (swipe) => {
    if (!onCard(swipe)) return;
    const forbidden = swipe.kind === 'plain' && !plainTrack;
    const read = swipe.kind === 'unreadable' || forbidden ? null : swipe;
    setForgotten(false);
    setRefused(forbidden);
    setSwiped(read);
    setMisses((count) => (swipe.kind === 'unreadable' ? count + 1 : 0));
    // A reader that types shows by its first card that it is there.
    if (read && !chosenReader.value) void chooseReader(read.kind === 'plain' ? 'keyboard' : read.format === 'MAGTEK' ? 'magtek' : 'idtech');
  };

  useEffect(() => {
    if (!open) return;
    const heard = (swipe: SwipeResult): void => take.current(swipe);
    const kind = chosenReader.value;
    const other = driver?.onSwipe(heard);
    const typed = kind && linkOf(kind) === 'keyboard' ? undefined : onSwipe((text) => void typedSwipe(text).then(heard));
    return () => {
      typed?.();
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
    refused,
    drop: () => setSwiped(null),
    miss: () => {
      setSwiped(null);
      setMisses((count) => count + 1);
    },
    refuse: () => {
      setSwiped(null);
      setRefused(true);
    },
    hasChip: () => setSwiped((card) => (card?.kind === 'encrypted' ? { ...card, chip: true } : card)),
  };
}

/** What was typed as a swipe; the formats are fetched with the first one. */
async function typedSwipe(text: string): Promise<SwipeResult> {
  const { readText } = await import('../../../shared/devices/read');
  return readText(text, { model: 'KEYBOARD_WEDGE' });
}
