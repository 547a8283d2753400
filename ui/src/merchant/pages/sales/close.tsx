import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { outcomeOpen } from '../../../shared/api/failure';
import { PressKey } from '../../../shared/api/key';
import { closings, type DayState } from '../../../shared/api/sales';
import { Button, Field } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { salesWords } from '../../../shared/i18n/sales-words';
import { grouped, parseWon } from '../../../shared/money/money';
import { navigate } from '../../../shared/router/router';
import { useFollow } from '../../../shared/state/follow';
import { useLoad } from '../../../shared/state/load';
import { rights } from '../../../shared/state/rights';
import { koreanDay } from '../../../shared/text/day';
import type { PageInput } from '../../routes';
import { ClosedDay } from './closed';
import { differenceOf, piecesOf, worth, type Count } from './count';
import { Difference, Drawer } from './drawer';
import { Figures } from './figures';
import { NoSales } from './noright';
import { readDay } from './period';
import { dayName } from './words';
import './sales.css';

/** Close of day: the books, the cash counted, the difference. Of a day that is closed: how it was. */
export default function ClosePage({ query }: PageInput): JSX.Element {
  const m = salesWords();
  const day = readDay(query.get('day'), koreanDay(new Date()));
  const load = useLoad((signal) => closings.day(day, signal), day);
  useFollow(load.reload);
  if (!rights.value.viewSales) return <NoSales title={m.closeTitle} />;
  return (
    <Page title={m.closeTitle} up="/sales/closings">
      {load.data ? <Shown state={load.data} onChanged={load.reload} /> : load.failure === undefined ? <Skeleton shape="row" count={6} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

function Shown({ state, onChanged }: { state: DayState; onChanged: () => void }): JSX.Element {
  return state.status === 'CLOSED' ? <ClosedDay state={state} onChanged={onChanged} /> : <OpenDay state={state} onChanged={onChanged} />;
}

/** A day that is counted now. What is typed stays while sales come in. */
function OpenDay({ state, onChanged }: { state: DayState; onChanged: () => void }): JSX.Element {
  const m = salesWords();
  const [count, setCount] = useState<Count>({});
  const [float, setFloat] = useState(0);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const key = useRef(new PressKey());
  const change = <T,>(set: (value: T) => void) => (value: T): void => {
    if (!busy) key.current.settle(); // another content is another press
    set(value);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await closings.close({ day: state.day, counted: piecesOf(count), float, note }, key.current.value);
      key.current.settle();
      toast(m.closeDone);
      void navigate(`/sales/close?day=${state.day}`, { replace: true });
      onChanged();
    } catch (cause) {
      if (!outcomeOpen(cause)) key.current.settle();
      setFailure(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <section class="sales-head">
        <h2>{dayName(state.day)}</h2>
        <Amount won={state.total.netAmount} size="xl" />
        <Figures total={state.total} methods={state.methods} />
      </section>
      <section class="sales-block">
        <h2>{m.countTitle}</h2>
        <Drawer count={count} onChange={change(setCount)} />
        <Field label={m.float} hint={m.floatHint} numeric value={float ? grouped(float) : ''} placeholder="0" onInput={(text) => change(setFloat)(parseWon(text))} suffix={<span class="suffix">{t().common.won}</span>} />
        <Sums counted={worth(count)} float={float} expected={state.expectedCash} />
        <Difference won={differenceOf(count, float, state.expectedCash)} />
        <Field label={m.note} hint={m.noteHint} optional value={note} maxLength={500} onInput={change(setNote)} />
      </section>
      <FailureNotice failure={failure} />
      <p class="field-hint">{m.closeAsk}</p>
      <Button kind="primary" type="submit" wide disabled={busy}>
        {m.closeAct(dayName(state.day))}
      </Button>
    </form>
  );
}

/** The three sums that the difference is made of. */
export function Sums({ counted, float, expected }: { counted: number; float: number; expected: number }): JSX.Element {
  const m = salesWords();
  return (
    <dl class="facts drawer-sums">
      {([[m.counted, counted], [m.float, float], [m.expected, expected]] as const).map(([name, won]) => (
        <div class="fact" key={name}>
          <dt>{name}</dt>
          <dd>
            <Amount won={won} size="s" />
          </dd>
        </div>
      ))}
    </dl>
  );
}
