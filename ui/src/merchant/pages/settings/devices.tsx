import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { push, sessions } from '../../../shared/api/api';
import type { OwnSession } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import type { IconName } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { ListRow, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { whenText } from '../../words';
import './settings.css';

const ICONS: Record<OwnSession['device']['kind'], IconName> = { PHONE: 'phone', TABLET: 'phone', COMPUTER: 'laptop', UNKNOWN: 'lock' };

/** What a device is called: its maker's words where it says them. */
function nameOf({ device }: OwnSession): string {
  return [device.system, device.browser].filter(Boolean).join(' · ') || t().device.kinds[device.kind];
}

/** Where the person is logged in, and which devices are told. */
export default function DevicesPage(): JSX.Element {
  const m = t().device;
  const load = useLoad(sessions.own, 'sessions');
  const { data } = load;
  const here = data?.sessions.find(({ current }) => current);
  const others = data?.sessions.filter(({ current }) => !current) ?? [];
  return (
    <Page title={m.title} up="/settings">
      {data ? (
        <>
          {here && (
            <section class="setting">
              <h2>{m.here}</h2>
              <div class="rows">
                <DeviceRow session={here} />
              </div>
            </section>
          )}
          <Others sessions={others} onChange={load.reload} />
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={4} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

function DeviceRow({ session, onPress }: { session: OwnSession; onPress?: () => void }): JSX.Element {
  const m = t().device;
  const now = new Date();
  const seen = session.current ? m.since(whenText(new Date(session.createdAt), now)) : m.seen(whenText(new Date(session.seenAt), now));
  return (
    <ListRow
      icon={ICONS[session.device.kind]}
      tone={session.current ? 'accent' : 'plain'}
      title={nameOf(session)}
      sub={[seen, ...(session.pushId ? [m.told] : [])]}
      end={
        onPress && (
          <button type="button" class="setting-end" aria-label={m.endNamed(nameOf(session))} onClick={onPress}>
            {m.end}
          </button>
        )
      }
    />
  );
}

type Asked = OwnSession | 'all' | null;

function Others({ sessions: others, onChange }: { sessions: readonly OwnSession[]; onChange: () => void }): JSX.Element {
  const m = t().device;
  const [asked, setAsked] = useState<Asked>(null);
  return (
    <section class="setting">
      <h2>{m.others}</h2>
      {others.length === 0 && <p class="setting-none">{m.none}</p>}
      <div class="rows">
        {others.map((each) => (
          <DeviceRow key={each.id} session={each} onPress={() => setAsked(each)} />
        ))}
      </div>
      {others.length > 1 && (
        <Button kind="bad" wide icon="out" onPress={() => setAsked('all')}>
          {m.endAll}
        </Button>
      )}
      {asked !== null && <EndSheet asked={asked} onChange={onChange} onClose={() => setAsked(null)} />}
    </section>
  );
}

interface EndProps {
  asked: OwnSession | 'all';
  onChange: () => void;
  onClose: () => void;
}

/** Asks before a device loses what is being typed on it; one may be silenced instead. */
function EndSheet({ asked, onChange, onClose }: EndProps): JSX.Element {
  const m = t().device;
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const run = (act: Promise<void>, said: string): void => {
    setBusy(true);
    setFailure(undefined);
    act
      .then(() => {
        toast(said);
        onChange();
        onClose();
      }, setFailure)
      .finally(() => setBusy(false));
  };
  const pushId = asked === 'all' ? undefined : asked.pushId;
  return (
    <Sheet title={asked === 'all' ? m.endAllTitle : m.endTitle} open onClose={onClose}>
      <div class="stack">
        <p>{asked === 'all' ? m.endAllText : m.endText(nameOf(asked))}</p>
        <FailureNotice failure={failure} />
        <Button kind="danger" disabled={busy} onPress={() => run(asked === 'all' ? sessions.endOthers() : sessions.end(asked.id), m.ended)}>
          {asked === 'all' ? m.endAll : m.end}
        </Button>
        {pushId && (
          <Button kind="soft" disabled={busy} onPress={() => run(push.unsubscribe(pushId), m.muted)}>
            {m.mute}
          </Button>
        )}
        <Button kind="text" onPress={onClose}>
          {m.keep}
        </Button>
      </div>
    </Sheet>
  );
}
