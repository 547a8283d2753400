import { catalog } from '../shared/api/api';
import { toast } from '../shared/design/toast';
import { t } from '../shared/i18n/i18n';
import { renewPush } from '../shared/state/pushed';
import { onWord } from '../shared/state/live';
import { endedElsewhere, session } from '../shared/state/session';
import { followCart } from './cart-keep';
import { followPrinter } from './printing';
import { followInbox } from './inbox';
import { followHolds } from './holds';
import { readySound } from './feel';
import { followNotices, followPresses } from './notices';
import { followSeen } from './news';
import { followSettings, loadSettings } from './own';
import { followShelf } from './shelf';
import { followLine } from './ways';
import { followQueue } from './queue-store';
import { followBattery, loadCounter } from './reader';

/** Acts on what is said of the session and of the person's login. */
function hear({ ended, security }: { ended?: true; security?: string }): void {
  if (ended) void endedElsewhere();
  const said = security && t().security.told[security];
  if (said) toast(said);
}

/**
 * What holds on every screen of a logged-in merchant: the shop's settings, the cart of
 * this device, and word of what happens elsewhere. Gives the function that stops it.
 */
export function startShop(): () => void {
  // No answer: the screens take the usual settings, and those that need them ask again.
  void loadSettings().catch(() => undefined);
  // The reader of this device is there on every screen: its keys and its battery are.
  void loadCounter().catch(() => undefined);
  // No answer: the device is off until the app is next opened.
  if (session.value) void renewPush(session.value).catch(() => undefined);
  const stops = [followCart(session.value?.merchantId ?? '', catalog.products), followHolds(session.value?.merchantId ?? ''), readySound(), followNotices(), followSettings(), onWord(hear), followPresses(), followSeen(), followInbox(), followShelf(), followLine(), followPrinter(), followQueue(session.value?.merchantId ?? ''), followBattery()];
  return () => stops.forEach((stop) => stop());
}
