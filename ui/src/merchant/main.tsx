import { render } from 'preact';
import '../shared/design/tokens.css';
import '../shared/design/base.css';
import '../shared/design/layout.css';
import '../shared/design/controls.css';
import '../shared/design/parts.css';
import '../shared/design/flow.css';
import { startWedge } from '../shared/devices/wedge';
import { startLocale } from '../shared/i18n/i18n';
import { startRouter } from '../shared/router/router';
import { startOnline } from '../shared/state/online';
import { startTheme } from '../shared/state/theme';
import { startInstall } from '../shared/state/install';
import { App } from './app';

// Before anything that listens for keys: what a card reader types reaches nobody else.
startWedge();
startTheme();
startOnline();
startInstall();
startRouter();
const root = document.getElementById('app');
// A language that cannot be fetched leaves the app in Korean.
void startLocale()
  .catch(() => undefined)
  .then(() => root && render(<App />, root));
