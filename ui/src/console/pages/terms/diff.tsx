import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import type { TermsLine } from '../../api-office';
import { count, folded, parted } from './folded';
import './terms.css';

const NAMES = { SAME: '', ADDED: 'is-added', REMOVED: 'is-removed', CHANGED: 'is-changed' } as const;

/** What changed between two texts, line by line; each says in words whether it came or went. */
export function Diff({ lines: found }: { lines: readonly TermsLine[] }): JSX.Element {
  const lines = parted(found);
  const [all, setAll] = useState(false);
  const m = c().termsDiff;
  const counts = (['ADDED', 'REMOVED', 'CHANGED'] as const).map((op) => count(lines, op)) as [number, number, number];
  if (counts.every((n) => n === 0)) {
    return (
      <Notice tone="plain" icon="check">
        <p>{m.equal}</p>
      </Notice>
    );
  }
  const shown = all ? lines.map((line) => ({ line })) : folded(lines);
  return (
    <>
      <div class="write-head">
        <p class="desk-note">{m.summary(...counts)}</p>
        {!all && shown.some((each) => 'skipped' in each) && (
          <Button kind="text" onPress={() => setAll(true)}>
            {m.showAll}
          </Button>
        )}
      </div>
      <div class="terms-diff">
        {shown.map((each, at) =>
          'line' in each ? (
            <Line key={at} line={each.line} />
          ) : (
            <div key={at} class="diff-skip">
              {m.skipped(each.skipped)}
            </div>
          ),
        )}
      </div>
    </>
  );
}

function Line({ line }: { line: TermsLine }): JSX.Element {
  const m = c().termsDiff;
  return (
    <div class={`diff-line ${NAMES[line.op]}`}>
      <span class="diff-op">{line.op === 'SAME' ? '' : m.ops[line.op]}</span>
      <div class="diff-text">
        {line.op === 'ADDED' && <ins>{line.text}</ins>}
        {line.op === 'REMOVED' && <del>{line.text}</del>}
        {line.op === 'SAME' && line.text}
        {line.words?.map((word, at) =>
          word.op === 'SAME' ? (
            word.text
          ) : word.op === 'ADDED' ? (
            <ins key={at}>
              <Unseen text={m.start} />
              {word.text}
              <Unseen text={m.end} />
            </ins>
          ) : (
            <del key={at}>
              <Unseen text={m.gone} />
              {word.text}
              <Unseen text={m.end} />
            </del>
          ),
        )}
      </div>
    </div>
  );
}

/** Says to those who hear it what others see. */
const Unseen = ({ text }: { text: string }): JSX.Element => <span class="unseen">{` ${text} `}</span>;
