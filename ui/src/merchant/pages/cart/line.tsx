import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, Segments } from '../../../shared/design/controls';
import { Amount, Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { amountText, t } from '../../../shared/i18n/i18n';
import { grouped, parseWon } from '../../../shared/money/money';
import { rights } from '../../../shared/state/rights';
import { lineSum, lineTotal, memoRoom, note, type CartLine, type Discount } from '../../cart';

/** Discount and memo of one line; nothing changes before the button is pressed. */
export function LineSheet({ line, onClose }: { line: CartLine; onClose: () => void }): JSX.Element {
  const m = t().cart;
  const [kind, setKind] = useState<Discount['kind']>(line.discount?.kind ?? 'won');
  const [value, setValue] = useState(line.discount?.value ?? 0);
  const [memo, setMemo] = useState(line.memo ?? '');
  const most = kind === 'won' ? lineSum(line) : 100;
  const bad = value <= most ? '' : kind === 'won' ? m.discountTooMuch(amountText(most)) : m.percentWrong;
  const discount: Discount = { kind, value };
  const turn = (next: Discount['kind']): void => {
    setKind(next);
    setValue(0);
  };
  const save = (event: Event): void => {
    event.preventDefault();
    if (bad) return;
    note(line.product.id, { discount, memo });
    onClose();
  };
  const room = memoRoom(line.product);
  return (
    <Sheet title={line.product.name} open onClose={onClose}>
      <form class="stack" onSubmit={save}>
        {rights.value.discount ? (
          <>
            <Segments label={m.discount} value={kind} onChange={turn} options={(['won', 'percent'] as const).map((each) => ({ value: each, text: m.discountKinds[each] }))} />
            <Field
              label={kind === 'won' ? m.discountWon : m.discountPercent}
              numeric
              big
              value={value ? grouped(value) : ''}
              onInput={(text) => setValue(parseWon(text))}
              hint={kind === 'won' ? m.discountHint(amountText(most)) : undefined}
              bad={bad}
              suffix={<span class="suffix">{kind === 'won' ? t().common.won : '%'}</span>}
            />
          </>
        ) : (
          <Notice tone="plain" icon="lock">
            {t().rights.noDiscount}
          </Notice>
        )}
        {room > 0 && <Field label={m.memo} optional value={memo} onInput={setMemo} maxLength={room} hint={m.memoHint} />}
        <p class="cart-total" aria-live="polite">
          <span>{m.after}</span>
          <Amount won={bad ? lineSum(line) : lineTotal({ ...line, discount })} size="l" />
        </p>
        <Button kind="primary" type="submit" disabled={bad !== ''}>
          {m.save}
        </Button>
      </form>
    </Sheet>
  );
}
