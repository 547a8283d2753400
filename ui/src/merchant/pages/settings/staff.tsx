import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { merchants } from '../../../shared/api/api';
import { ApiFailure } from '../../../shared/api/failure';
import type { StaffMember, StaffRights } from '../../../shared/api/types';
import { Switch } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Notice, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { onWord } from '../../../shared/state/live';
import { NoRight } from '../products/noright';
import { Invites } from './invites';
import { Keeping, Stopped, Waiting } from './people';
import { Head, LimitRow } from './person';
import './settings.css';

/** The owner's view of who may do what. */
export default function StaffPage(): JSX.Element {
  const m = t().rights;
  const load = useLoad(merchants.staff, 'staff');
  useEffect(() => onWord(({ staff }) => staff && load.reload()), []);
  if (!isOwner.value) return <NoRight title={m.title} up="/settings" />;
  return (
    <Page title={m.title} up="/settings">
      {load.data ? <People people={load.data} onChanged={load.set} onReload={load.reload} /> : load.failure === undefined ? <Skeleton shape="row" count={5} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

interface PeopleProps {
  people: readonly StaffMember[];
  onChanged: (people: StaffMember[]) => void;
  onReload: () => void;
}

function People({ people, onChanged, onReload }: PeopleProps): JSX.Element {
  const m = t().rights;
  // Who left may do nothing, whatever is switched on.
  const staff = people.filter(({ role, active }) => role === 'STAFF' && active);
  const waiting = people.filter(({ status }) => status === 'PENDING');
  const stopped = people.filter(({ role, status }) => role === 'STAFF' && status === 'DISABLED');
  const owners = people.filter(({ role, active }) => role === 'OWNER' && active);
  return (
    <>
      {waiting.length > 0 && <Waiting people={waiting} onDone={onReload} />}
      <Invites />
      {owners.map(({ id, name }) => (
        <section key={id} class="setting person">
          <Head name={name} role="OWNER" />
          <p class="field-hint">{m.ownerAll}</p>
        </section>
      ))}
      {staff.length === 0 ? (
        <EmptyState picture="people" title={m.nobodyTitle} text={m.nobodyText} />
      ) : (
        staff.map((each) => <Person key={each.id} person={each} onChanged={(changed) => onChanged(people.map((old) => (old.id === changed.id ? changed : old)))} onReload={onReload} />)
      )}
      {stopped.map((each) => (
        <Stopped key={each.id} person={each} onDone={onReload} />
      ))}
    </>
  );
}

interface PersonProps {
  person: StaffMember;
  onChanged: (person: StaffMember) => void;
  onReload: () => void;
}

/** What one of the staff may do: shown at once, saved at once. */
function Person({ person, onChanged, onReload }: PersonProps): JSX.Element | null {
  const m = t().rights;
  const [wish, setWish] = useState<StaffRights>();
  const [failure, setFailure] = useState<unknown>();
  const stored = person.permissions;
  if (!stored) return null;
  const shown = wish ?? stored;
  const changed = failure instanceof ApiFailure && failure.code === 'CHANGED_MEANWHILE';
  const save = async (change: Partial<StaffRights>): Promise<void> => {
    // One after another: the next change stands on the version that this one makes.
    if (wish) return;
    setFailure(undefined);
    setWish({ ...stored, ...change });
    try {
      onChanged(await merchants.setRights(person, { ...stored, ...change }));
      toast(t().settings.saved);
    } catch (cause) {
      setFailure(cause);
      if (cause instanceof ApiFailure && cause.code === 'CHANGED_MEANWHILE') onReload();
    } finally {
      setWish(undefined);
    }
  };
  return (
    <section class="setting person" aria-label={person.name}>
      <Head name={person.name} role="STAFF" />
      {changed ? (
        <div role="alert">
          <Notice tone="warn" icon="alert">
            <p>{m.changed}</p>
          </Notice>
        </div>
      ) : (
        <FailureNotice failure={failure} />
      )}
      <Switch label={m.discount} hint={m.discountHint} on={shown.discount} onChange={(discount) => void save({ discount })} />
      <Switch label={m.cancel} hint={m.cancelHint} on={shown.cancel} onChange={(cancel) => void save({ cancel })} />
      {shown.cancel && <LimitRow limit={shown.cancelLimit} onSave={(cancelLimit) => void save({ cancelLimit })} />}
      <Switch label={m.editProducts} hint={m.editProductsHint} on={shown.editProducts} onChange={(editProducts) => void save({ editProducts })} />
      <Switch label={m.viewSales} hint={m.viewSalesHint} on={shown.viewSales} onChange={(viewSales) => void save({ viewSales })} />
      <Keeping person={person} onDone={onReload} />
    </section>
  );
}
