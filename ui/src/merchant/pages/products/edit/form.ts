import type { Product, ProductBody } from '../../../../shared/api/types';
import { isCode } from '../../../../shared/devices/decoder';
import { MAX_AMOUNT, type TaxType } from '../../../../shared/money/money';

/** The rules of the server, so that a mistake is named while it is made. */
export const MAX_NAME = 100;
export const MAX_BARCODE = 48;
export const MAX_STOCK = 1_000_000_000;
const MAX_SORT = 1_000_000;

/** A product as its owner writes it. */
export interface Form {
  name: string;
  /** Won; 0 while nothing is typed. */
  price: number;
  taxFree: boolean;
  /** Empty: none. */
  categoryId: string;
  barcode: string;
  /** null: not counted. */
  stock: number | null;
  soldOut: boolean;
  favourite: boolean;
}

export type FormField = keyof Form;
export const FIELDS: readonly FormField[] = ['name', 'price', 'taxFree', 'categoryId', 'barcode', 'stock', 'soldOut', 'favourite'];

/** An empty form of a shop that sells by a tax type. */
export function emptyForm(sells: TaxType): Form {
  return { name: '', price: 0, taxFree: sells === 'TAX_FREE', categoryId: '', barcode: '', stock: null, soldOut: false, favourite: false };
}

/** A product in the form. */
export function formOf({ name, price, taxFree, categoryId = '', barcode = '', stock, soldOut, favourite }: Product): Form {
  return { name, price, taxFree, categoryId, barcode, stock: stock ?? null, soldOut, favourite };
}

/** What the form asks the server to keep, at a place in the order of the screen. */
export function bodyOf({ name, price, taxFree, categoryId, barcode, stock, soldOut, favourite }: Form, sort: number): ProductBody {
  const code = barcode.trim();
  return {
    name: name.trim(),
    price,
    taxFree,
    soldOut,
    favourite,
    sort,
    ...(categoryId ? { categoryId } : {}),
    ...(code ? { barcode: code } : {}),
    ...(stock === null ? {} : { stock }),
  };
}

/** Behind every other product. */
export function lastSort(products: readonly Product[]): number {
  return Math.min(MAX_SORT, products.reduce((last, { sort }) => Math.max(last, sort + 1), 0));
}

export type Fault = 'nameMissing' | 'priceMissing' | 'barcodeWrong';

/** What keeps a form from being saved, by the field it belongs to. */
export function faultsOf({ name, price, barcode }: Form): Partial<Record<FormField, Fault>> {
  return {
    ...(name.trim() === '' ? { name: 'nameMissing' as const } : {}),
    ...(price < 1 || price > MAX_AMOUNT ? { price: 'priceMissing' as const } : {}),
    ...(barcode.trim() !== '' && !isCode(barcode.trim()) ? { barcode: 'barcodeWrong' as const } : {}),
  };
}

/** What two people did to one product that both began with. */
export interface Meeting {
  /** Both changed it, to different values: one must choose. */
  clashes: readonly FormField[];
  /** Changed by the other alone. */
  theirs: readonly FormField[];
  /** Everything that nobody has to choose about: mine where I changed it, else theirs. */
  merged: Form;
}

/** Brings my form and what the server has now together; base is what I began with. */
export function meet(base: Form, mine: Form, now: Form): Meeting {
  const iChanged = FIELDS.filter((field) => mine[field] !== base[field]);
  const theirs = FIELDS.filter((field) => now[field] !== base[field] && mine[field] !== now[field]);
  const merged = Object.fromEntries(FIELDS.map((field) => [field, iChanged.includes(field) ? mine[field] : now[field]])) as unknown as Form;
  return { clashes: theirs.filter((field) => iChanged.includes(field)), theirs: theirs.filter((field) => !iChanged.includes(field)), merged };
}

/** Whether two forms say the same. */
export function sameForm(one: Form, other: Form): boolean {
  return FIELDS.every((field) => one[field] === other[field]);
}
