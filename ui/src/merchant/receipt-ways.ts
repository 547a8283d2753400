import type { SendChannel } from '../shared/api/receipts';
import type { CashReceipt } from '../shared/api/cash';
import type { Merchant, Payment } from '../shared/api/types';
import type { Locale } from '../shared/i18n/i18n';
import { isMobile } from '../shared/text/mask';

/** How a receipt is given away: by the server, by the device, or as a file. */
export type Way = SendChannel | 'TALK' | 'SHARE' | 'COPY' | 'QR' | 'FILE';

/** A payment, or a cash receipt by itself, as far as its receipt is given away. */
export type Given = Pick<Payment, 'id' | 'orderName' | 'receiptUrl' | 'buyer'> & {
  /** The end of the number that the server knows and sends to when none is typed. */
  known?: string;
};

/** A cash receipt as it is given away: one for a mobile number goes there. */
export function givenOf(receipt: CashReceipt): Given {
  const { id, orderName, receiptUrl, type, maskedIdentifier } = receipt;
  const known = type === 'INCOME_DEDUCTION' && maskedIdentifier.length <= 11 ? { known: maskedIdentifier.slice(-4) } : {};
  return { id, orderName, ...(receiptUrl ? { receiptUrl } : {}), ...known };
}

/** The ways that this installation has, in the order in which they stand. */
export function waysOf(offers: Pick<Merchant, 'email' | 'kakao' | 'kakaoShare'> | undefined): readonly Way[] {
  const ours: readonly Way[] = ['SMS', ...(offers?.email ? (['EMAIL'] as const) : []), ...(offers?.kakao ? (['KAKAO'] as const) : [])];
  return [...ours, ...(offers?.kakaoShare ? (['TALK'] as const) : []), 'SHARE', 'COPY', 'QR', 'FILE'];
}

/** Whether the server sends it. */
export const isSent = (way: Way): way is SendChannel => way === 'SMS' || way === 'EMAIL' || way === 'KAKAO';

/** What the field of a way begins with: the buyer's, where it is not masked. */
export function recipientOf(way: SendChannel, buyer: Given['buyer']): string {
  const known = (way === 'EMAIL' ? buyer?.email : buyer?.phone) ?? '';
  return known.includes('*') ? '' : known;
}

/** Whether something can be sent there; the server looks again. */
export function isWhole(way: SendChannel, to: string): boolean {
  return way === 'EMAIL' ? /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(to.trim()) : isMobile(to);
}

/** The receipt's address in a language. */
export const linkIn = (url: string, language: Locale): string => (language === 'en' ? `${url}?lang=en` : url);

/** The page that shares the receipt's link by KakaoTalk. */
export const talkAt = (url: string, language: Locale): string => `${url}/kakao?lang=${language}`;

/** The receipt as a file. */
export function fileAt(url: string, file: 'a4' | 'roll' | 'png', language: Locale): string {
  return file === 'png' ? `${url}/receipt.png?lang=${language}` : `${url}/receipt.pdf?lang=${language}&size=${file === 'a4' ? 'a4' : '80'}`;
}
