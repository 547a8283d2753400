import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Icon, Wordmark } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, ListRow } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import type { Kept } from '../../../shared/state/kept';
import { QueueStrip } from '../../queue-strip';
import { CHANNEL_ICONS, StatusBadge, whenText } from '../../words';

/** Without a network at the start: what this device kept, to look at; cash can be taken. */
export function OfflineHome({ kept, onRetry }: { kept: Kept; onRetry: () => void }): JSX.Element {
  const m = t().offline;
  const now = new Date();
  return (
    <div class="app app-bare">
      <div class="offline-bar" role="status">
        <Icon name="offline" size={16} />
        {t().error.offlineBar}
      </div>
      <QueueStrip />
      <Page title={m.title} brand={<Wordmark />}>
        <section class="stack">
          <h2>{m.greeting(kept.userName)}</h2>
          {kept.rows.length > 0 && <p>{m.text(whenText(new Date(kept.at), now))}</p>}
          <p>{kept.shop ? m.cash : m.nothing}</p>
          {kept.shop && (
            <Button kind="primary" icon="coin" href={href('/pay/cash')}>
              {t().functions.cash}
            </Button>
          )}
          <div class="rows">
            <ListRow href={href('/guide')} icon="book" tone="plain" title={t().nav.guide} />
            <ListRow href={href('/support')} icon="call" tone="plain" title={t().nav.support} />
          </div>
          <Button kind={kept.shop ? 'soft' : 'primary'} wide onPress={onRetry}>
            {t().common.retry}
          </Button>
        </section>
        <div class="rows">
          {kept.rows.map((row) => (
            <ListRow
              key={row.id}
              icon={CHANNEL_ICONS[row.channel]}
              tone="plain"
              title={row.orderName}
              sub={[whenText(new Date(row.requestedAt), now), row.last4].filter(Boolean)}
              end={
                <>
                  <Amount won={row.amount} size="s" />
                  {row.status !== 'DONE' && <StatusBadge status={row.status} />}
                </>
              }
            />
          ))}
        </div>
      </Page>
    </div>
  );
}
