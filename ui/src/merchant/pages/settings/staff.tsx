import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { merchants } from '../../../shared/api/api';
import { ApiFailure } from '../../../shared/api/failure';
import type { StaffMember, StaffRights } from '../../../shared/api/types';
import { Button, Field, Switch } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Badge, Notice, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { amountText, t } from '../../../shared/i18n/i18n';
import { grouped, parseWon } from '../../../shared/money/money';
import { useLoad } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { NoRight } from '../products/noright';
import './settings.css';

/** The owner's view of who may do what. */
export default function StaffPage(): JSX.Element {
  const m = t().rights;
  const load = useLoad(merchants.staff, 'staff');
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
  const owners = people.filter(({ role, active }) => role === 'OWNER' && active);
  return (
    <>
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
    </>
  );
}

function Head({ name, role }: { name: string; role: 'OWNER' | 'STAFF' }): JSX.Element {
  return (
    <div class="person-head">
      <span class="row-mark tone-plain">
        <Icon name="person" />
      </span>
      <h2>{name}</h2>
      <Badge tone="plain">{t().settings.roles[role]}</Badge>
    </div>
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
    </section>
  );
}

/** Up to how much somebody may cancel of one payment. */
function LimitRow({ limit, onSave }: { limit: number; onSave: (limit: number) => void }): JSX.Element {
  const m = t().rights;
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(limit);
  const show = (): void => {
    setTyped(limit);
    setOpen(true);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setOpen(false);
    if (typed !== limit) onSave(typed);
  };
  return (
    <>
      <button type="button" class="option" aria-haspopup="dialog" onClick={show}>
        <Icon name="undo" size={20} />
        <span class="option-name">{m.limit}</span>
        <span class="option-value">{limit === 0 ? m.limitNone : m.limitUpTo(amountText(limit))}</span>
        <Icon name="next" size={18} />
      </button>
      <Sheet title={m.limitTitle} open={open} onClose={() => setOpen(false)}>
        <form class="stack" onSubmit={submit}>
          <Field label={m.limit} hint={m.limitHint} numeric big value={typed ? grouped(typed) : ''} placeholder="0" onInput={(text) => setTyped(parseWon(text))} suffix={<span class="suffix">{t().common.won}</span>} autoFocus />
          <Button kind="primary" type="submit">
            {t().settings.save}
          </Button>
        </form>
      </Sheet>
    </>
  );
}
