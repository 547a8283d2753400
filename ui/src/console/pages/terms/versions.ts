import type { TermsKind, TermsVersion } from '../../api-office';

export const KINDS: readonly TermsKind[] = ['SERVICE', 'PRIVACY', 'FINANCE', 'MARKETING'];

/** A kind as an address names it, in any case; null for none. */
export function kindOf(text: string): TermsKind | null {
  return KINDS.find((kind) => kind === text.toUpperCase()) ?? null;
}

/** A version, as the address writes it. */
export const keyOf = ({ kind, version }: Pick<TermsVersion, 'kind' | 'version'>): string => `${kind}/${version}`;

/** What an address names, or null when it names nothing. */
export function readVersion(text: string): { kind: TermsKind; version: number } | null {
  const [name = '', number = '', rest] = text.split('/');
  const kind = kindOf(name);
  return kind && /^[1-9]\d{0,4}$/.test(number) && rest === undefined ? { kind, version: Number(number) } : null;
}

/** Where two versions stand beside each other. */
export const diffAddress = (kind: TermsKind, from: number, to: number): string => `/terms/${kind.toLowerCase()}/diff?from=${from}&to=${to}`;

/** Where the next version of a kind is written. */
export const newAddress = (kind: TermsKind): string => `/terms/new?kind=${kind.toLowerCase()}`;

/** How many people have not agreed to a version. */
export const mustAgree = ({ people = 0, agreed = 0 }: Pick<TermsVersion, 'people' | 'agreed'>): number => Math.max(0, people - agreed);
