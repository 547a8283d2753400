import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Sheet } from '../../../shared/design/sheet';
import { t } from '../../../shared/i18n/i18n';
import { giveUpSession, session } from '../../../shared/state/session';
import { Credentials } from './form';

/** Login over the page whose session ended: what was typed stays underneath. */
export function Renew(): JSX.Element {
  const m = t().login;
  return (
    <Sheet title={m.expiredTitle} open closable={false} onClose={giveUpSession}>
      <p>{m.expiredText}</p>
      <Credentials loginId={session.value?.user.loginId ?? ''} />
      <Button kind="text" onPress={giveUpSession}>
        {m.giveUp}
      </Button>
    </Sheet>
  );
}
