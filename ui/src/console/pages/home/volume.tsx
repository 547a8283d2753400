import type { ComponentChildren, JSX } from 'preact';
import { Segments } from '../../../shared/design/controls';
import { Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { grouped } from '../../../shared/money/money';
import { href, place } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { setQuery } from '../../address';
import { unsettled, volume, type Volume, type VolumeFigures } from '../../api';
import { Part, Won } from '../../parts';
import { useRefresh } from '../../refresh';
import { isQuiet, rateOf, rateText, sliceMark, sliceName } from './figures';
import '../../table.css';
import './volume.css';

/** How often the figures are added up anew while somebody looks, in milliseconds. */
const EVERY = 60_000;

type Span = '1' | '7' | '30';
const SPANS: readonly Span[] = ['1', '7', '30'];

/** What was sold and how much of it was approved, over all merchants. */
export function VolumePart(): JSX.Element {
  const m = c().volume;
  const wanted = place.value.query.get('days') as Span;
  const span: Span = SPANS.includes(wanted) ? wanted : '1';
  const load = useLoad(async (signal) => {
    const [figures, open] = await Promise.all([volume(Number(span), signal), unsettled.list({}, undefined, signal)]);
    return { span, figures, open: `${grouped(open.rows.length)}${open.next ? '+' : ''}` };
  }, span);
  useRefresh(load.reload, EVERY);
  // Figures of another span do not stand under this one's name.
  const data = load.data?.span === span ? load.data : undefined;
  return (
    <Part page title={m.title} acts={<Segments label={m.spanLabel} options={SPANS.map((value) => ({ value, text: m.spans[value] }))} value={span} onChange={(days) => setQuery({ days: days === '1' ? '' : days })} />}>
      {!data && load.failure !== undefined && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!data && load.failure === undefined && <Skeleton shape="row" count={5} />}
      {data && (
        <>
          {load.failure !== undefined && <FailureNotice failure={load.failure} />}
          {!data.figures.whole && (
            <Notice tone="warn" icon="alert">
              <p>{m.notWhole(data.figures.from)}</p>
            </Notice>
          )}
          <Tiles figures={data.figures.total} open={data.open} />
          {isQuiet(data.figures) ? (
            <p class="desk-note">{m.empty}</p>
          ) : (
            <>
              <div class="volume-main">
                <Chart report={data.figures} title={m.chart(m.spans[span])} />
                <Slices report={data.figures} label={m.table(m.spans[span])} />
              </div>
              <div class="volume-groups">
                <Groups title={m.byChannel} head={m.channel} rows={data.figures.channels} nameOf={(name) => (t().channel as Record<string, string>)[name] ?? name} />
                <Groups title={m.byAcquirer} head={m.acquirer} rows={data.figures.acquirers} nameOf={(name) => name} />
              </div>
            </>
          )}
        </>
      )}
    </Part>
  );
}

function Tiles({ figures, open }: { figures: VolumeFigures; open: string }): JSX.Element {
  const m = c().volume;
  return (
    <dl class="tiles">
      <Tile name={m.sold} note={m.count(figures.sold)}>
        {grouped(figures.amount)}
      </Tile>
      <Tile name={m.rate} note={m.rateHint(figures.approved, figures.declined)}>
        {rateText(figures)}
      </Tile>
      <Tile name={m.canceled} note={figures.unsent > 0 ? `${m.unsent} ${grouped(figures.unsent)}` : ''}>
        {grouped(figures.canceledAmount)}
      </Tile>
      <Tile
        name={m.open}
        bad={open !== '0'}
        note={
          open === '0' ? (
            m.openNone
          ) : (
            <a class="link" href={href('/unsettled')}>
              {m.toDesk}
            </a>
          )
        }
      >
        {open}
      </Tile>
    </dl>
  );
}

function Tile({ name, note, bad = false, children }: { name: string; note: ComponentChildren; bad?: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <div class={bad ? 'tile is-bad' : 'tile'}>
      <dt>{name}</dt>
      <dd class="tile-value">{children}</dd>
      <dd class="tile-note">{note}</dd>
    </div>
  );
}

/** Sizes of the drawing in its own units; it is stretched over the room there is, its words are not. */
const HIGH = 100;
const SLOT = 10;
/** So many words stand beneath the bars at most. */
const MARKS = 8;

/** Amounts as bars, the approval rate as a step over each. */
function Chart({ report: { slices, hourly }, title }: { report: Volume; title: string }): JSX.Element {
  const m = c().volume;
  const top = Math.max(1, ...slices.map(({ amount }) => amount));
  const every = Math.ceil(slices.length / MARKS);
  return (
    <figure class="volume-chart">
      <svg class="volume-bars" viewBox={`0 0 ${slices.length * SLOT} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={title}>
        {slices.map((slice, i) => {
          const rate = rateOf(slice);
          const height = slice.amount === 0 ? 0 : Math.max(1.5, (slice.amount / top) * (HIGH - 6));
          return (
            <g key={slice.at}>
              <title>{`${sliceName(slice.at, hourly)} · ${grouped(slice.amount)} · ${rateText(slice)}`}</title>
              <rect class="volume-slot" x={i * SLOT} y={0} width={SLOT} height={HIGH} />
              <rect class="volume-bar" x={i * SLOT + SLOT * 0.16} y={HIGH - height} width={SLOT * 0.68} height={height} />
              {rate !== null && <path class="volume-rate" d={`M ${i * SLOT} ${HIGH - rate * (HIGH - 4) - 2} h ${SLOT}`} />}
            </g>
          );
        })}
      </svg>
      <div class="volume-marks" aria-hidden="true">
        {slices.map(({ at }, i) => (
          <span key={at}>{i % every === 0 && <span>{sliceMark(at, hourly)}</span>}</span>
        ))}
      </div>
      <figcaption class="volume-legend">
        <span class="legend-amount">{m.legend.amount}</span>
        <span class="legend-rate">{m.legend.rate}</span>
      </figcaption>
    </figure>
  );
}

/** The same as the chart, to be read: the newest first, without hours in which nothing happened. */
function Slices({ report: { slices, hourly }, label }: { report: Volume; label: string }): JSX.Element {
  const m = c().volume;
  const busy = slices.filter((each) => each.sold + each.declined + each.unsent + each.open > 0).reverse();
  return (
    <div class="table-box volume-table" tabIndex={0} role="region" aria-label={label}>
      <table class="table">
        <Head of={hourly ? m.hour : m.day} />
        <tbody>
          {busy.map((slice) => (
            <tr key={slice.at}>
              <th scope="row" class="volume-when">
                {sliceName(slice.at, hourly)}
              </th>
              <Cells figures={slice} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ figures }: { figures: VolumeFigures }): JSX.Element {
  return (
    <>
      <td class="is-end">{grouped(figures.sold)}</td>
      <td class="is-end">
        <Won won={figures.amount} />
      </td>
      <td class="is-end">{rateText(figures)}</td>
    </>
  );
}

/** The names of the columns, the first one being what the rows are. */
function Head({ of }: { of: string }): JSX.Element {
  const m = c().volume;
  return (
    <thead>
      <tr>
        <th scope="col">{of}</th>
        <th scope="col" class="is-end">
          {m.soldCount}
        </th>
        <th scope="col" class="is-end">
          {m.sold}
        </th>
        <th scope="col" class="is-end">
          {m.rate}
        </th>
      </tr>
    </thead>
  );
}

function Groups({ title, head, rows, nameOf }: { title: string; head: string; rows: Volume['channels']; nameOf: (name: string) => string }): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <div class="table-box" tabIndex={0} role="region" aria-label={title}>
      <table class="table" aria-label={title}>
        <Head of={head} />
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" class="volume-when">
                {nameOf(row.name)}
              </th>
              <Cells figures={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
