import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Category } from '../../../../shared/api/types';
import { Button, Segments } from '../../../../shared/design/controls';
import { Sheet } from '../../../../shared/design/sheet';
import { amountText, t } from '../../../../shared/i18n/i18n';
import { grouped } from '../../../../shared/money/money';
import type { Form, FormField, Meeting } from './form';

interface ClashSheetProps {
  meeting: Meeting;
  mine: Form;
  now: Form;
  categories: readonly Category[];
  /** The form as it was settled, field by field. */
  onSettle: (form: Form) => void;
  onClose: () => void;
}

/** A value as people read it. */
export function valueText(field: FormField, form: Form, categories: readonly Category[]): string {
  const m = t().goods;
  switch (field) {
    case 'name':
      return form.name;
    case 'price':
      return amountText(form.price);
    case 'taxFree':
      return form.taxFree ? t().cart.taxFree : t().cart.taxable;
    case 'categoryId':
      return categories.find(({ id }) => id === form.categoryId)?.name ?? m.noCategory;
    case 'barcode':
      return form.barcode || m.none;
    case 'stock':
      return form.stock === null ? m.notCounted : m.stockOf(grouped(form.stock));
    case 'soldOut':
    case 'favourite':
      return form[field] ? m.on : m.off;
  }
}

/** Two people changed the same: whose value stands, for each field. */
export function ClashSheet({ meeting, mine, now, categories, onSettle, onClose }: ClashSheetProps): JSX.Element {
  const m = t().goods;
  const [theirs, setTheirs] = useState<ReadonlySet<FormField>>(new Set());
  const settle = (): void => {
    const form = { ...meeting.merged };
    for (const field of theirs) Object.assign(form, { [field]: now[field] });
    onSettle(form);
  };
  const choose = (field: FormField, whose: 'mine' | 'theirs'): void => {
    const next = new Set(theirs);
    if (whose === 'theirs') next.add(field);
    else next.delete(field);
    setTheirs(next);
  };
  return (
    <Sheet title={m.clashTitle} open onClose={onClose}>
      <p>{m.clashText}</p>
      {meeting.clashes.map((field) => (
        <div key={field} class="clash">
          <h3>{m.fields[field]}</h3>
          <Segments
            label={m.fields[field]}
            value={theirs.has(field) ? 'theirs' : 'mine'}
            onChange={(whose) => choose(field, whose)}
            options={[
              { value: 'mine', text: <Whose who={m.mine} what={valueText(field, mine, categories)} /> },
              { value: 'theirs', text: <Whose who={m.theirs} what={valueText(field, now, categories)} /> },
            ]}
          />
        </div>
      ))}
      {meeting.theirs.length > 0 && <p class="field-hint">{m.alsoChanged(meeting.theirs.map((field) => `${m.fields[field]} ${valueText(field, now, categories)}`).join(', '))}</p>}
      <Button kind="primary" onPress={settle}>
        {m.clashSave}
      </Button>
    </Sheet>
  );
}

function Whose({ who, what }: { who: string; what: string }): JSX.Element {
  return (
    <span class="whose">
      <span class="small-print">{who}</span>
      <span>{what}</span>
    </span>
  );
}
