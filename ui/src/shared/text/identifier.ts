import { digitsOf } from './digits';
import { isMobile } from './mask';

/** What a cash receipt is for, where somebody names themselves. */
export type Named = 'INCOME_DEDUCTION' | 'EXPENSE_PROOF';

/** Why an identifier cannot be used. The server judges again, and payment cards besides. */
export type IdentifierFault = 'missing' | 'letters' | 'resident' | 'business' | 'person' | 'company';

const WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5];

/** Whether ten digits are a business number by their check digit. */
export function isBusinessNumber(digits: string): boolean {
  if (!/^\d{10}$/.test(digits)) return false;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0) + Math.floor((5 * Number(digits[8])) / 10);
  return (10 - (sum % 10)) % 10 === Number(digits[9]);
}

/** Whether thirteen digits begin with a day of birth. Such numbers are never taken. */
function isResidentNumber(digits: string): boolean {
  if (digits.length !== 13) return false;
  const [year, month, date] = [2000 + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4, 6))];
  const day = new Date(Date.UTC(year, month - 1, date));
  return day.getUTCMonth() === month - 1 && day.getUTCDate() === date;
}

/** The digits of what was typed or pasted. */
export function identifierDigits(text: string): string {
  return digitsOf(text, 19);
}

/** What is wrong with an identifier, by the same rules as the server; null when nothing is. */
export function identifierFault(kind: Named, typed: string): IdentifierFault | null {
  const digits = typed.normalize('NFKC').replace(/[-\s]/g, '');
  if (digits === '') return 'missing';
  if (!/^\d+$/.test(digits)) return 'letters';
  if (isResidentNumber(digits)) return 'resident';
  if (isMobile(digits)) return null;
  if (kind === 'EXPENSE_PROOF' && digits.length === 10) return isBusinessNumber(digits) ? null : 'business';
  if (digits.length >= 13 && digits.length <= 19) return null;
  return kind === 'EXPENSE_PROOF' ? 'company' : 'person';
}
