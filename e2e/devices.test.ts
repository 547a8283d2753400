// The journeys of the shop's goods, devices and settings, with a demo and a browser of
// their own beside those of journeys.test.ts.
import './chapters/products';
import './chapters/goods';
import './chapters/spreadsheet';
import './chapters/rights';
import './chapters/holds';
import './chapters/camera';
import './chapters/cart';
import './chapters/readers';
import './chapters/printing';
import './chapters/settings';
import './chapters/phone.test';
