import type { JSX } from 'preact';
import { Sheet } from '../shared/design/sheet';
import { c } from '../shared/i18n/console/console';
import { menu } from './routes';

/** Every key of the console. */
export function Help({ open, onClose }: { open: boolean; onClose: () => void }): JSX.Element {
  const m = c().help;
  const rows: readonly (readonly [string, string])[] = [
    ['/', m.search],
    ['j  k', m.walk],
    ['Enter', m.open],
    ['Esc', m.close],
    ['?', m.help],
    ...menu.flatMap(({ entries }) => entries.map(({ name, key }) => [`g  ${key}`, m.go(c().nav.pages[name])] as const)),
  ];
  return (
    <Sheet title={m.title} open={open} onClose={onClose}>
      <dl class="keys">
        {rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split('  ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
