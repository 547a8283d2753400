import type { Demo, DemoMerchant } from './demo';

/** A product as the merchant's own system sees it. */
export interface Product {
  id: string;
  name: string;
  price: number;
  taxFree: boolean;
  categoryId?: string;
  barcode?: string;
  stock?: number;
  soldOut: boolean;
  favourite: boolean;
  sort: number;
  version: number;
  picture?: { small: string; large: string };
}

export interface Category {
  id: string;
  name: string;
  sort: number;
  version: number;
}

/** Everything a shop sells, in the order of its screen. */
export async function productsOf(demo: Demo, merchant: DemoMerchant): Promise<Product[]> {
  return (await demo.api<{ products: Product[] }>(merchant, '/v1/products?limit=200')).products;
}

export async function categoriesOf(demo: Demo, merchant: DemoMerchant): Promise<Category[]> {
  return (await demo.api<{ categories: Category[] }>(merchant, '/v1/categories')).categories;
}

/** The product of a name; undefined when there is none. */
export async function productNamed(demo: Demo, merchant: DemoMerchant, name: string): Promise<Product | undefined> {
  return (await productsOf(demo, merchant)).find((product) => product.name === name);
}

/** Runs a walk among products and categories of its own, which are gone afterwards with all that it added. */
export async function withGoods(demo: Demo, merchant: DemoMerchant, own: { name: string; price: number; [more: string]: unknown }[], walk: (made: Product[]) => Promise<void>): Promise<void> {
  const before = new Set([...(await productsOf(demo, merchant)), ...(await categoriesOf(demo, merchant))].map(({ id }) => id));
  const taxFree = merchant.taxType === 'TAX_FREE';
  try {
    const made: Product[] = [];
    for (const [at, product] of own.entries()) made.push(await demo.api<Product>(merchant, '/v1/products', { taxFree, sort: 900_000 + at, ...product }));
    await walk(made);
  } finally {
    for (const { id, version } of await productsOf(demo, merchant)) if (!before.has(id)) await demo.remove(merchant, `/v1/products/${id}?version=${version}`);
    for (const { id, version } of await categoriesOf(demo, merchant)) if (!before.has(id)) await demo.remove(merchant, `/v1/categories/${id}?version=${version}`);
  }
}
