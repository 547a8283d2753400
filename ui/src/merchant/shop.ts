import { catalog } from '../shared/api/api';
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
import { followLine } from './ways';
import { followQueue } from './queue-store';
import { followBattery, loadCounter } from './reader';

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
  const stops = [followCart(session.value?.merchantId ?? '', catalog.products), followHolds(session.value?.merchantId ?? ''), readySound(), followNotices(), followSettings(), onWord(({ ended }) => void (ended && endedElsewhere())), followPresses(), followSeen(), followInbox(), followLine(), followPrinter(), followQueue(session.value?.merchantId ?? ''), followBattery()];
  return () => stops.forEach((stop) => stop());
}
