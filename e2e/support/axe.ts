import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Rules whose answer changes with colours, width and size of the text; the others ask what stands in the page, once. */
const OF_LOOKS = ['color-contrast', 'scrollable-region-focusable', 'target-size'];

/**
 * What is wrong with the page as it stands, one line each: what axe finds, and that it
 * scrolls sideways. No screen has frames, so no second page is opened to look into them.
 */
export async function complaints(page: Page, name: string, onlyLooks = false): Promise<string[]> {
  const wide = await page.evaluate(() => {
    const over = document.documentElement.scrollWidth - window.innerWidth;
    const out = [...document.querySelectorAll('body *')].filter((each) => over > 0 && each.getBoundingClientRect().right > window.innerWidth + 0.5);
    return { over, out: out.map((each) => `${each.localName}.${each.className}`) };
  });
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (onlyLooks ? axe.withRules(OF_LOOKS) : axe.withTags(TAGS)).analyze();
  const found = violations.flatMap((each) => each.nodes.map((node) => `${name}: ${each.id} ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  return wide.over > 0 ? [`${name}: ${wide.over} px too wide: ${wide.out.join(' ')}`, ...found] : found;
}
