/**
 * Korean won and the split of an amount into its tax parts. The same rules, in the
 * same order, as package money of the server: integers only.
 */

/** The largest amount of one payment. */
export const MAX_AMOUNT = 9_999_999_999;

export type Rounding = 'NEAREST' | 'FLOOR';
export type TaxType = 'TAXABLE' | 'TAX_FREE' | 'MIXED';

/** An amount in its parts: amount = supplied + vat + taxFree + serviceFee. */
export interface Split {
  amount: number;
  supplied: number;
  vat: number;
  taxFree: number;
  serviceFee: number;
}

/** The value added tax contained in a taxable sum: sum/11, rounded. */
export function vatOf(taxable: number, rounding: Rounding): number {
  if (rounding === 'FLOOR') return Math.floor(taxable / 11);
  return Math.floor((2 * taxable + 11) / 22);
}

/** Splits amount, or gives null when the parts are out of range. */
export function splitOf(amount: number, taxFree: number, serviceFee: number, rounding: Rounding): Split | null {
  if (amount < 1 || amount > MAX_AMOUNT || taxFree < 0 || serviceFee < 0 || taxFree + serviceFee > amount) return null;
  const taxable = amount - taxFree - serviceFee;
  const vat = vatOf(taxable, rounding);
  return { amount, supplied: taxable - vat, vat, taxFree, serviceFee };
}

/** The tax-free part an amount must name for a merchant of the tax type. */
export function taxFreeFor(taxType: TaxType, amount: number, chosen: number): number {
  switch (taxType) {
    case 'TAXABLE':
      return 0;
    case 'TAX_FREE':
      return amount;
    case 'MIXED':
      return Math.min(chosen, amount);
  }
}

/** 1,234,567: grouped by thousands, without the unit. */
export function grouped(won: number): string {
  const digits = String(Math.abs(won)).replace(/\B(?=(\d{3})+$)/g, ',');
  return won < 0 ? `-${digits}` : digits;
}

/** 1,234,567원. */
export function wonText(won: number): string {
  return `${grouped(won)}원`;
}

/** The number in what a person typed or pasted: digits only, never above MAX_AMOUNT. */
export function parseWon(text: string): number {
  const digits = text.replace(/\D/g, '').slice(0, 10);
  return digits === '' ? 0 : Number(digits);
}
