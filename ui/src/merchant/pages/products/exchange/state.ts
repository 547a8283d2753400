import type { ImportReport } from '../../../../shared/api/types';

/** How far an import has come. */
export type State =
  | { kind: 'empty' }
  /** The server reads the file and changes nothing. */
  | { kind: 'looking'; file: File }
  | { kind: 'seen'; file: File; report: ImportReport }
  | { kind: 'taking'; file: File }
  | { kind: 'done'; report: ImportReport }
  /** look and take: the server did not do it; else the file is not even sent. */
  | { kind: 'failed'; file: File; partial: boolean; why: 'format' | 'size' | 'look' | 'take'; failure?: unknown };

/**
 * What a report leads to. A file that was whole when it was looked at and has bad rows
 * when it is taken has met a catalogue that changed: nothing was written, and it is seen anew.
 */
export function stateAfter(file: File, report: ImportReport, dry: boolean): State {
  return dry || !report.imported ? { kind: 'seen', file, report } : { kind: 'done', report };
}
