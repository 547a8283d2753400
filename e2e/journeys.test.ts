// The journeys of the payments, one demo and one browser for them all, chapter by chapter
// of the manual. devices.test.ts and screens.test.ts run beside it.
import './chapters/login';
import './chapters/card';
import './chapters/history';
import './chapters/cancel';
import './chapters/receipts';
import './chapters/live';
import './chapters/swipe';
import './chapters/desk';
import './chapters/install';
import './chapters/home';
import './chapters/calls';
import './chapters/ars';
import './chapters/line';
import './chapters/push';
import './chapters/requests.test';
import './chapters/links.test';
import './chapters/cash';
