import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { t } from '../../../shared/i18n/i18n';
import { navigate } from '../../../shared/router/router';
import { returns, setReturns } from '../../returns';

/** The result makes way for the next sale after so long, in seconds. */
const SECONDS = 10;

/** Counts down to a new sale until the screen is touched; can be turned off on this device. */
export function Returning(): JSX.Element {
  const m = t().result;
  const [on, setOn] = useState(returns);
  const [left, setLeft] = useState<number | null>(SECONDS);
  const running = on && left !== null;

  // With the screen and not after it: a touch that comes at once counts too.
  useLayoutEffect(() => {
    if (!running) return;
    const tick = setInterval(() => setLeft((seconds) => (seconds === null ? null : seconds - 1)), 1000);
    const touched = (): void => setLeft(null);
    const kinds = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;
    for (const kind of kinds) window.addEventListener(kind, touched, { passive: true });
    return () => {
      clearInterval(tick);
      for (const kind of kinds) window.removeEventListener(kind, touched);
    };
  }, [running]);
  useEffect(() => {
    if (left !== null && left <= 0) navigate('/pay/card', { replace: true });
  }, [left]);

  const turn = (next: boolean): void => {
    setReturns(next);
    setOn(next);
  };
  return (
    <p class="returning">
      <span>{running ? m.returning(left) : on ? '' : m.returnOff}</span>
      <button type="button" class="returning-act" onClick={() => turn(!on)}>
        {on ? m.stay : m.returnOn}
      </button>
    </p>
  );
}
