import type { TermsKind, TermsPublication, TermsVersion } from '../../api-office';

/** The next version of a document while it is written. */
export interface Draft {
  title: string;
  required: boolean;
  changes: string;
  body: string;
  effectiveFrom: string;
  /** When it was kept, in milliseconds since 1970; 0: never. */
  keptAt: number;
}

const place = (kind: TermsKind): string => `innopay.console.terms.${kind}`;

/** A draft that begins as the version that is there. */
export const draftFrom = (doc: TermsVersion | undefined, today: string): Draft => ({
  title: doc?.title ?? '',
  required: doc?.required ?? true,
  changes: '',
  body: doc?.body ?? '',
  effectiveFrom: today,
  keptAt: 0,
});

/** The draft that this browser keeps, or null. */
export function readDraft(kind: TermsKind): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place(kind)) ?? 'null') as Draft | null;
    return kept && typeof kept.body === 'string' && typeof kept.title === 'string' ? kept : null;
  } catch {
    return null;
  }
}

/** Keeps a draft, or with null forgets it. A document is written over days, and is public once it is published. */
export function keepDraft(kind: TermsKind, draft: Draft | null): void {
  try {
    if (draft) localStorage.setItem(place(kind), JSON.stringify(draft));
    else localStorage.removeItem(place(kind));
  } catch {
    // Without storage it is there while the page is open.
  }
}

/** What is sent of it. */
export const publicationOf = (kind: TermsKind, { title, required, changes, body, effectiveFrom }: Draft): TermsPublication => ({
  kind,
  title: title.trim(),
  required,
  body,
  effectiveFrom,
  ...(changes.trim() ? { changes: changes.trim() } : {}),
});
