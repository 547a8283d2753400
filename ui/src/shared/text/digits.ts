/** Only the digits of a text, at most max of them; full-width digits count. */
export function digitsOf(text: string, max: number): string {
  return text.normalize('NFKC').replace(/\D/g, '').slice(0, max);
}

/** A card number as it is printed: 4-4-4-4, or 4-6-5 for the 15-digit kind that starts with 34 or 37. */
export function groupCard(digits: string): string {
  if (/^3[47]/.test(digits) && digits.length <= 15) {
    return [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10)].filter(Boolean).join(' ');
  }
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
}

/** Digits of an expiry while it is typed: a first digit above 1 can only be a month of one digit. */
export function expiryDigits(text: string): string {
  const digits = digitsOf(text, 4);
  return /^[2-9]/.test(digits) ? `0${digits}`.slice(0, 4) : digits;
}

/** MM/YY. */
export function groupExpiry(digits: string): string {
  return digits.length > 2 ? `${digits.slice(0, 2)}/${digits.slice(2)}` : digits;
}

/** Whether MM is a month. A month in the past is for the issuer to judge. */
export function isExpiry(digits: string): boolean {
  const month = Number(digits.slice(0, 2));
  return digits.length === 4 && month >= 1 && month <= 12;
}

/** Check digit of ISO/IEC 7812-1. A miss is a hint to look again, not a refusal: the acquirer's table decides. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i]);
    if (i % 2 === 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** 010-1234-5678, also while it is typed; 1600-0000, which has no area. */
export function groupPhone(digits: string): string {
  if (/^1\d{7}$/.test(digits)) return `${digits.slice(0, 4)}-${digits.slice(4)}`;
  const area = digits.startsWith('02') ? 2 : 3;
  if (digits.length <= area) return digits;
  const tail = digits.length - area > 7 ? 4 : 3;
  const parts = [digits.slice(0, area), digits.slice(area, area + tail), digits.slice(area + tail)];
  return parts.filter(Boolean).join('-');
}

/** 000-00-00000. */
export function groupBusinessNumber(digits: string): string {
  return [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)].filter(Boolean).join('-');
}

/** A masked card number in fours: 4111 11** **** 1111. */
export function groupMasked(masked: string): string {
  return masked.replace(/(.{4})(?=.)/g, '$1 ');
}

/** Digits of a card as people write them: 13 to 19 of them with a sign between at most. The server looks closer. */
const CARD = /(?:\d[ .-]?){13,19}/g;

/** Whether a text holds what looks like a card number: its check digit is right. */
export function looksLikeCard(text: string): boolean {
  return (text.match(CARD) ?? []).some((found) => {
    const digits = found.replace(/\D/g, '');
    return luhn(digits) && /^[34569]/.test(digits);
  });
}
