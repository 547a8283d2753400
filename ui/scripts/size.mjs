// Prints what a phone fetches first and per screen, and what the console is in all, gzipped, and fails above the budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KB = 1024;
const APP = { firstScripts: 80 * KB, firstAll: 200 * KB, screen: 15 * KB };
const CONSOLE = { scripts: 180 * KB, firstScripts: 80 * KB, screen: 15 * KB };
// No screens: fetched when a camera opens on a browser without a detector of its own, and when English is chosen.
const OTHERS = { 'shared/devices/zxing.ts': 20 * KB, 'shared/i18n/en.ts': 25 * KB };

const failures = [];
const shown = (bytes) => `${(bytes / KB).toFixed(1).padStart(6)} KB`;
const line = (name, bytes, budget) => {
  console.log(`${shown(bytes)} of ${shown(budget)}  ${name}`);
  if (bytes > budget) failures.push(name);
};

/** One build: its chunks, and what each of them needs. */
function build(name) {
  const dist = new URL(`../dist/${name}/`, import.meta.url).pathname;
  const chunks = JSON.parse(readFileSync(join(dist, 'chunks.json'), 'utf8'));
  const size = (file) => gzipSync(readFileSync(join(dist, file))).length;
  const sum = (files) => files.reduce((total, file) => total + size(file), 0);
  /** The chunk and all it imports at once: scripts and styles. */
  const reach = (key, seen = new Set()) => {
    if (seen.has(key)) return seen;
    seen.add(key);
    for (const next of chunks[key].imports ?? []) reach(next, seen);
    return seen;
  };
  const files = (keys) => {
    const scripts = new Set();
    const styles = new Set();
    for (const key of keys) {
      scripts.add(chunks[key].file);
      for (const style of chunks[key].css ?? []) styles.add(style);
    }
    return { scripts: [...scripts], styles: [...styles] };
  };
  const keys = Object.keys(chunks);
  const entry = keys.find((key) => chunks[key].isEntry && key.endsWith('.html'));
  /** Each screen apart from what is there before it. */
  const screens = (first, budget) => {
    for (const [key, chunk] of Object.entries(chunks)) {
      if (!chunk.isDynamicEntry) continue;
      const own = files([...reach(key)].filter((each) => !first.has(each)));
      const screen = key.replace(/^(\.\.\/|src\/)/, '');
      line(`${name === 'app' ? '' : `${name}: `}${screen}`, sum(own.scripts) + sum(own.styles), OTHERS[screen] ?? budget);
    }
  };
  return { chunks, keys, entry, size, sum, reach, files, screens };
}

const app = build('app');
const home = app.keys.find((key) => key.endsWith('pages/home/page.tsx'));
// What the first screen after the login needs: the entry and the home page.
const first = new Set([...app.reach(app.entry), ...app.reach(home)]);
const firstFiles = app.files(first);
const firstScripts = app.sum(firstFiles.scripts);
line('first load, scripts', firstScripts, APP.firstScripts);
line('first load, everything', firstScripts + app.sum(firstFiles.styles) + app.size('index.html') + app.size('icon.svg'), APP.firstAll);
app.screens(first, APP.screen);

const desk = build('console');
const start = desk.reach(desk.entry);
const scripts = new Set(desk.keys.map((key) => desk.chunks[key].file).filter((file) => file.endsWith('.js')));
line('console: every script', desk.sum([...scripts]), CONSOLE.scripts);
line('console: first load, scripts', desk.sum(desk.files(start).scripts), CONSOLE.firstScripts);
desk.screens(start, CONSOLE.screen);

if (failures.length > 0) {
  console.error(`over budget: ${failures.join(', ')}`);
  process.exit(1);
}
