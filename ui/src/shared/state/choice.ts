/**
 * Choices of this device that hold no data of people or payments (theme, language).
 * A browser that forbids storage simply forgets them.
 */
export function readChoice<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
  try {
    const value = localStorage.getItem(key);
    return allowed.find((choice) => choice === value) ?? fallback;
  } catch {
    return fallback;
  }
}

export function writeChoice(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private mode or full: the choice lasts until the page is closed.
  }
}

/** What was kept under a key, whatever it is; empty when nothing was. */
export function readWord(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}
