import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ImportReport } from '../../../../shared/api/types';
import { Button } from '../../../../shared/design/controls';
import { Notice } from '../../../../shared/design/parts';
import { t } from '../../../../shared/i18n/i18n';
import { grouped } from '../../../../shared/money/money';

/** So many are shown before somebody asks for all. */
const FIRST = 10;

/** What is wrong with a file, row by row: where it is, what stands there and what to do. */
export function BadRows({ report }: { report: ImportReport }): JSX.Element | null {
  const m = t().exchange;
  const { errors, errorCount } = report;
  const ignored = report.ignored ?? [];
  const [all, setAll] = useState(false);
  const shown = all ? errors : errors.slice(0, FIRST);
  return (
    <>
      {ignored.length > 0 && (
        <Notice tone="plain" icon="alert">
          {m.ignored(ignored.join(', '))}
        </Notice>
      )}
      {errorCount > 0 && (
        <section class="bad-rows" aria-labelledby="bad-title">
          <h2 id="bad-title">{m.badTitle}</h2>
          <ol>
            {shown.map((each, at) => (
              <li key={at}>
                <span class="bad-row">{m.row(grouped(each.row))}</span>
                <span class="bad-what">
                  <strong>{each.column ? m.columns[each.column] : m.wholeRow}</strong>
                  {each.value && <q>{each.value}</q>}
                  <span>{each.message}</span>
                </span>
              </li>
            ))}
          </ol>
          {!all && errors.length > FIRST && (
            <Button kind="soft" wide onPress={() => setAll(true)}>
              {m.showAll(errors.length - FIRST)}
            </Button>
          )}
          {errorCount > errors.length && <p class="field-hint">{m.cut(errorCount - errors.length)}</p>}
        </section>
      )}
    </>
  );
}
