import { render } from 'preact';
import '../shared/design/tokens.css';
import '../shared/design/base.css';
import '../shared/design/layout.css';
import '../shared/design/controls.css';
import '../shared/design/parts.css';
import './console.css';
import './form.css';
import { startRouter } from '../shared/router/router';
import { startOnline } from '../shared/state/online';
import { startTheme } from '../shared/state/theme';
import { App } from './app';
import { startWords } from './language';

startTheme();
startOnline();
startRouter();
const root = document.getElementById('app');
// A language that cannot be fetched leaves the console in Korean.
void startWords()
  .catch(() => undefined)
  .then(() => root && render(<App />, root));
