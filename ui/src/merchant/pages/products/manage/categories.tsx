import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { catalog } from '../../../../shared/api/api';
import { ApiFailure } from '../../../../shared/api/failure';
import { groups } from '../../../../shared/api/goods';
import type { Category } from '../../../../shared/api/types';
import { Button, Field } from '../../../../shared/design/controls';
import { Icon } from '../../../../shared/design/icons';
import { Page } from '../../../../shared/design/page';
import { Skeleton } from '../../../../shared/design/parts';
import { Sheet } from '../../../../shared/design/sheet';
import { EmptyState, ErrorState, FailureNotice } from '../../../../shared/design/states';
import { toast } from '../../../../shared/design/toast';
import { t } from '../../../../shared/i18n/i18n';
import { useLoad } from '../../../../shared/state/load';
import { rights } from '../../../../shared/state/rights';
import { removeLater, removing } from '../../../removals';
import { MAX_NAME } from '../edit/form';
import { NewCategory } from '../edit/category';
import { NoRight } from '../noright';
import { moved } from './move';
import { useOrder } from './order';
import { NotDone } from './notdone';
import { Sortable } from './sortable';
import './manage.css';

/** The categories of the shop: made, named, put into order, deleted. */
export default function CategoriesPage(): JSX.Element {
  const m = t().goods;
  const load = useLoad(catalog.categories, 'categories');
  if (!rights.value.editProducts) return <NoRight title={m.categories} up="/products" />;
  return (
    <Page title={m.categories} up="/products/manage">
      {load.data ? <Categories read={load.data} onChanged={load.set} /> : load.failure === undefined ? <Skeleton shape="row" count={4} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

function Categories({ read, onChanged }: { read: readonly Category[]; onChanged: (all: Category[]) => void }): JSX.Element {
  const m = t().goods;
  const [edited, setEdited] = useState<Category>();
  const { items, failure, reorder } = useOrder(read, groups.order);
  const shown = useMemo(() => items.filter(({ id }) => !removing.value.has(id)), [items.map(({ id }) => id).join(), read, removing.value]);
  const move = (from: number, to: number): void => {
    const next = moved(shown, from, to);
    if (next !== shown) reorder(next, m.movedTo(shown[from]?.name ?? '', to + 1));
  };
  const remove = (category: Category): void => {
    setEdited(undefined);
    removeLater(category, m.removed(category.name), (leaving) => groups.remove(category, leaving));
  };
  const keep = (saved: Category): void => {
    setEdited(undefined);
    onChanged(items.map((each) => (each.id === saved.id ? saved : each)));
    toast(m.saved(saved.name));
  };
  return (
    <>
      <NotDone />
      <FailureNotice failure={failure} extra={m.orderFailed} />
      {shown.length === 0 ? (
        <EmptyState picture="grid" title={m.noCategoriesTitle} text={m.noCategoriesText} />
      ) : (
        <Sortable
          label={m.categories}
          items={shown}
          onMove={move}
          draw={(category) => (
            <button type="button" class="category-name" aria-haspopup="dialog" aria-label={m.rename(category.name)} onClick={() => setEdited(category)}>
              <span>{category.name}</span>
              <Icon name="pencil" size={18} />
            </button>
          )}
        />
      )}
      <NewCategory
        sort={items.reduce((last, { sort }) => Math.max(last, sort + 1), 0)}
        onMade={(made) => {
          onChanged([...items, made]);
          toast(m.added(made.name));
        }}
      />
      {edited && <Rename key={edited.id} category={edited} onSaved={keep} onRemove={() => remove(edited)} onClose={() => setEdited(undefined)} />}
    </>
  );
}

interface RenameProps {
  category: Category;
  onSaved: (saved: Category) => void;
  onRemove: () => void;
  onClose: () => void;
}

function Rename({ category, onSaved, onRemove, onClose }: RenameProps): JSX.Element {
  const m = t().goods;
  const [name, setName] = useState(category.name);
  const [failure, setFailure] = useState<unknown>();
  const submit = (event: Event): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    setFailure(undefined);
    groups.rename(category, name.trim()).then(onSaved, setFailure);
  };
  const taken = failure instanceof ApiFailure && failure.code === 'CATEGORY_TAKEN';
  return (
    <Sheet title={m.rename(category.name)} open onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <Field label={m.categoryName} value={name} onInput={setName} maxLength={MAX_NAME} bad={taken ? failure.message : name.trim() === '' ? m.categoryMissing : ''} />
        {!taken && <FailureNotice failure={failure} />}
        <Button kind="primary" type="submit" disabled={name.trim() === ''}>
          {m.save}
        </Button>
        <Button kind="bad" wide icon="bin" onPress={onRemove}>
          {m.removeCategory}
        </Button>
        <p class="field-hint">{m.removeCategoryHint}</p>
      </form>
    </Sheet>
  );
}
