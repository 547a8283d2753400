import { expect, it, vi } from 'vitest';
import type { Session } from '../src/shared/api/types';
import { giveUpSession, renewing, session } from '../src/shared/state/session';

it('a session given up leaves nothing in memory: the app starts afresh at the login', () => {
  const assign = vi.spyOn(location, 'assign').mockImplementation(() => undefined);
  session.value = { id: 'ses_1', merchantId: 'mer_1' } as Session;
  renewing.value = true;
  giveUpSession();
  expect(session.value).toBeNull();
  expect(renewing.value).toBe(false);
  expect(assign).toHaveBeenCalledWith('/app/login');
});
