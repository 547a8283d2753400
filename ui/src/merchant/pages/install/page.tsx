import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Segments } from '../../../shared/design/controls';
import { Icon, type IconName } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { EmptyState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { j } from '../../../shared/i18n/join';
import { href } from '../../../shared/router/router';
import { install, installed, offer } from '../../../shared/state/install';
import { session } from '../../../shared/state/session';
import { Drawing, WAYS, type Way } from './drawing';
import './install.css';

const ICONS: readonly IconName[] = ['phone', 'message', 'check'];

/** The way that this device most likely goes: what it can do is asked, and only for the first look its name. */
function likely(): Way {
  const name = navigator.userAgent;
  if (/iPhone|iPad/.test(name)) return 'iphone';
  return /SamsungBrowser/.test(name) ? 'samsung' : 'chrome';
}

/** How the app gets onto the home screen: by one press where the browser offers it, else step by step. */
export default function InstallPage(): JSX.Element {
  const m = j().install;
  const [way, setWay] = useState<Way>(likely);
  const up = session.value ? '/' : '/login';
  if (installed.value) {
    return (
      <Page title={m.title} up={up}>
        <EmptyState picture="check" title={m.doneTitle} text={m.doneText} />
      </Page>
    );
  }
  const press = (): void => void install().then((done) => done || toast(m.failed));
  return (
    <Page title={m.title} up={up}>
      <section class="install-head">
        <img class="install-icon" src={href('/icon.svg')} alt="" width={72} height={72} />
        <h2 class="question">{m.lead}</h2>
        <ul class="install-why">
          {m.why.map((reason, i) => (
            <li key={reason}>
              <Icon name={ICONS[i] ?? 'check'} size={20} />
              {reason}
            </li>
          ))}
        </ul>
        {offer.value && (
          <Button kind="primary" icon="download" onPress={press}>
            {m.act}
          </Button>
        )}
      </section>
      <section class="install-how">
        <h2>{m.how}</h2>
        <Segments label={m.where} value={way} onChange={setWay} options={WAYS.map((value) => ({ value, text: m.ways[value] }))} />
        <ol class="install-steps">
          {m.steps[way].map((step, i) => (
            <li key={step}>
              <Drawing way={way} step={i} />
              <p>
                <span class="install-number" aria-hidden="true">
                  {i + 1}
                </span>
                {step}
              </p>
            </li>
          ))}
        </ol>
      </section>
    </Page>
  );
}
