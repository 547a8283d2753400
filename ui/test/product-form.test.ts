import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure, NoAnswer } from '../src/shared/api/failure';
import type { Product } from '../src/shared/api/types';
import { draft, edit, isDirty, leaveDraft, openDraft, resetDraft, setPhoto, type Draft } from '../src/merchant/pages/products/edit/draft';
import { bodyOf, emptyForm, faultsOf, formOf, lastSort, meet, type Form } from '../src/merchant/pages/products/edit/form';
import { saveDraft } from '../src/merchant/pages/products/edit/save';
import { middleOf } from '../src/merchant/pages/products/edit/shrink';

const product = (over: Partial<Product> = {}): Product => ({ id: 'prd_1', name: '아메리카노', price: 4_500, taxFree: false, soldOut: false, favourite: false, sort: 3, available: true, version: 7, ...over });
const form = (over: Partial<Form> = {}): Form => ({ ...formOf(product()), ...over });

describe('the form of a product', () => {
  it('begins with the tax kind the shop sells, and says what is missing', () => {
    expect(emptyForm('TAX_FREE').taxFree).toBe(true);
    expect(emptyForm('MIXED').taxFree).toBe(false);
    expect(faultsOf(emptyForm('TAXABLE'))).toEqual({ name: 'nameMissing', price: 'priceMissing' });
    expect(faultsOf(form({ name: '  ', price: 10_000_000_000, barcode: '바코드' }))).toEqual({ name: 'nameMissing', price: 'priceMissing', barcode: 'barcodeWrong' });
    expect(faultsOf(form({ barcode: ' 2000000000015 ' }))).toEqual({});
  });

  it('sends what is written, trimmed, and nothing for what is empty', () => {
    expect(bodyOf(form({ name: ' 라떼 ', barcode: ' ', categoryId: '' }), 3)).toEqual({ name: '라떼', price: 4_500, taxFree: false, soldOut: false, favourite: false, sort: 3 });
    expect(bodyOf(form({ barcode: ' A-1 ', categoryId: 'cat_1', stock: 0 }), 0)).toMatchObject({ barcode: 'A-1', categoryId: 'cat_1', stock: 0 });
  });

  it('puts a new product behind all others', () => {
    expect(lastSort([])).toBe(0);
    expect(lastSort([product({ sort: 9 }), product({ sort: 2 })])).toBe(10);
    expect(lastSort([product({ sort: 1_000_000 })])).toBe(1_000_000);
  });
});

describe('two people at one product', () => {
  it('do not disturb each other while they change different things', () => {
    const { clashes, theirs, merged } = meet(form(), form({ price: 5_000 }), form({ name: '디카페인', stock: 2 }));
    expect([clashes, theirs]).toEqual([[], ['name', 'stock']]);
    expect(merged).toEqual(form({ price: 5_000, name: '디카페인', stock: 2 }));
  });

  it('agree when they change the same to the same, and clash when not', () => {
    expect(meet(form(), form({ price: 5_000 }), form({ price: 5_000 })).clashes).toEqual([]);
    const { clashes, merged } = meet(form(), form({ price: 5_000, soldOut: true }), form({ price: 4_800 }));
    expect([clashes, merged.price, merged.soldOut]).toEqual([['price'], 5_000, true]);
  });
});

describe('a form that was left', () => {
  const fresh = (): Draft => ({ begun: form(), form: form(), photo: { kind: 'kept' } });

  it('is there again when something in it was not saved, and only then', () => {
    expect(openDraft('prd_1', fresh())).toBe(false);
    leaveDraft('prd_1');
    expect(openDraft('prd_1', fresh())).toBe(false);
    edit({ price: 1 });
    expect(isDirty(draft.value!)).toBe(true);
    leaveDraft('prd_1');
    expect(draft.value).toBeNull();
    expect(openDraft('prd_2', fresh())).toBe(false);
    leaveDraft('prd_2');
    expect(openDraft('prd_1', fresh())).toBe(true);
    expect(draft.value?.form.price).toBe(1);
    resetDraft('prd_1', fresh());
    leaveDraft('prd_1');
    expect(openDraft('prd_1', fresh())).toBe(false);
    setPhoto({ kind: 'gone' });
    expect(isDirty(draft.value!)).toBe(true);
    resetDraft('prd_1', fresh());
  });
});

describe('saving', () => {
  let answers: Record<string, (() => Response)[]>;
  let sent: { line: string; body: unknown; type: string | null }[];
  beforeEach(() => {
    answers = {};
    sent = [];
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const { pathname, search } = new URL(url);
      const line = `${init.method} ${pathname}`;
      const body = typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : init.body;
      sent.push({ line: line + search, body, type: (init.headers as Headers).get('Content-Type') });
      const answer = answers[line]?.shift();
      return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError(`nobody there: ${line}`));
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    draft.value = null;
  });
  const json = (body: unknown, status = 200) => (): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  const refused = (status: number, code: string) => json({ status, code, message: code, errors: [] }, status);
  const PRODUCT = '/v1/products/prd_1';
  const opened = (mine: Partial<Form>, photo: Draft['photo'] = { kind: 'kept' }): Draft => {
    draft.value = { base: product(), begun: form(), form: form(mine), photo };
    return draft.value;
  };

  it('adds a new product behind the others, then its picture as a file', async () => {
    const picture = new Blob(['jpeg'], { type: 'image/jpeg' });
    answers = {
      'GET /v1/products': [json({ products: [product({ sort: 4 })] })],
      'POST /v1/products': [json(product({ id: 'prd_1', version: 1 }), 201)],
      [`PUT ${PRODUCT}/picture`]: [json(product({ version: 2, picture: { small: '/s', large: '/l' } }))],
    };
    draft.value = { begun: form(), form: form({ name: '새 상품' }), photo: { kind: 'new', file: picture } };
    const saved = await saveDraft(draft.value);
    expect(saved).toMatchObject({ kind: 'saved', product: { version: 2 }, merged: false });
    expect(sent.find(({ line }) => line.startsWith('POST'))?.body).toMatchObject({ name: '새 상품', sort: 5 });
    const upload = sent.at(-1)!;
    expect([upload.line, upload.type]).toEqual([`PUT ${PRODUCT}/picture`, 'image/jpeg']);
    expect(new TextDecoder().decode(upload.body as ArrayBuffer)).toBe('jpeg');
  });

  it('keeps a product whose picture did not come through, and sends no second product the next time', async () => {
    answers = { 'GET /v1/products': [json({ products: [] })], 'POST /v1/products': [json(product({ version: 1 }), 201)] };
    draft.value = { begun: form(), form: form(), photo: { kind: 'new', file: new Blob(['x'], { type: 'image/jpeg' }) } };
    expect((await saveDraft(draft.value)).kind).toBe('noPicture');
    answers = { [`PUT ${PRODUCT}`]: [json(product({ version: 2 }))], [`PUT ${PRODUCT}/picture`]: [json(product({ version: 3 }))] };
    expect((await saveDraft(draft.value!)).kind).toBe('saved');
    expect(sent.filter(({ line }) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('goes on when only a sale changed the stock meanwhile', async () => {
    answers = { [`PUT ${PRODUCT}`]: [refused(409, 'CHANGED_MEANWHILE'), json(product({ version: 9, price: 5_000, stock: 4 }))], [`GET ${PRODUCT}`]: [json(product({ version: 8, stock: 4 }))] };
    expect(await saveDraft(opened({ price: 5_000 }))).toMatchObject({ kind: 'saved', merged: true });
    expect(sent.at(-1)?.body).toMatchObject({ price: 5_000, stock: 4, version: 8 });
  });

  it('asks when both changed the price', async () => {
    answers = { [`PUT ${PRODUCT}`]: [refused(409, 'CHANGED_MEANWHILE')], [`GET ${PRODUCT}`]: [json(product({ version: 8, price: 4_800 }))] };
    expect(await saveDraft(opened({ price: 5_000 }))).toMatchObject({ kind: 'clash', meeting: { clashes: ['price'] }, now: { version: 8 } });
    expect(sent.filter(({ line }) => line.startsWith('PUT'))).toHaveLength(1);
  });

  it('says that the product is gone', async () => {
    answers = { [`PUT ${PRODUCT}`]: [refused(404, 'PRODUCT_NOT_FOUND')] };
    expect((await saveDraft(opened({ price: 1 }))).kind).toBe('gone');
    answers = { [`PUT ${PRODUCT}`]: [refused(409, 'CHANGED_MEANWHILE')], [`GET ${PRODUCT}`]: [refused(404, 'PRODUCT_NOT_FOUND')] };
    expect((await saveDraft(opened({ price: 1 }))).kind).toBe('gone');
  });

  it('names the product that has the barcode', async () => {
    answers = { [`PUT ${PRODUCT}`]: [refused(409, 'BARCODE_TAKEN')], 'GET /v1/products': [json({ products: [product({ id: 'prd_2', name: '라떼' })] })] };
    expect(await saveDraft(opened({ barcode: '2000000000015' }))).toMatchObject({ kind: 'taken', other: { name: '라떼' } });
    expect(sent.at(-1)?.line).toContain('barcode=2000000000015');
  });

  it('does not know whether a new product was added when no answer came', async () => {
    answers = { 'GET /v1/products': [json({ products: [] })] };
    draft.value = { begun: form(), form: form(), photo: { kind: 'kept' } };
    const lost = await saveDraft(draft.value);
    expect(lost).toMatchObject({ kind: 'failed', open: true });
    expect(lost.kind === 'failed' && lost.failure).toBeInstanceOf(NoAnswer);
    answers = { [`PUT ${PRODUCT}`]: [json({ code: 'INVALID_REQUEST', errors: [{ field: '/name', message: '길어요' }] }, 422)] };
    const wrong = await saveDraft(opened({ name: '가' }));
    expect(wrong).toMatchObject({ kind: 'failed', open: false });
    expect(wrong.kind === 'failed' && wrong.failure instanceof ApiFailure && wrong.failure.fieldMessage('/name')).toBe('길어요');
  });
});

describe('a picture', () => {
  it.each([
    [4_000, 3_000, { x: 500, y: 0, size: 3_000, side: 1_280 }],
    [3_000, 4_001, { x: 0, y: 500, size: 3_000, side: 1_280 }],
    [600, 600, { x: 0, y: 0, size: 600, side: 600 }],
    [1, 9, { x: 0, y: 4, size: 1, side: 1 }],
  ])('of %i by %i is cut to its middle and never enlarged', (width, height, middle) => expect(middleOf(width, height)).toEqual(middle));
});
