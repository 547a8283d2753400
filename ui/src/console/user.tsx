import type { JSX } from 'preact';
import { Badge, type Tone } from '../shared/design/parts';
import { c } from '../shared/i18n/console/console';
import type { User } from './api-merchant';

const TONES: Record<User['status'], Tone> = { INVITED: 'accent', PENDING: 'warn', ACTIVE: 'ok', DISABLED: 'bad' };

/** Whether somebody can log in, and whether a second factor is set up. */
export function UserStatus({ user }: { user: User }): JSX.Element {
  const m = c().people;
  return (
    <>
      <Badge tone={TONES[user.status]}>{m.statuses[user.status]}</Badge>
      {user.secondFactor && <Badge tone="plain">{m.secondFactor}</Badge>}
    </>
  );
}
