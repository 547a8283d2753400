import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Icon, type IconName } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Badge, type Tone } from '../../../shared/design/parts';
import { toast } from '../../../shared/design/toast';
import { officeWords } from '../../../shared/i18n/office-words';
import { href } from '../../../shared/router/router';
import { ABLE, askCamera, browserOf, BROWSERS, followPermissions, permissionOf, type Able, type Permission, type State } from './able';
import './guide.css';

const ICONS: Record<Able, IconName> = { camera: 'camera', notifications: 'bell', bluetooth: 'bluetooth', usb: 'plug', serial: 'network', storage: 'box' };
const TONES: Record<State, Tone> = { granted: 'ok', denied: 'bad', prompt: 'plain', unsupported: 'plain' };

type All = Partial<Record<Able, Permission>>;

/** The permissions as they stand at this moment, followed while the page is open. */
function usePermissions(): { all: All; look: () => void } {
  const [all, setAll] = useState<All>({});
  const look = (): void => {
    for (const name of ABLE) void permissionOf(name).then((found) => setAll((old) => ({ ...old, [name]: found })));
  };
  useEffect(() => {
    look();
    return followPermissions(look);
  }, []);
  return { all, look };
}

/** Chapter 11: what the app may use of this device, and how to allow it again. */
export default function PermissionsPage(): JSX.Element {
  const m = officeWords().permission;
  const { all, look } = usePermissions();
  const own = browserOf(navigator.userAgent, navigator.maxTouchPoints);
  return (
    <Page title={m.title} up="/guide">
      <p class="guide-lead">{m.lead}</p>
      <div>
        {ABLE.map((name) => {
          const permission = all[name];
          return permission && <PermissionRow key={name} name={name} permission={permission} look={look} />;
        })}
      </div>
      <section class="again">
        <h2>{m.again}</h2>
        {[own, ...BROWSERS.filter((browser) => browser !== own)].map((browser) => (
          <details key={browser} open={browser === own}>
            <summary>
              {m.browsers[browser].name}
              {browser === own && <Badge tone="accent">{m.yours}</Badge>}
            </summary>
            <ol class="steps">
              {m.browsers[browser].steps.map((step) => (
                <li key={step}>
                  <span>{step}</span>
                </li>
              ))}
            </ol>
          </details>
        ))}
      </section>
    </Page>
  );
}

function PermissionRow({ name, permission, look }: { name: Able; permission: Permission; look: () => void }): JSX.Element {
  const m = officeWords().permission;
  const { state, devices } = permission;
  return (
    <div class="permission">
      <span class={`row-mark tone-${state === 'granted' ? 'accent' : 'plain'}`}>
        <Icon name={ICONS[name]} />
      </span>
      <div class="permission-head">
        <h2>{m.names[name]}</h2>
        <Badge tone={TONES[state]}>{devices ? m.connected(devices) : m.states[state]}</Badge>
      </div>
      <p>{m.why[name]}</p>
      {state !== 'granted' && state !== 'unsupported' && <Act name={name} state={state} look={look} />}
    </div>
  );
}

/** What helps a permission that is not given: to ask, or the way to where it is used. */
function Act({ name, state, look }: { name: Able; state: State; look: () => void }): JSX.Element | null {
  const m = officeWords().permission;
  if (name === 'camera') {
    // What was blocked is not asked for again: the steps below say how.
    if (state === 'denied') return null;
    return <span><Button kind="text" onPress={() => void askCamera().catch(() => undefined).then(look)}>{m.ask}</Button></span>;
  }
  if (name === 'storage') {
    const keep = (): void =>
      void navigator.storage.persist().then((kept) => {
        toast(kept ? m.kept : m.notKept);
        look();
      });
    return <span><Button kind="text" onPress={keep}>{m.keep}</Button></span>;
  }
  const [to, text] = name === 'notifications' ? ['/settings', m.toPush] : name === 'bluetooth' ? ['/settings/reader', m.toReader] : ['/settings/printer', m.toPrinter];
  return <span><Button kind="text" href={href(to)}>{text}</Button></span>;
}
