import { catalog } from '../../../../shared/api/api';
import { ApiFailure, NoAnswer } from '../../../../shared/api/failure';
import { goods } from '../../../../shared/api/goods';
import type { Product } from '../../../../shared/api/types';
import { draft, type Draft } from './draft';
import { bodyOf, formOf, lastSort, meet, type Form, type Meeting } from './form';

/** What became of a press on save. */
export type Saved =
  | { kind: 'saved'; product: Product; /** What somebody else changed meanwhile was kept as well. */ merged: boolean }
  /** Somebody else changed the same fields: one must choose, on top of the product as it is now. */
  | { kind: 'clash'; meeting: Meeting; now: Product }
  /** The product was deleted meanwhile. */
  | { kind: 'gone' }
  /** Another product has the barcode. */
  | { kind: 'taken'; code: string; other: Product | undefined }
  /** The product was saved, its picture was not. */
  | { kind: 'noPicture'; product: Product; failure: unknown }
  | { kind: 'failed'; failure: unknown; /** A new product may have been added all the same. */ open: boolean };

const coded = (failure: unknown, code: string): boolean => failure instanceof ApiFailure && failure.code === code;
const isGone = (failure: unknown): boolean => failure instanceof ApiFailure && failure.status === 404 && failure.code === 'PRODUCT_NOT_FOUND';

/** Keeps in the form what the server has now, unless another one is open by now. */
function begin(open: Draft, base: Product): void {
  if (draft.value?.begun === open.begun) draft.value = { ...draft.value, base, begun: formOf(base), form: formOf(base) };
}

/** Saves on top of what somebody else changed meanwhile, unless both changed the same. */
async function again(base: Product, form: Form): Promise<{ product: Product } | { clash: Meeting; now: Product }> {
  const now = await goods.get(base.id);
  const meeting = meet(formOf(base), form, formOf(now));
  if (meeting.clashes.length > 0) return { clash: meeting, now };
  return { product: await goods.save(now.id, bodyOf(meeting.merged, now.sort), now.version) };
}

function savePhoto(product: Product, photo: Draft['photo']): Promise<Product> {
  if (photo.kind === 'new') return goods.setPicture(product.id, photo.file);
  return photo.kind === 'gone' ? goods.dropPicture(product.id) : Promise.resolve(product);
}

/** Saves the open form: the product first, then its picture. */
export async function saveDraft(open: Draft): Promise<Saved> {
  const { base, form, photo } = open;
  let [product, merged]: [Product | undefined, boolean] = [undefined, false];
  try {
    if (!base) product = await goods.add(bodyOf(form, lastSort(await catalog.products())));
    else product = await goods.save(base.id, bodyOf(form, base.sort), base.version).catch(async (failure: unknown) => {
      if (!coded(failure, 'CHANGED_MEANWHILE')) throw failure;
      const found = await again(base, form);
      if ('clash' in found) throw new Clash(found.clash, found.now);
      merged = true;
      return found.product;
    });
  } catch (failure) {
    return refused(failure, base, form);
  }
  begin(open, product);
  try {
    product = await savePhoto(product, photo);
  } catch (failure) {
    return { kind: 'noPicture', product, failure };
  }
  return { kind: 'saved', product, merged };
}

/** Carries what two people changed up to where it is asked about. */
class Clash extends Error {
  readonly meeting: Meeting;
  readonly now: Product;
  constructor(meeting: Meeting, now: Product) {
    super('changed by two');
    this.meeting = meeting;
    this.now = now;
  }
}

async function refused(failure: unknown, base: Product | undefined, form: Form): Promise<Saved> {
  if (failure instanceof Clash) return { kind: 'clash', meeting: failure.meeting, now: failure.now };
  if (base && isGone(failure)) return { kind: 'gone' };
  if (coded(failure, 'BARCODE_TAKEN')) return { kind: 'taken', code: form.barcode.trim(), other: await catalog.ofBarcode(form.barcode.trim()).catch(() => undefined) };
  return { kind: 'failed', failure, open: !base && failure instanceof NoAnswer };
}
