import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Badge, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { groupPhone } from '../../../shared/text/digits';
import { Act } from '../../act';
import { people, type User } from '../../api-merchant';
import { personal } from '../../api-personal';
import { Part, When } from '../../parts';
import { UserStatus } from '../../user';
import type { TabInput } from './detail';
import { Owners } from './owners';

/** The people of a merchant, and the numbers it sends texts from. */
export function PeopleTab({ merchant }: TabInput): JSX.Element {
  const users = useLoad((signal) => people.list(merchant.id, signal), merchant.id);
  const m = c().people;
  return (
    <div class="tab-body">
      <Part page title={m.title}>
        {!users.data && users.failure !== undefined && <ErrorState failure={users.failure} onRetry={users.reload} />}
        {!users.data && users.failure === undefined && <Skeleton shape="line" count={4} />}
        {users.data?.length === 0 && <p class="desk-note">{m.none}</p>}
        <ul class="lines">
          {users.data?.map((user) => (
            <Person key={user.id} merchantId={merchant.id} user={user} onChange={users.reload} />
          ))}
        </ul>
      </Part>
      <Owners merchantId={merchant.id} />
      <Senders merchantId={merchant.id} />
    </div>
  );
}

function Person({ merchantId, user, onChange }: { merchantId: string; user: User; onChange: () => void }): JSX.Element {
  const [open, setOpen] = useState(false);
  const m = c().people;
  const act = user.status === 'DISABLED' ? 'enable' : 'disable';
  return (
    <>
      <li>
        <strong>{user.name}</strong>
        <span>{user.loginId}</span>
        <Badge tone="plain">{t().settings.roles[user.role]}</Badge>
        <UserStatus user={user} />
        <span class="small-print">{user.lastLoginAt ? <When at={user.lastLoginAt} /> : m.never}</span>
        <span class="lines-acts">
          <Button kind="text" onPress={() => setOpen(!open)}>
            {m.sessions}
          </Button>
          {user.secondFactor && (
            <Act
              name={m.resetFactor}
              title={`${user.name}: ${m.resetFactor}`}
              danger
              onAct={async (reason) => {
                const approval = await people.resetSecondFactor(merchantId, user.id, reason);
                onChange();
                return approval.status === 'PENDING' ? c().approvals.asked : m.factorReset;
              }}
            >
              <p>{m.resetFactorText}</p>
            </Act>
          )}
          {(user.status === 'ACTIVE' || user.status === 'DISABLED') && (
            <Act
              name={m.acts[act]}
              title={`${user.name}: ${m.acts[act]}`}
              danger={act === 'disable'}
              onAct={async (reason) => {
                await people.set(merchantId, user.id, act, reason);
                onChange();
                return m.done[act];
              }}
            >
              <p>{m.texts[act]}</p>
            </Act>
          )}
        </span>
      </li>
      {open && <Sessions merchantId={merchantId} user={user} />}
      {open && <Data merchantId={merchantId} user={user} onChange={onChange} />}
    </>
  );
}

/** What is known of somebody: handed out, or erased. */
function Data({ merchantId, user, onChange }: { merchantId: string; user: User; onChange: () => void }): JSX.Element {
  const m = c().personal;
  return (
    <li class="lines-inner">
      <span class="lines-acts">
        <Act
          name={m.export}
          title={`${user.name}: ${m.export}`}
          onAct={async (reason) => {
            await personal.exportUser(merchantId, user.id, reason);
            return m.exported;
          }}
        >
          <p>{m.exportUserText}</p>
        </Act>
        <Act
          name={m.erase}
          title={`${user.name}: ${m.erase}`}
          danger
          onAct={async (reason) => {
            const approval = await personal.eraseUser(merchantId, user.id, reason);
            onChange();
            return approval.status === 'PENDING' ? c().approvals.asked : m.begun;
          }}
        >
          <p>{m.eraseUserText}</p>
        </Act>
      </span>
    </li>
  );
}

function Sessions({ merchantId, user }: { merchantId: string; user: User }): JSX.Element {
  const load = useLoad((signal) => people.sessions(merchantId, user.id, signal), user.id);
  const m = c().people;
  if (!load.data) return load.failure === undefined ? <Skeleton shape="line" count={2} /> : <ErrorState failure={load.failure} onRetry={load.reload} />;
  return (
    <li class="lines-inner">
      {load.data.length === 0 ? (
        <span class="desk-note">{m.noSessions}</span>
      ) : (
        <>
          <ul>
            {load.data.map((each) => (
              <li key={each.id}>
                <span>{each.device || m.unknownDevice}</span>
                <When at={each.seenAt} />
              </li>
            ))}
          </ul>
          <Act
            name={m.endSessions}
            danger
            asks={false}
            onAct={async () => {
              await people.endSessions(merchantId, user.id);
              load.reload();
              return m.ended;
            }}
          >
            <p>{m.endText}</p>
          </Act>
        </>
      )}
    </li>
  );
}

function Senders({ merchantId }: { merchantId: string }): JSX.Element {
  const load = useLoad((signal) => people.senders(merchantId, signal), merchantId);
  const m = c().people;
  return (
    <Part page title={m.senders}>
      {!load.data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {load.data?.length === 0 && <p class="desk-note">{m.noSenders}</p>}
      <ul class="lines">
        {load.data?.map((sender) => (
          <li key={sender.number}>
            <strong>{groupPhone(sender.number)}</strong>
            <Badge tone={sender.status === 'VERIFIED' ? 'ok' : 'warn'}>{m.senderStatuses[sender.status]}</Badge>
            <When at={sender.verifiedAt ?? sender.createdAt} />
            {sender.status === 'UNVERIFIED' && (
              <span class="lines-acts">
                <Act
                  name={m.verify}
                  asks={false}
                  onAct={async () => {
                    await people.verify(merchantId, sender.number);
                    load.reload();
                    return m.verified;
                  }}
                >
                  <p>{m.verifyText(groupPhone(sender.number))}</p>
                </Act>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}
