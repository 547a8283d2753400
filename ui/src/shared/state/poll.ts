/** Waits, unless the signal ends first. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

/** Pauses between asks, in milliseconds: quick at first, then every five seconds. */
const PAUSES = [700, 1000, 1000, 1500, 2000, 3000, 5000];

/**
 * Asks again and again until an answer settles the matter, the signal ends or
 * limit asks were made. ask gives undefined to go on; what it throws means no answer
 * this time. Gives undefined when it ended without an answer.
 */
export async function pollUntil<T>(
  ask: () => Promise<T | undefined>,
  signal: AbortSignal,
  limit = Number.POSITIVE_INFINITY,
): Promise<T | undefined> {
  for (let turn = 0; turn < limit && !signal.aborted; turn++) {
    await wait(PAUSES[Math.min(turn, PAUSES.length - 1)] ?? 5000, signal);
    if (signal.aborted) return undefined;
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
