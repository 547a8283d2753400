import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approved, logIn, payWith } from '../support/acts';
import { journey } from '../support/world';

interface Payment {
  amount: number;
  taxFreeAmount: number;
  items: { name: string; unitPrice: number; quantity: number; taxFree?: boolean }[];
}

describe('chapter 9: products', () => {
  test(
    'chosen products are paid with their items and their tax-free part',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const { products } = await demo.api<{ products: { name: string; price: number; taxFree: boolean; soldOut: boolean }[] }>(merchant, '/v1/products?limit=200');
      const cheap = products.filter((product) => !product.soldOut).sort((a, b) => a.price - b.price);
      const taxed = cheap.find((product) => !product.taxFree);
      const free = cheap.find((product) => product.taxFree);
      assert.ok(taxed && free, 'the seed has both kinds');
      await logIn(page, merchant);
      await page.getByRole('link', { name: '상품조회' }).first().click();
      await page.getByRole('button', { name: `${taxed.name} 담기`, exact: true }).click();
      await page.getByRole('button', { name: `${taxed.name} 하나 더`, exact: true }).first().click();
      await page.getByRole('button', { name: `${free.name} 담기`, exact: true }).click();
      const won = taxed.price * 2 + free.price;
      await page.getByRole('button', { name: '결제방법 선택' }).click();
      await page.getByRole('link', { name: /원 카드결제$/ }).click();
      await page.getByText(`${taxed.name} 외 1건`).waitFor();
      await payWith(page, won, demo.card('APPROVE'));
      const payment = await demo.api<Payment>(merchant, `/v1/payments/${await approved(page)}`);
      assert.equal(payment.amount, won);
      assert.equal(payment.taxFreeAmount, free.price);
      assert.deepEqual(
        payment.items.map((item) => [item.name, item.quantity]),
        [
          [taxed.name, 2],
          [free.name, 1],
        ],
      );
      await page.goto('/app/products');
      await page.getByRole('button', { name: `${taxed.name} 담기`, exact: true }).waitFor();
    }),
  );
});
