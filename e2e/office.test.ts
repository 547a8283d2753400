// The journeys of the people behind the counter: getting in, the console, sales and those
// who integrate, with a demo and a browser of their own beside those of journeys.test.ts.
import './chapters/signin';
import './chapters/install';
import './chapters/registration';
import './chapters/home';
import './chapters/developers';
import './chapters/console';
import './chapters/sales';
import './chapters/guide';
import './chapters/walk';
import './chapters/terms';
