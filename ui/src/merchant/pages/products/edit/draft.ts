import { signal } from '@preact/signals';
import type { Product } from '../../../../shared/api/types';
import { sameForm, type Form } from './form';

/** What becomes of the picture when the form is saved. */
export type Photo = { kind: 'kept' } | { kind: 'gone' } | { kind: 'new'; file: Blob };

/** A form that is being written. */
export interface Draft {
  /** The product as it was when the form was opened or last saved; absent: none yet. */
  base?: Product;
  /** The form as it began. */
  begun: Form;
  form: Form;
  photo: Photo;
}

/** Forms that were left unsaved, by product; empty id: a new one. They live as long as the page's memory. */
const left = new Map<string, Draft>();

/** The form that is open. */
export const draft = signal<Draft | null>(null);

/** Whether something in the form is not saved. */
export function isDirty({ form, begun, photo }: Draft): boolean {
  return photo.kind !== 'kept' || !sameForm(form, begun);
}

/** Opens a form, as it was left when it was left unsaved. Gives whether it was. */
export function openDraft(id: string, fresh: Draft): boolean {
  const found = left.get(id);
  draft.value = found ?? fresh;
  return found !== undefined;
}

/** Keeps an unsaved form for when its page is opened again. */
export function leaveDraft(id: string): void {
  if (draft.value && isDirty(draft.value)) left.set(id, draft.value);
  else left.delete(id);
  draft.value = null;
}

/** What was left unsaved has been saved after all. */
export function forgetDraft(id: string): void {
  left.delete(id);
}

/** Begins anew. */
export function resetDraft(id: string, fresh: Draft): void {
  left.delete(id);
  draft.value = fresh;
}

export function edit(change: Partial<Form>): void {
  if (draft.value) draft.value = { ...draft.value, form: { ...draft.value.form, ...change } };
}

export function setPhoto(photo: Photo): void {
  if (draft.value) draft.value = { ...draft.value, photo };
}
