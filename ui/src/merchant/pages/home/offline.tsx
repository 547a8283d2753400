import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Icon, Wordmark } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, ListRow } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import type { Kept } from '../../../shared/state/kept';
import { CHANNEL_ICONS, StatusBadge, whenText } from '../../words';

/** Without a network at the start: what this device kept, to look at only. */
export function OfflineHome({ kept, onRetry }: { kept: Kept; onRetry: () => void }): JSX.Element {
  const m = t().offline;
  const now = new Date();
  return (
    <div class="app app-bare">
      <div class="offline-bar" role="status">
        <Icon name="offline" size={16} />
        {m.bar}
      </div>
      <Page title={m.title} brand={<Wordmark />}>
        <section class="stack">
          <h2>{m.greeting(kept.userName)}</h2>
          <p>{m.text(whenText(new Date(kept.at), now))}</p>
          <Button kind="primary" onPress={onRetry}>
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
