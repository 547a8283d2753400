import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Amount, Badge, ListRow, Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, locale, t } from '../../../shared/i18n/i18n';
import { CHANNEL_ICONS, whenText } from '../../words';
import type { QueuedSale } from '../../queue';
import { cashQueue } from '../../queue-store';
import '../cash/cash.css';

/** The cash sales that wait on this device, above what the server knows; nothing while none does. */
export function QueuedSales(): JSX.Element | null {
  const m = t().cash;
  const [open, setOpen] = useState('');
  const sales = cashQueue.sales.value;
  if (sales.length === 0) return null;
  const now = new Date();
  const shown = sales.find(({ key }) => key === open);
  return (
    <section class="queue" aria-labelledby="queue-title">
      <h2 id="queue-title">{m.queue}</h2>
      <p>{sales.every(({ refusal }) => refusal) ? m.refusedText : m.queueText}</p>
      <div class="rows">
        {sales.map((sale) => (
          <ListRow
            key={sale.key}
            icon={CHANNEL_ICONS.CASH}
            tone={sale.refusal ? 'bad' : 'warn'}
            title={sale.body.orderName}
            sub={[whenText(new Date(sale.at), now)]}
            {...(sale.refusal ? { onPress: () => setOpen(sale.key) } : {})}
            end={
              <>
                <Amount won={sale.body.amount} size="s" />
                <Badge tone={sale.refusal ? 'bad' : 'warn'} icon={sale.refusal ? 'alert' : 'clock'}>
                  {sale.refusal ? m.refused : m.waiting}
                </Badge>
              </>
            }
          />
        ))}
      </div>
      {shown?.refusal && <RefusedSheet sale={shown} refusal={shown.refusal} onClose={() => setOpen('')} />}
    </section>
  );
}

interface RefusedProps {
  sale: QueuedSale;
  refusal: NonNullable<QueuedSale['refusal']>;
  onClose: () => void;
}

/** Why a sale was refused, and what a person can do about it. Deleting takes a second press. */
function RefusedSheet({ sale, refusal, onClose }: RefusedProps): JSX.Element {
  const m = t().cash;
  const [sure, setSure] = useState(false);
  const won = amountText(sale.body.amount);
  const act = (work: Promise<void>): void => void work.then(onClose, onClose);
  return (
    <Sheet title={sure ? m.forgetTitle : m.refused} open onClose={onClose}>
      <Amount won={sale.body.amount} size="l" />
      <p>{sale.body.orderName}</p>
      {sure ? (
        <>
          <p>{m.forgetText}</p>
          <Button kind="danger" onPress={() => act(cashQueue.forget(sale.key))}>
            {m.forgetAct(won)}
          </Button>
        </>
      ) : (
        <>
          <Notice tone="bad" icon="alert">
            <p>{locale.value === 'ko' && refusal.message ? refusal.message : m.refusedOther}</p>
            {refusal.code && <p class="small-print">{t().common.code(refusal.code)}</p>}
          </Notice>
          <p>{m.refusedText}</p>
          <Button kind="primary" onPress={() => act(cashQueue.retry(sale.key))}>
            {m.retry}
          </Button>
          <Button kind="bad" icon="bin" onPress={() => setSure(true)}>
            {m.forget}
          </Button>
        </>
      )}
    </Sheet>
  );
}
