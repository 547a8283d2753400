import type { JSX } from 'preact';
import { Badge, type Tone } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import type { Attempt } from '../../api';
import { Id, Part, When, Won } from '../../parts';

const TONES: Record<Attempt['status'], Tone> = { SENDING: 'accent', APPROVED: 'ok', DECLINED: 'bad', UNKNOWN: 'warn', NOT_SENT: 'plain', REVERSED: 'plain', ABSENT: 'plain' };

/** The messages to the acquirer, in their order; no part of a card is in them. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }): JSX.Element | null {
  const m = c().attempts;
  if (attempts.length === 0) return null;
  return (
    <Part title={m.title}>
      <ol class="messages">
        {attempts.map((each) => (
          <li key={each.id}>
            <div class="messages-head">
              <strong>{m.kinds[each.kind]}</strong>
              <Badge tone={TONES[each.status]}>{m.statuses[each.status]}</Badge>
              <Won won={each.amount} />
              <When at={each.transmittedAt} />
            </div>
            <div class="messages-facts">
              <Id short>{each.id}</Id>
              <span>
                {each.terminalId} / {String(each.stan).padStart(6, '0')}
              </span>
              {each.responseCode && <span>{m.code(each.responseCode)}</span>}
              {each.approvalNumber && <span>{m.approval(each.approvalNumber)}</span>}
              {each.rrn && <span>RRN {each.rrn}</span>}
              <span>{m.sends(each.sends)}</span>
              {each.message && <span>{each.message}</span>}
            </div>
            {each.lateAnswer && <p class="small-print">{m.late(each.lateAnswer)}</p>}
          </li>
        ))}
      </ol>
    </Part>
  );
}
