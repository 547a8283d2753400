/** One wrong value of a request; field is a JSON pointer such as /card/number. */
export interface FieldFailure {
  field: string;
  code: string;
  message: string;
}

/** The server's answer that something is wrong (application/problem+json). */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  /** Stable, UPPER_SNAKE; empty when the answer was not ours (a proxy's page). */
  readonly code: string;
  readonly traceId: string;
  readonly retryable: boolean;
  readonly fields: readonly FieldFailure[];
  /** Seconds after which a new try makes sense; 0 when unknown. */
  readonly retryAfter: number;
  /** Further members of the answer, such as triesLeft and paymentId. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, body: unknown, retryAfter: number) {
    const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    super(text(problem['message']));
    this.status = status;
    this.code = text(problem['code']);
    this.traceId = text(problem['traceId']);
    this.retryable = problem['retryable'] === true;
    this.fields = Array.isArray(problem['errors']) ? (problem['errors'] as FieldFailure[]) : [];
    this.retryAfter = retryAfter;
    this.details = problem;
  }

  /** The sentence for one field, or an empty text. */
  fieldMessage(pointer: string): string {
    return this.fields.find((f) => f.field === pointer)?.message ?? '';
  }

  /** A number among the further members, such as triesLeft; null when absent. */
  detailNumber(name: string): number | null {
    const value = this.details[name];
    if (typeof value === 'number') return value;
    return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
  }
}

/** No answer arrived: offline, connection lost or time-out. What the server did is not known. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Whether a failed money request may have reached the core: then what became of it must
 * be asked. Answers of the 4xx kind and 503 say that nothing was sent, except those
 * that speak of an earlier request under the same key.
 */
export function outcomeOpen(failure: unknown): boolean {
  if (!(failure instanceof ApiFailure)) return true;
  if (failure.code === 'IN_PROGRESS' || failure.code === 'IDEMPOTENCY_KEY_REUSED') return true;
  return failure.status === 408 || failure.status >= 500 && failure.status !== 503;
}
