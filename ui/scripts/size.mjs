// Prints what a phone fetches first and per screen, gzipped, and fails above the budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const KB = 1024;
const BUDGET = { firstScripts: 80 * KB, firstAll: 200 * KB, screen: 15 * KB };
// No screens: fetched when a camera opens on a browser without a detector of its own, and when English is chosen.
const OTHERS = { 'shared/devices/zxing.ts': 20 * KB, 'shared/i18n/en.ts': 25 * KB };

const chunks = JSON.parse(readFileSync(join(dist, 'chunks.json'), 'utf8'));
const size = (file) => gzipSync(readFileSync(join(dist, file))).length;
const sum = (files) => files.reduce((total, file) => total + size(file), 0);
const shown = (bytes) => `${(bytes / KB).toFixed(1).padStart(6)} KB`;

/** The chunk and all it imports at once: scripts and styles. */
function reach(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of chunks[key].imports ?? []) reach(next, seen);
  return seen;
}

const files = (keys) => {
  const scripts = new Set();
  const styles = new Set();
  for (const key of keys) {
    scripts.add(chunks[key].file);
    for (const style of chunks[key].css ?? []) styles.add(style);
  }
  return { scripts: [...scripts], styles: [...styles] };
};

const entry = Object.keys(chunks).find((key) => chunks[key].isEntry && key.endsWith('.html'));
const home = Object.keys(chunks).find((key) => key.endsWith('pages/home/page.tsx'));
// What the first screen after the login needs: the entry and the home page.
const first = new Set([...reach(entry), ...reach(home)]);
const firstFiles = files(first);
const firstScripts = sum(firstFiles.scripts);
const firstAll = firstScripts + sum(firstFiles.styles) + size('index.html') + size('icon.svg');

const failures = [];
const line = (name, bytes, budget) => {
  console.log(`${shown(bytes)} of ${shown(budget)}  ${name}`);
  if (bytes > budget) failures.push(name);
};
line('first load, scripts', firstScripts, BUDGET.firstScripts);
line('first load, everything', firstAll, BUDGET.firstAll);
for (const [key, chunk] of Object.entries(chunks)) {
  if (!chunk.isDynamicEntry) continue;
  const own = files([...reach(key)].filter((each) => !first.has(each)));
  const name = key.replace('src/', '');
  line(name, sum(own.scripts) + sum(own.styles), OTHERS[name] ?? BUDGET.screen);
}
if (failures.length > 0) {
  console.error(`over budget: ${failures.join(', ')}`);
  process.exit(1);
}
