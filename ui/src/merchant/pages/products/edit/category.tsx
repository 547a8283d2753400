import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiFailure } from '../../../../shared/api/failure';
import { groups } from '../../../../shared/api/goods';
import type { Category } from '../../../../shared/api/types';
import { Button, Field } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { Sheet } from '../../../../shared/design/sheet';
import { FailureNotice } from '../../../../shared/design/states';
import { t } from '../../../../shared/i18n/i18n';
import { MAX_NAME } from './form';

interface CategoryFieldProps {
  categories: readonly Category[];
  value: string;
  onChange: (id: string) => void;
  /** A category was made. */
  onMade: (made: Category) => void;
}

/** In which category the product stands; a new one can be made here. */
export function CategoryField({ categories, value, onChange, onMade }: CategoryFieldProps): JSX.Element {
  const m = t().goods;
  const [open, setOpen] = useState(false);
  const name = categories.find(({ id }) => id === value)?.name;
  const choose = (id: string): void => {
    onChange(id);
    setOpen(false);
  };
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="grid" size={20} />
        <span class="option-name">{m.category}</span>
        <span class={`option-value${name ? '' : ' is-empty'}`}>{name ?? m.noCategory}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.categoryTitle} open={open} onClose={() => setOpen(false)}>
        <div class="choices" role="radiogroup" aria-label={m.category}>
          {[{ id: '', name: m.noCategory }, ...categories].map((each) => (
            <button key={each.id} type="button" class="choice" role="radio" aria-checked={each.id === value} onClick={() => choose(each.id)}>
              <span>{each.name}</span>
              {each.id === value && <Icon name="check" size={20} />}
            </button>
          ))}
        </div>
        <NewCategory
          sort={categories.reduce((last, { sort }) => Math.max(last, sort + 1), 0)}
          onMade={(made) => {
            onMade(made);
            choose(made.id);
          }}
        />
      </Sheet>
    </>
  );
}

/** Makes a category. */
export function NewCategory({ sort, onMade }: { sort: number; onMade: (made: Category) => void }): JSX.Element {
  const m = t().goods;
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy || name.trim() === '') return;
    setBusy(true);
    setFailure(undefined);
    groups.add(name.trim(), sort).then(
      (made) => {
        setBusy(false);
        setName('');
        onMade(made);
      },
      (cause: unknown) => {
        setBusy(false);
        setFailure(cause);
      },
    );
  };
  const taken = failure instanceof ApiFailure && failure.code === 'CATEGORY_TAKEN';
  return (
    <form class="typed-row" onSubmit={submit} noValidate>
      <Field label={m.newCategory} value={name} onInput={setName} maxLength={MAX_NAME} placeholder={m.newCategoryHint} bad={taken ? failure.message : ''} />
      <Button kind="tint" type="submit" disabled={busy || name.trim() === ''}>
        {m.make}
      </Button>
      {!taken && <FailureNotice failure={failure} />}
    </form>
  );
}
