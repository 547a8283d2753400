import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../shared/design/controls';
import { Sheet } from '../shared/design/sheet';
import { c } from '../shared/i18n/console/console';
import { idleLeft, logOut, operator, renewing, stayIn, WARNING } from './session';

/** How often the clock is looked at, in milliseconds. */
const LOOK = 1000;

/** Warns before the session ends for want of requests. When it ended, the login stands over the page and nothing typed is lost. */
export function IdleWarning(): JSX.Element | null {
  const [left, setLeft] = useState(Number.POSITIVE_INFINITY);
  useEffect(() => {
    const look = (): void => setLeft(idleLeft(Date.now()));
    const timer = setInterval(look, LOOK);
    return () => clearInterval(timer);
  }, []);
  const ended = left <= 0;
  useEffect(() => {
    // Asking now shows the login over the page as soon as there is nobody to answer for.
    if (ended && operator.value && !renewing.value) renewing.value = true;
  }, [ended]);
  if (left > WARNING || ended || renewing.value) return null;
  const stay = (): void => {
    // Without an answer the warning stays.
    stayIn().then(
      () => setLeft(Number.POSITIVE_INFINITY),
      () => undefined,
    );
  };
  return (
    <Sheet title={c().idle.title(Math.ceil(left / 1000))} open onClose={stay}>
      <p>{c().idle.text}</p>
      <div class="acts">
        <Button kind="soft" onPress={() => void logOut()}>
          {c().frame.logout}
        </Button>
        <Button kind="primary" onPress={stay}>
          {c().idle.stay}
        </Button>
      </div>
    </Sheet>
  );
}
