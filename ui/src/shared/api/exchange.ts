import { client, take } from './client';
import type { ImportReport } from './types';

export type FileFormat = 'xlsx' | 'csv';

/** The format a file's name tells of; null for any other. */
export function formatOf(name: string): FileFormat | null {
  const end = /\.(xlsx|csv)$/i.exec(name)?.[1]?.toLowerCase();
  return (end as FileFormat | undefined) ?? null;
}

/** What is a table to the file chooser, as of the attribute accept. */
export const TABLES = '.xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The catalogue as a file. */
export const exchange = {
  /** The largest file the server reads, in bytes. */
  MAX_FILE: 5 * 1024 * 1024,
  exportAddress: (format: FileFormat): string => `/v1/products/export?format=${format}`,
  /** The headings alone, to be filled in. */
  templateAddress: '/v1/products/export?format=xlsx&template=true',
  /** dryRun: nothing changes; partial: the good rows are taken although others are bad. */
  send: (file: Blob, query: { format: FileFormat; dryRun: boolean; partial: boolean }): Promise<ImportReport> =>
    take(client.POST('/v1/products/import', { params: { query }, body: file as unknown as string, bodySerializer: (body) => body, headers: { 'Content-Type': 'application/octet-stream' } })),
};
