// The journeys of the payments, one demo and one browser for them all, chapter by chapter
// of the manual. The four files of tests run two at a time.
import './chapters/login';
import './chapters/card';
import './chapters/history';
import './chapters/cancel';
import './chapters/receipts';
import './chapters/live';
import './chapters/swipe';
import './chapters/desk';
import './chapters/calls';
import './chapters/ars';
import './chapters/line';
import './chapters/push';
import './chapters/requests.test';
import './chapters/links.test';
import './chapters/cash';
