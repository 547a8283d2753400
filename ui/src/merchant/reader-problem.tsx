import type { JSX } from 'preact';
import type { CardReader } from '../shared/devices/reader';
import { Notice } from '../shared/design/parts';
import { t } from '../shared/i18n/i18n';

/** Why a reader is not connected; nothing while there is no trouble. */
export function Problem({ driver }: { driver: CardReader }): JSX.Element | null {
  const problem = driver.problem.value;
  if (!problem) return null;
  return (
    <Notice tone={problem === 'unpicked' ? 'plain' : 'bad'} icon={problem === 'unpicked' ? 'reader' : 'alert'}>
      {t().reader.problems[problem]}
    </Notice>
  );
}

/** Connects again: to the device it was where that can be, else the browser asks which. */
export function reconnect(driver: CardReader): void {
  const problem = driver.problem.value;
  void driver.connect(problem !== 'lost' && problem !== 'busy');
}

/** What a press of reconnect does, in words. */
export function reconnectWords(driver: CardReader): string {
  const m = t().reader;
  const problem = driver.problem.value;
  return problem === null || problem === 'unpicked' ? m.pick : m.reconnect;
}
