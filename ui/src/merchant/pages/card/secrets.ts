import { isExpiry } from '../../../shared/text/digits';
import type { Merchant } from '../../../shared/api/types';

/**
 * What is keyed in from the card, digits only. Lives in the page's state from the
 * first key to the final answer, and nowhere else.
 */
export interface Secrets {
  number: string;
  /** MMYY. */
  expiry: string;
  /** Birth date (6) or business number (10). */
  identity: string;
  /** First two digits of the card's password. */
  password: string;
}

export const NO_SECRETS: Secrets = { number: '', expiry: '', identity: '', password: '' };

export type Level = Merchant['authenticationLevel'];

export const asksIdentity = (level: Level): boolean => level !== 'NONE';
export const asksPassword = (level: Level): boolean => level === 'FULL';

/** The fields that are not complete for a merchant's authentication level. */
export function missing(secrets: Secrets, level: Level): (keyof Secrets)[] {
  const fields: (keyof Secrets)[] = [];
  if (secrets.number.length < 13) fields.push('number');
  if (!isExpiry(secrets.expiry)) fields.push('expiry');
  if (asksIdentity(level) && secrets.identity.length !== 6 && secrets.identity.length !== 10) fields.push('identity');
  if (asksPassword(level) && secrets.password.length !== 2) fields.push('password');
  return fields;
}
