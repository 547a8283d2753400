import type { Page } from 'playwright-core';
import type { Demo } from './demo';
import { withGoods } from './goods';
import type { Visit } from './tour';

const TABLE = ['상품명,가격,바코드,재고,색깔', '시험 주스,4500,2000000600010,10,빨강', '시험 식초,공짜,,3,', '시험 소금,3000,가나다,-5,'].join('\n');

/** The owner's side of the products, and what the staff may do. */
export async function goodsTour(page: Page, demo: Demo, visit: Visit): Promise<void> {
  const merchant = demo.merchant('MIXED');
  const own = [{ name: '시험 사과즙 한 상자', price: 23_900, barcode: '2000000600027', stock: 3, favourite: true, taxFree: true }];
  await withGoods(demo, merchant, own, async ([made]) => {
    await page.goto('/app/products/manage');
    await page.locator('.goods-row').first().waitFor();
    await visit('goods');
    await page.goto('/app/products/manage?mode=order');
    await page.locator('.sortable-row').first().waitFor();
    await visit('goods-order');
    await categories(page, visit);
    await form(page, visit);
    await page.goto(`/app/products/${made?.id}/edit`);
    await page.getByRole('textbox', { name: '남은 수량' }).waitFor();
    await page.getByRole('textbox', { name: '가격' }).fill('24000');
    await demo.put(merchant, `/v1/products/${made?.id}`, { ...own[0], price: 25_000, sort: 900_000, version: made?.version });
    await page.getByRole('button', { name: '저장' }).click();
    await page.getByRole('dialog', { name: '다른 곳에서 먼저 바꿨어요' }).waitFor();
    await visit('goods-clash');
    await page.keyboard.press('Escape');
    await visit('goods-edit');
  });
  await spreadsheet(page, visit);
  await camera(page, visit);
  await page.goto('/app/settings/staff');
  await page.getByRole('switch').first().waitFor();
  await visit('staff');
  await page.getByRole('button', { name: /취소 한도/ }).first().click();
  await visit('staff-limit-sheet');
  await page.keyboard.press('Escape');
}

async function categories(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/products/categories');
  await page.locator('.sortable-row').first().waitFor();
  await visit('categories');
  await page.getByRole('button', { name: /이름 바꾸기$/ }).first().click();
  await visit('category-sheet');
  await page.keyboard.press('Escape');
}

async function form(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/products/new');
  await page.getByRole('button', { name: '상품 추가' }).waitFor();
  await visit('goods-new');
  await page.getByRole('textbox', { name: '바코드' }).fill('2000000600027');
  await page.getByRole('switch', { name: '재고 세기' }).click();
  await page.getByRole('button', { name: '상품 추가' }).click();
  await page.getByRole('link', { name: /보기$/ }).waitFor();
  await visit('goods-new-wrong');
  await page.getByRole('button', { name: /^분류/ }).click();
  await visit('goods-category-sheet');
  await page.keyboard.press('Escape');
}

async function spreadsheet(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/products/import');
  await page.getByRole('link', { name: '빈 양식 내려받기' }).waitFor();
  await visit('import');
  await page.locator('input[type=file]').setInputFiles({ name: '상품 목록.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
  await page.getByRole('heading', { name: '이렇게 고쳐 주세요' }).waitFor();
  await visit('import-bad');
}

/** Without a camera: why, and the way on. */
async function camera(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/products');
  await page.getByRole('button', { name: '카메라로 바코드 찍기' }).click();
  await page.getByText('카메라를 찾지 못했어요', { exact: false }).waitFor();
  await visit('camera-none');
  await page.keyboard.press('Escape');
}

/** The cart put aside, and the question when another one is there already; empty at the end. */
export async function heldTour(page: Page, visit: Visit): Promise<void> {
  await page.getByRole('button', { name: '보류', exact: true }).click();
  await visit('hold-sheet');
  await page.getByRole('dialog').getByLabel('이름').fill('3번 테이블');
  await page.getByRole('button', { name: '보류하기' }).click();
  await page.getByRole('heading', { name: '장바구니가 비어 있어요' }).waitFor();
  await visit('cart-empty-held');
  await page.goto('/app/products');
  await page.getByRole('button', { name: /담기$/ }).first().click();
  await page.goto('/app/cart');
  await page.getByRole('button', { name: '3번 테이블 불러오기' }).click();
  await visit('recall-sheet');
  await page.getByRole('dialog').getByRole('button', { name: /^합치기/ }).click();
  await page.getByText('할인 −500원').waitFor();
}
