import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { Badge, Notice, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { ErrorState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { useLoad } from '../../../shared/state/load';
import { Act } from '../../act';
import { colleagues, type Approval, type User } from '../../api-merchant';
import { badOf, Form } from '../../form';
import { Id, Page, When } from '../../parts';
import { operator } from '../../session';
import { UserStatus } from '../../user';

/** Who may use the console; letting somebody in takes two. */
export default function OperatorsPage(): JSX.Element {
  const load = useLoad((signal) => colleagues.list(signal), 'operators');
  const [inviting, setInviting] = useState(false);
  const [asked, setAsked] = useState<Approval | null>(null);
  const m = c().operators;
  return (
    <Page
      title={c().nav.pages.operators}
      acts={
        <Button kind="tint" icon="plus" onPress={() => setInviting(true)}>
          {m.invite}
        </Button>
      }
    >
      {!load.data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!load.data && load.failure === undefined && <Skeleton shape="line" count={4} />}
      {asked?.activationUrl && (
        <Notice tone="ok" icon="check">
          <p>{c().approvals.link}</p>
          <Id>{asked.activationUrl}</Id>
        </Notice>
      )}
      <ul class="lines">
        {load.data?.map((user) => (
          <Colleague key={user.id} user={user} onChange={load.reload} />
        ))}
      </ul>
      <Invite
        open={inviting}
        onClose={() => setInviting(false)}
        onAsked={(approval) => {
          setInviting(false);
          setAsked(approval);
          toast(approval.status === 'PENDING' ? c().approvals.asked : m.invited);
          load.reload();
        }}
      />
    </Page>
  );
}

function Colleague({ user, onChange }: { user: User; onChange: () => void }): JSX.Element {
  const me = user.id === operator.value?.user.id;
  const act = user.status === 'DISABLED' ? 'enable' : 'disable';
  const m = c().people;
  return (
    <li>
      <strong>{user.name}</strong>
      <span>{user.loginId}</span>
      {me && <Badge tone="accent">{c().approvals.me}</Badge>}
      <UserStatus user={user} />
      <span class="small-print">{user.lastLoginAt ? <When at={user.lastLoginAt} /> : m.never}</span>
      {!me && user.status !== 'INVITED' && (
        <span class="lines-acts">
          <Act
            name={m.acts[act]}
            title={`${user.name}: ${m.acts[act]}`}
            danger={act === 'disable'}
            onAct={async (reason) => {
              const approval = await colleagues.set(user.id, act, reason);
              onChange();
              return approval?.status === 'PENDING' ? c().approvals.asked : m.done[act];
            }}
          >
            <p>{m.texts[act]}</p>
          </Act>
        </span>
      )}
    </li>
  );
}

function Invite({ open, onClose, onAsked }: { open: boolean; onClose: () => void; onAsked: (approval: Approval) => void }): JSX.Element {
  const [draft, setDraft] = useState({ loginId: '', name: '', reason: '' });
  const m = c().operators;
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const send = async (): Promise<void> => {
    onAsked(await colleagues.invite(draft));
    setDraft({ loginId: '', name: '', reason: '' });
  };
  return (
    <Sheet title={m.invite} open={open} onClose={onClose}>
      <Form act={m.ask} ready={Object.values(draft).every((each) => each.trim() !== '')} onSend={send}>
        {(failure) => (
          <>
            <p class="desk-note">{m.inviteText}</p>
            <Field label={m.loginId} value={draft.loginId} onInput={(loginId) => set({ loginId })} bad={badOf(failure, '/loginId')} maxLength={64} autoFocus />
            <Field label={m.name} value={draft.name} onInput={(name) => set({ name })} bad={badOf(failure, '/name')} maxLength={50} />
            <Field label={c().act.reason} hint={c().act.reasonHint} value={draft.reason} onInput={(reason) => set({ reason })} bad={badOf(failure, '/reason')} maxLength={200} />
          </>
        )}
      </Form>
    </Sheet>
  );
}
