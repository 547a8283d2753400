import { signal } from '@preact/signals';
import { merchants } from '../shared/api/api';
import type { StaffMember } from '../shared/api/types';

/** The people of the shop, once fetched; empty before. */
export const staff = signal<readonly StaffMember[]>([]);

/** Reads the people anew. Without an answer nobody is named, and everything else goes on. */
export function loadStaff(): void {
  merchants.staff().then(
    (people) => (staff.value = people),
    () => undefined,
  );
}

/** Who took a payment: a person's name, or that it was a system; undefined while nobody knows. */
export function staffName(id: string | undefined): string | undefined {
  if (id?.startsWith('key_')) return 'API';
  return staff.value.find((person) => person.id === id)?.name;
}
