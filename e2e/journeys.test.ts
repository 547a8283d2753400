// The journeys of the payments, one demo and one browser for them all, chapter by chapter
// of the manual. screens.test.ts runs beside it, devices.test.ts after the first that ends.
import './chapters/login';
import './chapters/signin';
import './chapters/card';
import './chapters/history';
import './chapters/cancel';
import './chapters/receipts';
import './chapters/live';
import './chapters/swipe';
import './chapters/desk';
import './chapters/install';
import './chapters/registration';
import './chapters/home';
import './chapters/calls';
import './chapters/ars';
import './chapters/line';
import './chapters/push';
import './chapters/requests.test';
import './chapters/links.test';
import './chapters/cash';
import './chapters/developers';
import './chapters/console';
import './chapters/sales';
