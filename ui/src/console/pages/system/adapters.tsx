import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Badge, Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { locale } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { adapters, type Adapter, type AdapterTest } from '../../api-merchant';
import { Page, When } from '../../parts';
import './adapters.css';

/** What the server speaks to, as it is configured, with a try of each connection. */
export default function AdaptersPage(): JSX.Element {
  const load = useLoad((signal) => adapters.list(signal), 'adapters');
  return (
    <Page title={c().nav.pages.adapters}>
      <p class="desk-note">{c().adapters.hint}</p>
      {!load.data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!load.data && load.failure === undefined && <Skeleton shape="line" count={8} />}
      <div class="adapters">
        {load.data?.map((adapter) => (
          <Card key={`${adapter.kind}${adapter.name}`} adapter={adapter} />
        ))}
      </div>
    </Page>
  );
}

function Card({ adapter }: { adapter: Adapter }): JSX.Element {
  const [said, setSaid] = useState<AdapterTest | null>(null);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const m = c().adapters;
  const test = async (): Promise<void> => {
    setBusy(true);
    setSaid(null);
    setFailure(undefined);
    try {
      setSaid(await adapters.test(adapter.kind, adapter.name));
    } catch (caught) {
      setFailure(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="adapter">
      <div class="part-head">
        <h2>{adapter.label[locale.value]}</h2>
        <span class="adapter-marks">
          <Badge tone="plain">{m.kinds[adapter.kind]}</Badge>
          {adapter.simulated && <Badge tone="warn">{m.simulated}</Badge>}
        </span>
      </div>
      {adapter.breaker?.open && (
        <Notice tone="bad" icon="alert">
          <p>{m.broken(adapter.breaker.failures)}</p>
          <When at={adapter.breaker.since} />
        </Notice>
      )}
      <Facts rows={adapter.fields.map((field) => [field.label[locale.value], field.secret ? (field.set ? m.secretSet : m.secretUnset) : (field.value ?? '')] as const)} />
      {adapter.testable && (
        <Button kind="soft" disabled={busy} onPress={() => void test()}>
          {busy ? m.testing : m.test}
        </Button>
      )}
      {said && (
        <Notice tone={said.ok ? 'ok' : 'bad'} icon={said.ok ? 'check' : 'alert'}>
          <p>{said.ok ? m.reached(said.millis) : said.offered ? m.notReached : m.notOffered}</p>
          {!said.ok && <p class="small-print">{[said.code, said.message].filter(Boolean).join(' · ')}</p>}
        </Notice>
      )}
      <FailureNotice failure={failure} />
    </section>
  );
}
