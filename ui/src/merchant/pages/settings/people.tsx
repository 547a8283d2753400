import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { people as api } from '../../../shared/api/join';
import type { StaffMember } from '../../../shared/api/types';
import { Button, Switch } from '../../../shared/design/controls';
import { Badge } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { j } from '../../../shared/i18n/join';
import { whenText } from '../../words';
import { Head, LimitRow } from './person';

interface DecideProps {
  person: StaffMember;
  onDone: () => void;
}

/** People who registered and wait for the owner's word. */
export function Waiting({ people, onDone }: { people: readonly StaffMember[]; onDone: () => void }): JSX.Element {
  const m = j().invite;
  return (
    <section class="setting" aria-label={m.pending}>
      <h2>{m.pending}</h2>
      {people.map((person) => (
        <Decision key={person.id} person={person} onDone={onDone} />
      ))}
    </section>
  );
}

function Decision({ person, onDone }: DecideProps): JSX.Element {
  const m = j().invite;
  const [open, setOpen] = useState<'' | 'approve' | 'refuse'>('');
  const done = (word: string): void => {
    setOpen('');
    toast(word);
    onDone();
  };
  const facts = [person.loginId, person.phone, person.submittedAt && m.submitted(whenText(new Date(person.submittedAt), new Date()))];
  return (
    <div class="waiting-person" role="group" aria-label={person.name}>
      <Head name={person.name} role="STAFF" />
      <p class="field-hint">{facts.filter(Boolean).join(' · ')}</p>
      <div class="setting-acts">
        <Button kind="tint" icon="check" onPress={() => setOpen('approve')}>
          {m.decide}
        </Button>
        <Button kind="bad" icon="close" onPress={() => setOpen('refuse')}>
          {m.refuse}
        </Button>
      </div>
      {open === 'approve' && <ApproveSheet person={person} onClose={() => setOpen('')} onDone={() => done(m.approved)} />}
      {open === 'refuse' && <AskSheet title={m.refuseTitle(person.name)} text={m.refuseText} act={m.refuse} run={() => api.refuse(person.id)} onClose={() => setOpen('')} onDone={() => done(m.refused)} />}
    </div>
  );
}

/** What somebody may do is chosen before they are let in. */
function ApproveSheet({ person, onClose, onDone }: DecideProps & { onClose: () => void }): JSX.Element {
  const m = j().invite;
  const r = t().rights;
  const [rights, setRights] = useState({ discount: true, cancel: false, cancelLimit: 0, editProducts: false });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const change = (next: Partial<typeof rights>): void => setRights((old) => ({ ...old, ...next }));
  const approve = (): void => {
    setBusy(true);
    api.approve(person.id, rights).then(onDone, (cause: unknown) => {
      setFailure(cause);
      setBusy(false);
    });
  };
  return (
    <Sheet title={m.decideTitle(person.name)} open onClose={onClose}>
      <div class="stack">
        <p>{m.decideText}</p>
        <div>
          <Switch label={r.discount} hint={r.discountHint} on={rights.discount} onChange={(discount) => change({ discount })} />
          <Switch label={r.cancel} hint={r.cancelHint} on={rights.cancel} onChange={(cancel) => change({ cancel })} />
          {rights.cancel && <LimitRow limit={rights.cancelLimit} onSave={(cancelLimit) => change({ cancelLimit })} />}
          <Switch label={r.editProducts} hint={r.editProductsHint} on={rights.editProducts} onChange={(editProducts) => change({ editProducts })} />
        </div>
        <FailureNotice failure={failure} />
        <Button kind="primary" disabled={busy} onPress={approve}>
          {m.approve}
        </Button>
      </div>
    </Sheet>
  );
}

interface AskProps {
  title: string;
  text: string;
  act: string;
  run: () => Promise<void>;
  onClose: () => void;
  onDone: () => void;
}

/** Asks once more before something that somebody else will feel. */
function AskSheet({ title, text, act, run, onClose, onDone }: AskProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const press = (): void => {
    setBusy(true);
    run().then(onDone, (cause: unknown) => {
      setFailure(cause);
      setBusy(false);
    });
  };
  return (
    <Sheet title={title} open onClose={onClose}>
      <div class="stack">
        <p>{text}</p>
        <FailureNotice failure={failure} />
        <Button kind="danger" disabled={busy} onPress={press}>
          {act}
        </Button>
        <Button kind="soft" wide onPress={onClose}>
          {j().invite.keep}
        </Button>
      </div>
    </Sheet>
  );
}

/** Logging one of the staff out everywhere, and keeping them out. */
export function Keeping({ person, onDone }: DecideProps): JSX.Element {
  const m = j().invite;
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const logOut = (): void => {
    setFailure(undefined);
    api.logOut(person.id).then(() => toast(m.outDone), setFailure);
  };
  return (
    <>
      <p class="field-hint">{[person.loginId, person.status === 'INVITED' ? m.invited : '', person.lastLogin ? m.lastLogin(whenText(new Date(person.lastLogin), new Date())) : ''].filter(Boolean).join(' · ')}</p>
      <FailureNotice failure={failure} />
      <div class="setting-acts">
        <Button icon="out" onPress={logOut}>
          {m.out}
        </Button>
        <Button kind="bad" icon="lock" onPress={() => setAsking(true)}>
          {m.disable}
        </Button>
      </div>
      {asking && (
        <AskSheet
          title={m.disableTitle(person.name)}
          text={m.disableText}
          act={m.disable}
          run={() => api.disable(person.id)}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            toast(m.disabled);
            onDone();
          }}
        />
      )}
    </>
  );
}

/** One of the staff who is kept out. */
export function Stopped({ person, onDone }: DecideProps): JSX.Element {
  const m = j().invite;
  const [failure, setFailure] = useState<unknown>();
  const enable = (): void => {
    setFailure(undefined);
    api.enable(person.id).then(() => {
      toast(m.enabled);
      onDone();
    }, setFailure);
  };
  return (
    <section class="setting person" aria-label={person.name}>
      <Head name={person.name} role="STAFF" />
      <p class="field-hint">
        <Badge tone="plain" icon="lock">
          {m.stopped}
        </Badge>
      </p>
      <FailureNotice failure={failure} />
      <div class="setting-acts">
        <Button icon="check" onPress={enable}>
          {m.enable}
        </Button>
      </div>
    </section>
  );
}
