import { groupPhone } from './digits';

/** A name as a screen at the counter shows it: 홍*동, 김*; what is masked already stays. */
export function maskName(name: string): string {
  const letters = [...name.trim()];
  if (letters.length < 2 || letters.includes('*')) return letters.join('');
  if (letters.length === 2) return `${letters[0]}*`;
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`;
}

/** A mobile number of which the seller can tell whether it is the right one: 010-12**-5678. */
export function maskPhone(phone: string): string {
  if (phone.includes('*')) return phone;
  const parts = groupPhone(phone).split('-');
  const middle = parts[1];
  if (parts.length !== 3 || middle === undefined) return groupPhone(phone);
  return [parts[0], middle.slice(0, -2) + '**', parts[2]].join('-');
}

/** Whether a number can get a text: 010 with eight digits, or an older 01x. */
export function isMobile(digits: string): boolean {
  return /^(010\d{8}|01[16789]\d{7,8})$/.test(digits);
}
