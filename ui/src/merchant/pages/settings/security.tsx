import type { JSX } from 'preact';
import { sessions } from '../../../shared/api/api';
import { factor, mailAddress, passkeys } from '../../../shared/api/signin';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { ListRow, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { PasskeySetting } from '../../../shared/signin/passkeys';
import { useLoad } from '../../../shared/state/load';
import { session } from '../../../shared/state/session';
import { PasswordSetting } from './password';
import { FactorSetting } from './security-factor';
import { MailSetting } from './security-mail';
import { whenText } from '../../words';
import './security.css';
import './settings.css';

const read = async () => {
  const [own, keys, second, mail] = await Promise.all([sessions.own(), passkeys.list(), factor.read(), mailAddress.read()]);
  return { least: own.minimumPassword, keys, second, mail };
};

/** What the person proves themselves with. */
export default function SecurityPage(): JSX.Element {
  const m = t().security;
  const load = useLoad(read, 'security');
  const { data } = load;
  return (
    <Page title={m.title} up="/settings">
      {data ? (
        <>
          <PasswordSetting least={data.least} onChange={load.reload} />
          <PasskeySetting keys={data.keys} loginId={session.value?.user.loginId} when={(at) => whenText(at, new Date())} onChange={load.reload} />
          <FactorSetting factor={data.second} onChange={load.reload} />
          <MailSetting mail={data.mail} onChange={load.reload} />
          <section class="setting">
            <h2>{t().device.title}</h2>
            <div class="rows">
              <ListRow href={href('/settings/devices')} icon="phone" tone="plain" title={t().device.row} sub={[m.devicesHint]} end={<Icon name="next" size={18} />} />
            </div>
          </section>
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={6} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}
