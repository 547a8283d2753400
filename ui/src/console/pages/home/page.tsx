import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Badge, Notice, Skeleton, type Tone } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { grouped } from '../../../shared/money/money';
import { Act } from '../../act';
import { health, unsettled, type Alarm, type Health, type HealthCheck } from '../../api';
import { Id, Page, Part, When } from '../../parts';
import { useRefresh } from '../../refresh';
import './home.css';
import { VolumePart } from './volume';

/** How often the page is fetched anew while somebody looks, in milliseconds. */
const EVERY = 15_000;

const TONES: Record<HealthCheck['status'], Tone> = { OK: 'ok', WARN: 'warn', FAIL: 'bad' };

interface Seen {
  health: Health;
  alarms: Alarm[];
  /** Payments past every deadline. */
  waiting: number;
}

async function look(signal: AbortSignal): Promise<Seen> {
  const [now, alarms, open] = await Promise.all([health.get(signal), health.alarms({ open: true }, undefined, signal), unsettled.list({ phase: 'OPERATOR' }, undefined, signal)]);
  return { health: now, alarms: alarms.rows, waiting: open.rows.length };
}

/** What waits for somebody, what was sold, and how the installation does. */
export default function HomePage(): JSX.Element {
  const load = useLoad(look, 'home');
  useRefresh(load.reload, EVERY);
  const m = c().home;
  const { data } = load;
  return (
    <Page
      title={c().nav.pages.home}
      acts={
        <Button kind="soft" disabled={load.loading} onPress={load.reload}>
          {c().act.refresh}
        </Button>
      }
    >
      {!data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!data && load.failure === undefined && <Skeleton shape="row" count={6} />}
      {data && (
        <>
          {load.failure !== undefined && <FailureNotice failure={load.failure} />}
          <div class="home-head">
            <Badge tone={TONES[data.health.status]}>{m.statuses[data.health.status]}</Badge>
            <Troubles checks={data.health.checks} />
            <span>{m.seen}</span>
            <When at={data.health.at} />
          </div>
          {data.waiting > 0 && (
            <Notice tone="bad" icon="alert">
              <p>
                {m.waiting(data.waiting)}{' '}
                <a class="link" href={href('/unsettled?phase=OPERATOR')}>
                  {m.toDesk}
                </a>
              </p>
            </Notice>
          )}
          <Alarms alarms={data.alarms} onChange={load.reload} />
        </>
      )}
      <VolumePart />
      {data && <Checks checks={data.health.checks} />}
    </Page>
  );
}

function Alarms({ alarms, onChange }: { alarms: readonly Alarm[]; onChange: () => void }): JSX.Element {
  const m = c().home;
  return (
    <Part page title={m.alarms(alarms.length)}>
      {alarms.length === 0 ? (
        <p class="desk-note">{m.noAlarms}</p>
      ) : (
        <ul class="alarms">
          {alarms.map((alarm) => (
            <li key={alarm.id} class="alarm">
              <Badge tone={alarm.severity === 'CRITICAL' ? 'bad' : 'warn'}>{m.severities[alarm.severity]}</Badge>
              <div class="alarm-text">
                <p>{alarm.message}</p>
                <p class="small-print">
                  <When at={alarm.raisedAt} /> · {m.times(alarm.times)} · {alarm.code}
                </p>
                {alarm.subject && <Id>{alarm.subject}</Id>}
                {alarm.note && (
                  <p class="small-print">
                    {m.acknowledged} <When at={alarm.acknowledgedAt} /> {alarm.note}
                  </p>
                )}
              </div>
              {alarm.state === 'OPEN' && (
                <Act
                  name={m.acknowledge}
                  onAct={async (reason) => {
                    await health.acknowledge(alarm.id, reason);
                    onChange();
                    return m.acknowledgedNow;
                  }}
                >
                  <p>{alarm.message}</p>
                </Act>
              )}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

const WORST: readonly HealthCheck['status'][] = ['FAIL', 'WARN', 'OK'];
const byWorst = (a: HealthCheck, b: HealthCheck): number => WORST.indexOf(a.status) - WORST.indexOf(b.status);

/** What a check looks at, in words where there are some. */
export const checkName = ({ area, name }: Pick<HealthCheck, 'area' | 'name'>): string => (c().home.checks as Partial<Record<HealthCheck['area'], Record<string, string>>>)[area]?.[name] ?? name;

/** What is not well, by name, beside the sum of all. */
function Troubles({ checks }: { checks: readonly HealthCheck[] }): JSX.Element | null {
  const found = checks.filter(({ status }) => status !== 'OK').sort(byWorst);
  if (found.length === 0) return null;
  return <strong class="home-troubles">{found.map(checkName).join(', ')}</strong>;
}

/** Checks by area; what is wrong stands first, and so does its area. */
function Checks({ checks }: { checks: readonly HealthCheck[] }): JSX.Element {
  const m = c().home;
  const areas = [...new Set([...checks].sort(byWorst).map(({ area }) => area))];
  return (
    <div class="areas">
      {areas.map((area) => (
        <section key={area} class="area">
          <h2>{m.areas[area]}</h2>
          <ul>
            {checks
              .filter((check) => check.area === area)
              .sort(byWorst)
              .map((check) => (
                <li key={check.name}>
                  <span class="area-name">
                    {checkName(check)}
                    {checkName(check) !== check.name && <code>{check.name}</code>}
                  </span>
                  <span class="area-values">{check.values.map((value) => figure(value)).join(' · ')}</span>
                  <Badge tone={TONES[check.status]}>{m.short[check.status]}</Badge>
                  {check.message && <p class="area-message">{check.message}</p>}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** A figure with its name and unit. */
export function figure({ name, value, unit }: HealthCheck['values'][number]): string {
  const m = c().home;
  const word = (m.values as Record<string, string>)[name] ?? name;
  if (unit === 's') return `${word} ${c().unsettled.age(value)}`;
  if (unit === 'bytes') return `${word} ${value >= GIB ? `${(value / GIB).toFixed(1)} GiB` : `${(value / MIB).toFixed(0)} MiB`}`;
  return `${word} ${grouped(value)}`;
}
