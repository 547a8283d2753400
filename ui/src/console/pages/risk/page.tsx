import type { ComponentType, JSX } from 'preact';
import { c } from '../../../shared/i18n/console/console';
import { href, place } from '../../../shared/router/router';
import { Page } from '../../parts';
import { BlocksTab } from './blocks';
import { ReviewsTab } from './reviews';
import './risk.css';
import { RulesTab } from './rules';

const TABS = { rules: RulesTab, blocks: BlocksTab, reviews: ReviewsTab } satisfies Record<string, ComponentType>;
type Tab = keyof typeof TABS;

/** Rules against risk, what is blocked, and what both found. */
export default function RiskPage(): JSX.Element {
  const wanted = place.value.query.get('tab') ?? '';
  const tab: Tab = wanted in TABS ? (wanted as Tab) : 'rules';
  const Shown = TABS[tab];
  return (
    <Page title={c().nav.pages.risk}>
      <nav class="tabs" aria-label={c().risk.tabsLabel}>
        {(Object.keys(TABS) as Tab[]).map((each) => (
          <a key={each} class="tab" data-replace href={href(`/risk?tab=${each}`)} aria-current={each === tab ? 'page' : undefined}>
            {c().risk.tabs[each]}
          </a>
        ))}
      </nav>
      <Shown key={tab} />
    </Page>
  );
}
