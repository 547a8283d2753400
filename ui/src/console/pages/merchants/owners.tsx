import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Badge, Skeleton, type Tone } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { Act } from '../../act';
import { owners, type IssuedOwner } from '../../api-merchant';
import { Part, When } from '../../parts';
import '../../table.css';

const TONES: Record<IssuedOwner['status'], Tone> = { SENT: 'accent', OPENED: 'accent', ACTIVE: 'ok', EXPIRED: 'warn', WITHDRAWN: 'warn' };

/** How far somebody with a new login has come. */
export const OwnerStatus = ({ owner }: { owner: IssuedOwner }): JSX.Element => <Badge tone={TONES[owner.status]}>{c().owners.statuses[owner.status]}</Badge>;

/** Sends the mail again, with a new link. */
export function Resend({ merchantId, owner, onChange }: { merchantId: string; owner: IssuedOwner; onChange: () => void }): JSX.Element {
  const m = c().owners;
  return (
    <Act
      name={m.resend}
      title={`${owner.name}: ${m.resend}`}
      asks={false}
      onAct={async () => {
        await owners.resend(merchantId, owner.id);
        onChange();
        return m.resent;
      }}
    >
      <p>{m.resendText(owner.name)}</p>
    </Act>
  );
}

/** Takes the link back before it is used. */
export function Withdraw({ merchantId, owner, onChange }: { merchantId: string; owner: IssuedOwner; onChange: () => void }): JSX.Element {
  const m = c().owners;
  return (
    <Act
      name={m.withdraw}
      title={`${owner.name}: ${m.withdraw}`}
      asks={false}
      danger
      onAct={async () => {
        await owners.withdraw(merchantId, owner.id);
        onChange();
        return m.withdrawn;
      }}
    >
      <p>{m.withdrawText(owner.name)}</p>
    </Act>
  );
}

/** The link of this login could still be used. */
const works = (owner: IssuedOwner): boolean => owner.status === 'SENT' || owner.status === 'OPENED';

/** The logins that were given to a merchant's owners, and the way to give another. */
export function Owners({ merchantId }: { merchantId: string }): JSX.Element {
  const load = useLoad((signal) => owners.list(merchantId, signal), merchantId);
  const m = c().owners;
  return (
    <Part
      page
      title={m.title}
      acts={
        <Button kind="soft" icon="plus" href={href(`/merchants/${merchantId}/owners/new`)}>
          {m.issue}
        </Button>
      }
    >
      <p class="desk-note">{m.hint}</p>
      {!load.data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!load.data && load.failure === undefined && <Skeleton shape="line" count={2} />}
      {load.data?.length === 0 && <p class="desk-note">{m.none}</p>}
      {load.data && load.data.length > 0 && (
        <div class="table-box" tabIndex={0} role="region" aria-label={m.title}>
          <table class="table" aria-label={m.title}>
            <thead>
              <tr>
                {(['name', 'loginId', 'mail', 'status', 'mailedAt', 'expiresAt', 'mails'] as const).map((each) => (
                  <th key={each} scope="col">
                    {m.columns[each]}
                  </th>
                ))}
                <th scope="col" class="is-end">
                  {m.manage}
                </th>
              </tr>
            </thead>
            <tbody>
              {load.data.map((owner) => (
                <tr key={owner.id}>
                  <td>{owner.name}</td>
                  <td>{owner.loginId}</td>
                  <td>{owner.email}</td>
                  <td>
                    <OwnerStatus owner={owner} />
                  </td>
                  <td>
                    <When at={owner.mailedAt} />
                  </td>
                  <td>{owner.status !== 'ACTIVE' && <When at={owner.expiresAt} />}</td>
                  <td>{m.times(owner.mails)}</td>
                  <td class="is-end">
                    <div class="acts">
                      {works(owner) && <Withdraw merchantId={merchantId} owner={owner} onChange={load.reload} />}
                      {owner.status !== 'ACTIVE' && <Resend merchantId={merchantId} owner={owner} onChange={load.reload} />}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  );
}
