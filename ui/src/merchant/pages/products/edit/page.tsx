import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { catalog } from '../../../../shared/api/api';
import { goods } from '../../../../shared/api/goods';
import type { Category, Merchant } from '../../../../shared/api/types';
import { Button } from '../../../../shared/design/controls';
import { Page } from '../../../../shared/design/page';
import { Notice, Skeleton } from '../../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../../shared/design/states';
import { t } from '../../../../shared/i18n/i18n';
import { back, href } from '../../../../shared/router/router';
import { useLoad } from '../../../../shared/state/load';
import { rights } from '../../../../shared/state/rights';
import { loadMerchant } from '../../../own';
import { removeLater } from '../../../removals';
import type { PageInput } from '../../../routes';
import { NoRight } from '../noright';
import { draft, leaveDraft, openDraft, resetDraft, type Draft } from './draft';
import { emptyForm, formOf } from './form';
import { ProductForm } from './fields';
import './edit.css';

const LIST = '/products/manage';

interface Ground {
  shop: Merchant;
  categories: readonly Category[];
  fresh: Draft;
}

/** What the form needs: the shop's tax type, its categories, and the product where there is one. */
async function readGround(id: string, signal: AbortSignal): Promise<Ground> {
  const [shop, categories, product] = await Promise.all([loadMerchant(), catalog.categories(), id ? goods.get(id, signal) : undefined]);
  const form = product ? formOf(product) : emptyForm(shop.taxType);
  return { shop, categories, fresh: { ...(product ? { base: product } : {}), begun: form, form, photo: { kind: 'kept' } } };
}

/** Chapter 9 for the owner: a new product, or one that is changed. */
export default function ProductEditPage({ params }: PageInput): JSX.Element {
  const id = params['id'] ?? '';
  const m = t().goods;
  const load = useLoad((signal) => readGround(id, signal), `product ${id}`);
  const title = id ? m.editTitle : m.newTitle;
  if (!rights.value.editProducts) return <NoRight title={title} up="/products" />;
  return (
    <Page title={title} up={LIST}>
      {load.data ? <Editing id={id} ground={load.data} /> : load.failure === undefined ? <Skeleton shape="row" count={6} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

function Editing({ id, ground }: { id: string; ground: Ground }): JSX.Element | null {
  const m = t().goods;
  const [found, setFound] = useState(false);
  const [categories, setCategories] = useState(ground.categories);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    setFound(openDraft(id, ground.fresh));
    return () => leaveDraft(id);
  }, []);
  const open = draft.value;
  if (!open) return null;
  const restart = (): void => {
    resetDraft(id, ground.fresh);
    setFound(false);
  };
  const remove = (): void => {
    const product = open.base;
    if (!product) return;
    removeLater(product, m.removed(product.name), (leaving) => goods.removeUnlessChanged(product, leaving));
    resetDraft(id, ground.fresh);
    back(LIST);
  };
  const leave = (): void => {
    resetDraft(id, ground.fresh);
    back(LIST);
  };
  if (gone) {
    return (
      <EmptyState picture="bin" title={m.goneTitle} text={m.goneText}>
        <Button
          kind="tint"
          onPress={() => {
            draft.value = { begun: open.form, form: open.form, photo: open.photo };
            setGone(false);
          }}
        >
          {m.goneAct}
        </Button>
        <Button kind="text" href={href(LIST)}>
          {m.toList}
        </Button>
      </EmptyState>
    );
  }
  return (
    <>
      {found && (
        <Notice tone="plain" icon="undo">
          <p>{m.foundDraft}</p>
          <Button kind="text" onPress={restart}>
            {m.restart}
          </Button>
        </Notice>
      )}
      <ProductForm
        open={open}
        sells={ground.shop.taxType}
        categories={categories}
        onCategory={(made) => setCategories([...categories, made])}
        onSaved={leave}
        onNext={() => resetDraft(id, { begun: emptyForm(ground.shop.taxType), form: { ...emptyForm(ground.shop.taxType), categoryId: open.form.categoryId }, photo: { kind: 'kept' } })}
        onGone={() => setGone(true)}
        {...(open.base ? { onRemove: remove } : {})}
      />
    </>
  );
}
