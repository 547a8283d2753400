// The journeys in one process: one demo and one browser serve them all, chapter by
// chapter of the manual. screens.test.ts runs beside it.
import './chapters/login';
import './chapters/card';
import './chapters/history';
import './chapters/cancel';
import './chapters/receipts';
import './chapters/products';
import './chapters/goods';
import './chapters/spreadsheet';
import './chapters/rights';
import './chapters/holds';
import './chapters/camera';
import './chapters/live';
import './chapters/swipe';
import './chapters/cart';
import './chapters/settings';
import './chapters/desk';
import './chapters/install';
import './chapters/home';
import './chapters/calls';
import './chapters/ars';
import './chapters/line';
import './chapters/push';
import './chapters/requests.test';
import './chapters/links.test';
import './chapters/phone.test';
import './chapters/cash';
