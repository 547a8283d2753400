import { readdirSync, writeFileSync } from 'node:fs';
import { launch } from './support/browser';
const b = await launch();
for (const d of ['412-light', '320-light', '412-dark']) {
  const dir = `/tmp/counter-shots/${d}`;
  const files = readdirSync(dir).filter((f) => /^\d\d-/.test(f));
  for (const [i, part] of [files.slice(0, 8), files.slice(8)].entries()) {
    writeFileSync(`${dir}/sheet.html`, `<body style="margin:0;display:grid;grid-template-columns:repeat(4,1fr);gap:6px;background:#888">${part.map((f) => `<img src="${f}" style="width:100%">`).join('')}`);
    const p = await b.newPage({ viewport: { width: 1660, height: 1200 } });
    await p.goto(`file://${dir}/sheet.html`);
    await p.screenshot({ path: `${dir}/sheet${i}.png`, fullPage: true });
  }
}
await b.close();
