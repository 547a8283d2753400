import type { JSX } from 'preact';
import { Button, IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount } from '../../../shared/design/parts';
import { amountText, t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import './cash.css';

/** A sale that waits on the device, as its screen shows it. */
export interface Kept {
  amount: number;
  change: number;
}

/** The sale waits: the change is due now all the same. */
export function KeptSale({ kept }: { kept: Kept }): JSX.Element {
  const m = t().cash;
  return (
    <Page title={m.title} left={<IconButton icon="home" label={t().common.home} href={href('/')} />}>
      <div class="outcome tone-warn" role="status">
        <span class="outcome-mark">
          <Icon name="clock" size={48} />
        </span>
        <h2>{m.keptTitle}</h2>
        <ChangeWords change={kept.change} />
        <p>{`${m.amount} ${amountText(kept.amount)}`}</p>
        <p>{m.keptText}</p>
      </div>
      <div class="cta">
        <Button kind="primary" href={href('/pay/cash')}>
          {m.again}
        </Button>
        <Button kind="text" href={href('/payments')}>
          {t().functions.payments}
        </Button>
      </div>
    </Page>
  );
}

/** The change as the largest thing of an outcome. */
export function ChangeWords({ change }: { change: number }): JSX.Element {
  const m = t().cash;
  if (change <= 0) return <span class="change-words">{m.noChange}</span>;
  return (
    <>
      <span class="change-words">{m.change}</span>
      <Amount won={change} size="xl" />
    </>
  );
}
