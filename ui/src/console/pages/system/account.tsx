import type { JSX } from 'preact';
import { passkeys } from '../../../shared/api/signin';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { PasskeySetting } from '../../../shared/signin/passkeys';
import { useLoad } from '../../../shared/state/load';
import { slipTime } from '../../../shared/text/day';
import { Page } from '../../parts';
import { operator } from '../../session';
import './account.css';

/** The operator's own login: passkeys beside password and authenticator app. */
export default function AccountPage(): JSX.Element {
  const load = useLoad(passkeys.list, 'passkeys');
  const user = operator.value?.user;
  return (
    <Page title={c().nav.pages.account}>
      <div class="account">
        <p class="desk-note">
          {user?.name} · {user?.loginId}
        </p>
        {!load.data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
        {!load.data && load.failure === undefined && <Skeleton shape="row" count={2} />}
        {load.data && <PasskeySetting keys={load.data} loginId={user?.loginId} when={slipTime} onChange={load.reload} />}
      </div>
    </Page>
  );
}
