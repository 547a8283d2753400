import { merchants } from '../../../shared/api/api';
import type { Settings } from '../../../shared/api/types';

let latest: Settings | null = null;

/** The shop's settings as they are now; also kept for the result that follows. */
export async function loadSettings(): Promise<Settings> {
  latest = await merchants.settings();
  return latest;
}

/** The settings of the sale just made, or fresh ones. */
export function saleSettings(): Promise<Settings> {
  return latest ? Promise.resolve(latest) : loadSettings();
}
