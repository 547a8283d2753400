import type { JSX, TargetedMouseEvent } from 'preact';
import { useState } from 'preact/hooks';
import { Amount } from '../../../shared/design/parts';
import { salesWords } from '../../../shared/i18n/sales-words';

/** One bar: what it is of, and how much it brought; less than nothing where more was taken back. */
export interface Point {
  name: string;
  mark: string;
  won: number;
  count: number;
}

/** Sizes of the drawing, in its own units; it is stretched over the width there is. */
const WIDTH = 340;
const HEIGHT = 132;
const FOOT = 20;
const MARKS = 7;

/** Bars over time. Pressing one tells what it is; the table beneath holds all of them for whoever does not see them. */
export function Bars({ title, points }: { title: string; points: readonly Point[] }): JSX.Element {
  const m = salesWords();
  const best = points.reduce((at, { won }, i) => (won > (points[at]?.won ?? 0) ? i : at), 0);
  const [chosen, setChosen] = useState<number>();
  const shown = points[chosen ?? best];
  const press = (event: TargetedMouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setChosen(Math.min(points.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * points.length))));
  };
  return (
    <figure class="chart">
      {shown && (
        <figcaption class="chart-said">
          <span>{shown.name}</span>
          <Amount won={shown.won} size="s" />
          <span class="chart-count">{m.count(shown.count)}</span>
        </figcaption>
      )}
      <svg class="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT + FOOT}`} role="img" aria-label={m.chart(title)} onClick={press}>
        <Drawn points={points} chosen={chosen ?? best} />
      </svg>
      <details class="chart-table">
        <summary>{m.table}</summary>
        <table>
          <caption class="unseen">{m.tableOf(title)}</caption>
          <thead>
            <tr>
              <th scope="col">{m.when}</th>
              <th scope="col">{m.amount}</th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ name, won, count }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <Amount won={won} size="s" /> <span class="chart-count">{m.count(count)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function Drawn({ points, chosen }: { points: readonly Point[]; chosen: number }): JSX.Element {
  const top = Math.max(1, ...points.map(({ won }) => won));
  const low = Math.min(0, ...points.map(({ won }) => won));
  const unit = HEIGHT / (top - low);
  const zero = top * unit;
  const step = WIDTH / Math.max(1, points.length);
  const wide = Math.min(28, step * 0.66);
  const every = Math.ceil(points.length / MARKS);
  return (
    <>
      <line class="bars-zero" x1="0" x2={WIDTH} y1={zero} y2={zero} />
      {points.map(({ name, mark, won }, i) => {
        const x = i * step + (step - wide) / 2;
        const height = Math.max(won === 0 ? 0 : 2, Math.abs(won) * unit);
        return (
          <g key={name}>
            <rect class={['bars-bar', i === chosen && 'is-chosen', won < 0 && 'is-less'].filter(Boolean).join(' ')} x={x} y={won < 0 ? zero : zero - height} width={wide} height={height} rx={Math.min(5, wide / 3)} />
            {i % every === 0 && (
              <text class="bars-mark" x={x + wide / 2} y={HEIGHT + FOOT - 4} text-anchor="middle">
                {mark}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}

/** The hours of the day, the fuller the more they brought. */
export function Heat({ points }: { points: readonly Point[] }): JSX.Element {
  const m = salesWords();
  const most = Math.max(1, ...points.map(({ won }) => won));
  const best = points.find(({ won }) => won === most);
  const cell = WIDTH / 12;
  return (
    <figure class="chart">
      {best && <figcaption class="chart-said">{m.busiest(points.indexOf(best), best.won)}</figcaption>}
      <svg class="heat" viewBox={`0 0 ${WIDTH} ${2 * cell + 2}`} role="img" aria-label={m.chart(m.byTime)}>
        {points.map(({ name, mark, won }, i) => {
          const level = won <= 0 ? 0 : Math.ceil((4 * won) / most);
          const [x, y] = [(i % 12) * cell, Math.floor(i / 12) * cell];
          return (
            <g key={name}>
              <rect class={`heat-cell heat-${level}`} x={x + 1.5} y={y + 1.5} width={cell - 3} height={cell - 3} rx="6" />
              <text class={`heat-mark heat-mark-${level}`} x={x + cell / 2} y={y + cell / 2 + 4} text-anchor="middle">
                {mark}
              </text>
            </g>
          );
        })}
      </svg>
      <details class="chart-table">
        <summary>{m.table}</summary>
        <table>
          <caption class="unseen">{m.tableOf(m.byTime)}</caption>
          <thead>
            <tr>
              <th scope="col">{m.when}</th>
              <th scope="col">{m.amount}</th>
            </tr>
          </thead>
          <tbody>
            {points
              .filter(({ count }) => count > 0)
              .map(({ name, won, count }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <Amount won={won} size="s" /> <span class="chart-count">{m.count(count)}</span>
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
