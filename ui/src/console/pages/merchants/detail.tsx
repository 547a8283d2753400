import type { ComponentType, JSX } from 'preact';
import { Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { href, matchPath, place } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { Act } from '../../act';
import { merchants, type Merchant } from '../../api-merchant';
import { Page } from '../../parts';
import { ContractTab } from './contract';
import { InformationTab } from './information';
import './merchants.css';
import { PeopleTab } from './people';
import { MerchantStatus } from './status';
import { TerminalsTab } from './terminals';

export interface TabInput {
  merchant: Merchant;
  onChange: () => void;
}

const TABS = { information: InformationTab, contract: ContractTab, terminals: TerminalsTab, people: PeopleTab } satisfies Record<string, ComponentType<TabInput>>;
type Tab = keyof typeof TABS;

/** One merchant, with everything an operator may see and change. */
export default function MerchantPage(): JSX.Element {
  const id = matchPath('/merchants/:id', place.value.path)?.['id'] ?? '';
  const load = useLoad((signal) => merchants.get(id, signal), id);
  const m = c().merchants;
  const wanted = place.value.query.get('tab') ?? '';
  const tab: Tab = wanted in TABS ? (wanted as Tab) : 'information';
  const Shown = TABS[tab];
  const { data: merchant } = load;
  return (
    <Page title={merchant?.name ?? c().nav.pages.merchants} acts={merchant && <StatusActs merchant={merchant} onChange={load.reload} />}>
      {!merchant && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!merchant && load.failure === undefined && <Skeleton shape="line" count={10} />}
      {merchant && (
        <>
          <Review merchant={merchant} />
          <nav class="tabs" aria-label={m.tabsLabel}>
            {(Object.keys(TABS) as Tab[]).map((each) => (
              <a key={each} class="tab" data-replace href={href(`/merchants/${id}?tab=${each}`)} aria-current={each === tab ? 'page' : undefined}>
                {m.tabs[each]}
              </a>
            ))}
          </nav>
          <Shown key={tab} merchant={merchant} onChange={load.reload} />
        </>
      )}
    </Page>
  );
}

/** What is still asked for before the merchant may take money. */
function Review({ merchant }: { merchant: Merchant }): JSX.Element | null {
  const m = c().merchants;
  if (merchant.status !== 'REVIEW') return null;
  const missing = (merchant.review ?? []).filter(({ ok }) => !ok);
  return (
    <Notice tone={missing.length > 0 ? 'warn' : 'accent'} icon="clock">
      <p>{merchant.approvalId ? m.activationWaits : missing.length > 0 ? m.reviewMissing : m.reviewDone}</p>
      {missing.length > 0 && <p class="small-print">{missing.map(({ check }) => m.checks[check]).join(' · ')}</p>}
      {merchant.approvalId && (
        <a class="link" href={href(`/approvals?open=${merchant.approvalId}`)}>
          {c().nav.pages.approvals}
        </a>
      )}
    </Notice>
  );
}

type Next = 'ACTIVE' | 'SUSPENDED' | 'CLOSED';
const NEXT: Record<Merchant['status'], readonly Next[]> = { REVIEW: ['ACTIVE', 'CLOSED'], ACTIVE: ['SUSPENDED', 'CLOSED'], SUSPENDED: ['ACTIVE', 'CLOSED'], CLOSED: [] };

function StatusActs({ merchant, onChange }: TabInput): JSX.Element {
  const m = c().merchants;
  return (
    <>
      <MerchantStatus status={merchant.status} />
      {NEXT[merchant.status].map((status) => (
        <Act
          key={status}
          name={m.statusActs[status]}
          title={`${merchant.name}: ${m.statusActs[status]}`}
          danger={status !== 'ACTIVE'}
          disabled={status === 'ACTIVE' && merchant.approvalId !== undefined}
          onAct={async (reason) => {
            const asked = await merchants.setStatus(merchant.id, status, reason);
            onChange();
            return asked?.status === 'PENDING' ? c().approvals.asked : m.statusDone;
          }}
        >
          <p>{m.statusTexts[status]}</p>
        </Act>
      ))}
    </>
  );
}
