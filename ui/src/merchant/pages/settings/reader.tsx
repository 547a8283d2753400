import type { JSX } from 'preact';
import { canReach, chosenReader, chooseReader, isPlain, linkOf, reader, type CardReader, type ReaderKind, type ReaderLink, type ReaderPolicy } from '../../../shared/devices/reader';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Badge, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { loadCounter, policyOf, ReaderModels } from '../../reader';
import { Problem, reconnect, reconnectWords } from '../../reader-problem';
import { hasLine } from '../../ways';
import { Ring } from './ring';
import { Trial } from './trial';
import './settings.css';
import './reader.css';

/** The reader of this device: model, connection, battery, and whether it reads. */
export default function ReaderPage(): JSX.Element {
  const m = t().reader;
  const merchant = useLoad(loadCounter, 'merchant');
  const kind = chosenReader.value;
  const driver = reader.value;
  return (
    <Page title={m.title} up="/settings">
      {merchant.data ? (
        <>
          {kind ? driver ? <Present kind={kind} driver={driver} policy={policyOf(merchant.data)} /> : <Skeleton shape="row" count={2} /> : <Absent />}
          <section class="setting">
            <h2>{m.model}</h2>
            <ReaderModels policy={policyOf(merchant.data)} onChosen={() => window.scrollTo(0, 0)} />
            {kind && (
              <Button kind="text" onPress={() => void chooseReader(null)}>
                {m.without}
              </Button>
            )}
            <Hidden policy={policyOf(merchant.data)} />
          </section>
        </>
      ) : merchant.failure === undefined ? (
        <Skeleton shape="row" count={5} />
      ) : (
        <ErrorState failure={merchant.failure} onRetry={merchant.reload} />
      )}
    </Page>
  );
}

function Absent(): JSX.Element {
  const m = t().reader;
  return (
    <section class="reader-card">
      <span class="state-picture">
        <Icon name="reader" size={48} />
      </span>
      <div class="reader-words">
        <h2>{m.none}</h2>
        <p>{m.noneHint}</p>
      </div>
    </section>
  );
}

/** The chosen reader: how it stands, and what can be done with it. */
function Present({ kind, driver, policy }: { kind: ReaderKind; driver: CardReader; policy: ReaderPolicy }): JSX.Element {
  const m = t().reader;
  const state = driver.state.value;
  const ready = state === 'ready';
  const picks = linkOf(kind) !== 'keyboard' && linkOf(kind) !== 'none';
  return (
    <>
      <section class="reader-card">
        <Ring percent={ready ? driver.battery.value : null} />
        <div class="reader-words">
          <h2>{m.models[kind]}</h2>
          {driver.name.value && <p>{driver.name.value}</p>}
          <span role="status">
            <Badge tone={ready ? 'ok' : state === 'failed' ? 'bad' : 'plain'} icon={ready ? 'check' : state === 'failed' ? 'alert' : 'clock'}>
              {m.states[state]}
            </Badge>
          </span>
        </div>
      </section>
      <Problem driver={driver} />
      {isPlain(kind) && (
        <Notice tone="warn" icon="alert">
          {m.plain}
        </Notice>
      )}
      {(picks || !ready) && (
        <div class="button-row">
          {ready ? (
            <Button onPress={() => void driver.disconnect()}>{m.disconnect}</Button>
          ) : (
            <Button kind="primary" disabled={state === 'connecting'} onPress={() => reconnect(driver)}>
              {reconnectWords(driver)}
            </Button>
          )}
          {picks && <Button onPress={() => void driver.connect(true)}>{m.otherDevice}</Button>}
        </div>
      )}
      {ready && <Trial kind={kind} driver={driver} policy={policy} />}
    </>
  );
}

const LINKS: readonly ReaderLink[] = ['hid', 'serial', 'bluetooth'];

/** Why some models are not in the list, and what is left where none of them can ever be. */
function Hidden({ policy }: { policy: ReaderPolicy }): JSX.Element | null {
  const m = t().reader;
  const lacking = LINKS.filter((link) => !canReach(link));
  const all = lacking.length === LINKS.length;
  const reasons = [
    lacking.length === 0 ? '' : !window.isSecureContext ? m.hiddenInsecure : all ? m.hiddenAll : m.hiddenSome(lacking.map((link) => m.links[link]).join('·')),
    policy.formats.length === 0 ? m.hiddenFormats : '',
    policy.plainTrack ? '' : m.hiddenPlain,
  ].filter(Boolean);
  if (reasons.length === 0) return null;
  return (
    <>
      {reasons.map((reason) => (
        <p key={reason} class="hidden-why">
          {reason}
        </p>
      ))}
      {all && (
        <div class="rows">
          <ListRow icon="card" tone="plain" title={m.ladder.keys} href={href('/pay/card')} end={<Icon name="next" size={18} />} />
          <ListRow icon="message" tone="plain" title={m.ladder.sms} href={href('/pay/sms')} end={<Icon name="next" size={18} />} />
          {hasLine.value && <ListRow icon="call" tone="plain" title={m.ladder.ars} href={href('/pay/ars')} end={<Icon name="next" size={18} />} />}
        </div>
      )}
    </>
  );
}
