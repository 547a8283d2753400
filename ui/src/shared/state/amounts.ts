/** The amounts last taken on this device; amounts alone tell of nobody. */
const STORE = 'innopay.amounts';
const MOST = 3;

/** The last amounts, newest first. */
export function recentAmounts(): number[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept.filter((won): won is number => Number.isSafeInteger(won) && won > 0).slice(0, MOST);
  } catch {
    return [];
  }
}

/** Remembers an amount that was paid. */
export function rememberAmount(won: number): void {
  const amounts = [won, ...recentAmounts().filter((each) => each !== won)].slice(0, MOST);
  try {
    localStorage.setItem(STORE, JSON.stringify(amounts));
  } catch {
    // Without storage nothing is remembered.
  }
}

/** Forgets them: whoever logs out leaves nothing of the day behind. */
export function forgetAmounts(): void {
  try {
    localStorage.removeItem(STORE);
  } catch {
    // Nothing was kept either.
  }
}
