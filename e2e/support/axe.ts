import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Rules whose answer changes with colours, width and size of the text; the others ask what stands in the page, once. */
const OF_LOOKS = ['color-contrast', 'scrollable-region-focusable', 'target-size'];

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What is wrong with the page as it stands, one line each: what axe finds, and that it
 * scrolls sideways. Axe is given to a page and its frames once, for reading it takes as
 * long as looking.
 */
export async function complaints(page: Page, name: string, onlyLooks = false): Promise<string[]> {
  const wide = await page.evaluate(() => {
    const over = document.documentElement.scrollWidth - window.innerWidth;
    const out = [...document.querySelectorAll('body *')].filter((each) => over > 0 && each.getBoundingClientRect().right > window.innerWidth + 0.5);
    return { over, out: out.map((each) => `${each.localName}.${each.className}`) };
  });
  const found = (await violations(page, onlyLooks)).flatMap((each) => each.nodes.map((node) => `${name}: ${each.id} ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  return wide.over > 0 ? [`${name}: ${wide.over} px too wide: ${wide.out.join(' ')}`, ...found] : found;
}

async function violations(page: Page, onlyLooks: boolean): Promise<axe.Result[]> {
  for (const frame of page.frames()) if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(await source);
  const options: axe.RunOptions = {
    runOnly: onlyLooks ? { type: 'rule', values: OF_LOOKS } : { type: 'tag', values: TAGS },
    resultTypes: ['violations'],
  };
  return page.evaluate(async (wanted) => (await (window as unknown as { axe: typeof axe }).axe.run(document, wanted)).violations, options);
}
