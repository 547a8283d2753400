import type { JSX } from 'preact';
import { Icon } from '../../../shared/design/icons';
import { t } from '../../../shared/i18n/i18n';
import { batteryTone } from '../../reader';

const RADIUS = 40;
const AROUND = 2 * Math.PI * RADIUS;

/** A battery as a ring with its percent inside and its meaning below; null where the reader does not tell. */
export function Ring({ percent }: { percent: number | null }): JSX.Element {
  const m = t().reader;
  const tone = batteryTone(percent);
  return (
    <div class={`ring ring-${tone}`}>
      <div class="ring-face">
        <svg viewBox="0 0 96 96" fill="none" aria-hidden="true" focusable="false">
          <circle class="ring-track" cx="48" cy="48" r={RADIUS} />
          {percent !== null && <circle class="ring-fill" cx="48" cy="48" r={RADIUS} stroke-dasharray={`${(AROUND * percent) / 100} ${AROUND}`} transform="rotate(-90 48 48)" />}
        </svg>
        <span class="ring-number" aria-hidden="true">
          {percent === null ? '?' : `${percent}%`}
        </span>
      </div>
      <span class={percent === null ? 'ring-name' : 'unseen'}>{percent === null ? m.batteryName : m.battery(percent)}</span>
      <span class="ring-word">
        {(tone === 'warn' || tone === 'bad') && <Icon name="alert" size={16} />}
        {m.batteryNow[tone]}
      </span>
    </div>
  );
}
