import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Chips, Field } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { reader, type ReadCard } from '../../../shared/devices/reader';
import { t } from '../../../shared/i18n/i18n';
import { Problem } from '../../reader-problem';
import { Plate } from './plate';
import type { SwipeProps } from './swipe';

/** The card that was read, masked, and the question why its chip was not used. */
export function CardRead({ swiped, chipFirst, reason, reasons, numbered, onReason, onAgain }: SwipeProps & { swiped: ReadCard }): JSX.Element {
  const m = t().reader;
  const heading = useRef<HTMLHeadingElement>(null);
  const driver = reader.value;
  const { chip } = swiped;
  useEffect(() => heading.current?.focus({ preventScroll: true }), [swiped.track2]);
  return (
    <section class="stack">
      <Plate masked={swiped.masked} chip={chip} heading={heading}>
        <button type="button" class="chip" onClick={onAgain}>
          {m.again}
        </button>
      </Plate>
      {/* The card is here all the same, and is paid with. */}
      {driver?.state.value === 'failed' && <Problem driver={driver} />}
      {chip !== false && (
        <Notice tone={chip ? 'warn' : 'plain'} icon="alert">
          <p>{chip === null ? m.chipHidden : chipFirst === 'REFUSE' ? m.chipOnly : m.chipFirst}</p>
        </Notice>
      )}
      <div class="field">
        <span class="field-label">{m.reason}</span>
        <Chips
          wrap
          label={m.reason}
          options={reasons.map((kind) => ({ value: kind, text: m.reasons[kind] }))}
          value={reason.kind as 'unread'}
          onChange={(kind) => onReason({ ...reason, kind })}
        />
      </div>
      {reason.kind === 'other' && reasons.includes('other') && (
        <Field label={m.reasonText} hint={m.reasonHint} bad={numbered ? m.reasonDigits : ''} value={reason.text} onInput={(text) => onReason({ ...reason, text })} maxLength={100} autoFocus />
      )}
    </section>
  );
}
