/** A number from 0 below a limit of at most 256, each equally likely. */
export type Draw = (below: number) => number;

const BYTE = 256;

/** Draws from the machine's randomness; bytes that would favour small numbers are drawn again. */
export const draw: Draw = (below) => {
  const byte = new Uint8Array(1);
  const fair = BYTE - (BYTE % below);
  do crypto.getRandomValues(byte);
  while ((byte[0] ?? 0) >= fair);
  return (byte[0] ?? 0) % below;
};

/** The numbers below n in random order (Fisher and Yates). */
export function shuffled(n: number, pick: Draw = draw): number[] {
  const all = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = pick(i + 1);
    [all[i], all[j]] = [all[j] as number, all[i] as number];
  }
  return all;
}

/** Places for things that keep their order among so many cells, with gaps at random. */
export function gapped(things: number, cells: number, pick: Draw = draw): number[] {
  return shuffled(cells, pick)
    .slice(0, things)
    .sort((a, b) => a - b);
}
