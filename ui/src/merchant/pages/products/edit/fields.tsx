import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { catalog } from '../../../../shared/api/api';
import { ApiFailure } from '../../../../shared/api/failure';
import type { Category, Product } from '../../../../shared/api/types';
import { Button, Field, Segments, Switch } from '../../../../shared/design/controls';
import { Notice } from '../../../../shared/design/parts';
import { FailureNotice } from '../../../../shared/design/states';
import { toast } from '../../../../shared/design/toast';
import { isCode } from '../../../../shared/devices/decoder';
import { onBarcode } from '../../../../shared/devices/wedge';
import { t } from '../../../../shared/i18n/i18n';
import { grouped, parseWon, type TaxType } from '../../../../shared/money/money';
import { href } from '../../../../shared/router/router';
import { CameraButton } from '../../../camera';
import { CategoryField } from './category';
import { ClashSheet } from './clash';
import { draft, edit, forgetDraft, isDirty, type Draft } from './draft';
import { faultsOf, formOf, MAX_BARCODE, MAX_NAME, MAX_STOCK, type Form, type FormField } from './form';
import { PhotoField } from './photo';
import { saveDraft, type Saved } from './save';

interface ProductFormProps {
  open: Draft;
  sells: TaxType;
  categories: readonly Category[];
  onCategory: (made: Category) => void;
  onSaved: () => void;
  /** Saved, and the next new one is wanted. */
  onNext: () => void;
  /** Somebody deleted it meanwhile. */
  onGone: () => void;
  onRemove?: () => void;
}

interface Saving {
  busy: boolean;
  /** A press on save showed what is wrong. */
  tried: boolean;
  outcome: Saved | undefined;
  save: (next: boolean) => Promise<void>;
  settle: (form: Form) => void;
  forget: () => void;
}

function useSaving({ onSaved, onNext, onGone }: Pick<ProductFormProps, 'onSaved' | 'onNext' | 'onGone'>): Saving {
  const m = t().goods;
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [outcome, setOutcome] = useState<Saved>();
  // At once, not with the next drawing: two presses are one product.
  const under = useRef(false);
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const save = async (next: boolean): Promise<void> => {
    setTried(true);
    const open = draft.value;
    if (under.current || !open || Object.keys(faultsOf(open.form)).length > 0) return;
    const isNew = open.base === undefined;
    under.current = true;
    setBusy(true);
    setOutcome(undefined);
    const done = await saveDraft(open);
    under.current = false;
    setBusy(false);
    setOutcome(done);
    if (done.kind === 'saved') forgetDraft(isNew ? '' : done.product.id);
    // Whoever went on meanwhile is not called back.
    if (!here.current) return;
    if (done.kind === 'gone') onGone();
    if (done.kind !== 'saved') return;
    toast(done.merged ? m.savedMerged : isNew ? m.added(done.product.name) : m.saved(done.product.name));
    setTried(false);
    setOutcome(undefined);
    if (next) onNext();
    else onSaved();
  };
  const settle = (form: Form): void => {
    if (outcome?.kind !== 'clash' || !draft.value) return;
    draft.value = { ...draft.value, base: outcome.now, begun: formOf(outcome.now), form };
    void save(false);
  };
  return { busy, tried, outcome, save, settle, forget: () => setOutcome(undefined) };
}

/** The product of another one that has the barcode; undefined while there is none, or nobody knows. */
function useTaken(open: Draft): { taken: Product | undefined; look: (code: string) => void } {
  const [taken, setTaken] = useState<Product>();
  const look = (typed: string): void => {
    const code = typed.trim();
    setTaken(undefined);
    if (!isCode(code)) return;
    catalog.ofBarcode(code).then(
      (other) => {
        if (other && other.id !== open.base?.id && draft.value?.form.barcode.trim() === code) setTaken(other);
      },
      // The server says so when it is saved.
      () => undefined,
    );
  };
  return { taken, look };
}

/** The fields of a product, and its button. */
export function ProductForm({ open, sells, categories, onCategory, onRemove, ...ends }: ProductFormProps): JSX.Element {
  const m = t().goods;
  const { busy, tried, outcome, save, settle, forget } = useSaving(ends);
  const { form, base } = open;
  const faults = tried ? faultsOf(form) : {};
  const failure = outcome?.kind === 'failed' ? outcome.failure : undefined;
  const said = (field: FormField): string => (failure instanceof ApiFailure ? failure.fieldMessage(`/${field}`) : '');
  const bad = (field: FormField): string => {
    const fault = faults[field];
    return fault ? m.faults[fault] : said(field);
  };
  const named = failure instanceof ApiFailure && failure.fields.some(({ field }) => said(field.slice(1) as FormField) !== '');
  return (
    <form
      class="stack product-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(false);
      }}
      noValidate
    >
      <PhotoField open={open} />
      <Field label={m.fields.name} value={form.name} onInput={(name) => edit({ name })} maxLength={MAX_NAME} placeholder={m.nameHint} bad={bad('name')} />
      <Field label={m.fields.price} numeric big value={form.price ? grouped(form.price) : ''} onInput={(text) => edit({ price: parseWon(text) })} maxLength={13} placeholder="0" bad={bad('price')} suffix={<span class="suffix">{t().common.won}</span>} />
      {sells === 'MIXED' && (
        <Segments
          label={m.fields.taxFree}
          value={form.taxFree ? 'free' : 'taxed'}
          onChange={(kind) => edit({ taxFree: kind === 'free' })}
          options={[
            { value: 'taxed', text: t().cart.taxable },
            { value: 'free', text: t().cart.taxFree },
          ]}
        />
      )}
      <CategoryField categories={categories} value={form.categoryId} onChange={(categoryId) => edit({ categoryId })} onMade={onCategory} />
      <BarcodeField open={open} bad={bad('barcode')} clash={outcome?.kind === 'taken' && outcome.code === form.barcode.trim() ? outcome : undefined} />
      <StockField stock={form.stock} bad={bad('stock')} />
      <div class="switches">
        <Switch label={m.fields.soldOut} hint={m.soldOutHint} on={form.soldOut} onChange={(soldOut) => edit({ soldOut })} />
        <Switch label={m.fields.favourite} hint={m.favouriteHint} on={form.favourite} onChange={(favourite) => edit({ favourite })} />
      </div>
      {onRemove && (
        <Button kind="bad" wide icon="bin" onPress={onRemove}>
          {m.remove}
        </Button>
      )}
      {outcome?.kind === 'noPicture' && <FailureNotice failure={outcome.failure} extra={m.noPicture} />}
      {outcome?.kind === 'failed' && !named && <FailureNotice failure={failure} {...(outcome.open ? { extra: m.perhapsAdded } : {})} />}
      {tried && Object.keys(faults).length > 0 && (
        <p class="unseen" role="status">
          {m.lookAgain}
        </p>
      )}
      <div class="cta">
        <Button kind="primary" type="submit" disabled={busy || (base !== undefined && !isDirty(open))}>
          {base ? m.save : m.add}
        </Button>
        {!base && (
          <Button kind="text" disabled={busy} onPress={() => void save(true)}>
            {m.addNext}
          </Button>
        )}
      </div>
      {outcome?.kind === 'clash' && base && <ClashSheet meeting={outcome.meeting} mine={form} now={formOf(outcome.now)} categories={categories} onSettle={settle} onClose={forget} />}
    </form>
  );
}

interface BarcodeFieldProps {
  open: Draft;
  bad: string;
  /** The server refused the barcode: it is another product's. */
  clash: { other: Product | undefined } | undefined;
}

/** The barcode: typed, from a scanner, or by the camera. One that another product has is named. */
function BarcodeField({ open, bad, clash }: BarcodeFieldProps): JSX.Element {
  const m = t().goods;
  const { taken, look } = useTaken(open);
  const { barcode } = open.form;
  const set = (code: string): void => {
    edit({ barcode: code });
    look(code);
  };
  useEffect(() => onBarcode(set), [open.base]);
  const other = taken ?? clash?.other;
  const wrong = bad || (other ? m.barcodeTaken(other.name) : clash ? m.barcodeTakenBy : '');
  return (
    <div class="barcode-field">
      <Field
        label={m.fields.barcode}
        optional
        value={barcode}
        onInput={(text) => edit({ barcode: text })}
        onLeave={() => look(barcode)}
        maxLength={MAX_BARCODE}
        hint={m.barcodeHint}
        bad={wrong}
        suffix={
          <CameraButton
            onCode={(code) => {
              set(code);
              return Promise.resolve(undefined);
            }}
          />
        }
      />
      {other && (
        <Notice tone="plain" icon="box">
          <a class="link" href={href(`/products/${encodeURIComponent(other.id)}/edit`)}>
            {m.toOther(other.name)}
          </a>
        </Notice>
      )}
    </div>
  );
}

/** Whether the stock is counted, and how much there is. */
function StockField({ stock, bad }: { stock: number | null; bad: string }): JSX.Element {
  const m = t().goods;
  const counted = stock !== null;
  return (
    <div class="stock-field">
      <Switch label={m.countStock} hint={m.countStockHint} on={counted} onChange={(on) => edit({ stock: on ? 0 : null })} />
      {counted && (
        <Field
          label={m.fields.stock}
          numeric
          value={grouped(stock)}
          onInput={(text) => edit({ stock: Math.min(parseWon(text), MAX_STOCK) })}
          maxLength={13}
          bad={bad}
          suffix={<span class="suffix">{m.pieces}</span>}
        />
      )}
    </div>
  );
}
