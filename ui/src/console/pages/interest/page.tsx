import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, IconButton } from '../../../shared/design/controls';
import { Badge, Facts, type Tone } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { amountText, t } from '../../../shared/i18n/i18n';
import { href, place } from '../../../shared/router/router';
import { koreanDay } from '../../../shared/text/day';
import { monthAfter, monthsText } from '../../../shared/text/months';
import { Act } from '../../act';
import { conditions, open, opened, setQuery } from '../../address';
import { interestFree, type InterestFree } from '../../api-office';
import { Drawer, Split } from '../../drawer';
import { badOf, Form, Select } from '../../form';
import { Filters } from '../../filters';
import { useList, type List } from '../../list';
import { Id, Page } from '../../parts';
import { ScopeField, whom } from '../../scope';
import { Table, type Column } from '../../table';
import { draftMonths } from './months';
import '../../office.css';

type State = 'NOW' | 'COMING' | 'PAST';
const TONES: Record<State, Tone> = { NOW: 'ok', COMING: 'accent', PAST: 'plain' };

const stateOf = ({ from, until }: InterestFree, today: string): State => (until < today ? 'PAST' : from > today ? 'COMING' : 'NOW');

const columns = (today: string): Column<InterestFree>[] => {
  const m = c().interest;
  return [
    { key: 'card', title: m.columns.card, cell: (row) => row.issuerName },
    { key: 'months', title: m.columns.months, cell: (row) => m.monthsOf(monthsText(row.months)) },
    { key: 'over', title: m.columns.over, end: true, cell: (row) => m.over(amountText(row.minAmount)) },
    { key: 'from', title: m.columns.from, wide: true, cell: (row) => row.from },
    { key: 'until', title: m.columns.until, cell: (row) => row.until },
    {
      key: 'state',
      title: m.columns.state,
      cell: (row) => {
        const state = stateOf(row, today);
        return <Badge tone={TONES[state]}>{m.states[state]}</Badge>;
      },
    },
  ];
};

/** Interest-free events by card and month. */
export default function InterestPage(): JSX.Element {
  const today = koreanDay(new Date());
  const month = place.value.query.get('month') ?? today.slice(0, 7);
  const { merchantId = '' } = conditions(['merchantId']);
  const [adding, setAdding] = useState(false);
  const all = useList(async (_, signal) => ({ rows: await interestFree.list(merchantId, signal) }), merchantId);
  const rows = all.rows.filter(({ from, until }) => from.slice(0, 7) <= month && until.slice(0, 7) >= month);
  const list: List<InterestFree> = { ...all, rows };
  const row = rows.find(({ id }) => id === opened());
  const m = c().interest;
  return (
    <Page
      title={c().nav.pages.interest}
      acts={
        <>
          <a class="button button-text" href={interestFree.exportAddress(merchantId)} download="">
            {m.export}
          </a>
          <Button kind="soft" icon="plus" onPress={() => setAdding(true)}>
            {m.add}
          </Button>
          <Button kind="tint" icon="upload" href={href(`/interest-free/import${merchantId ? `?merchantId=${merchantId}` : ''}`)}>
            {m.import}
          </Button>
        </>
      }
    >
      <Split side={row && <Beside key={row.id} row={row} merchantId={merchantId} onChange={all.reload} />}>
        <Filters filters={[{ name: 'merchantId', label: c().filter.merchantId }]}>
          <MonthLine month={month} />
        </Filters>
        <Table
          label={c().nav.pages.interest}
          columns={columns(today)}
          list={list}
          rowKey={({ id = '' }) => id}
          opened={opened()}
          onOpen={({ id = '' }) => open(id)}
          empty={{ title: m.emptyTitle, text: m.emptyText }}
        />
      </Split>
      <Add
        open={adding}
        merchantId={merchantId}
        onClose={() => setAdding(false)}
        onAdded={(event) => {
          setAdding(false);
          toast(m.added);
          setQuery({ month: event.from.slice(0, 7) });
          all.reload();
        }}
      />
    </Page>
  );
}

function MonthLine({ month }: { month: string }): JSX.Element {
  const m = c().interest;
  const [year = 0, of = 1] = month.split('-').map(Number);
  return (
    <div class="month-line">
      <IconButton icon="back" label={m.previous} onPress={() => setQuery({ month: monthAfter(month, -1) })} />
      <strong aria-live="polite">{m.month(year, of)}</strong>
      <IconButton icon="next" label={m.next} onPress={() => setQuery({ month: monthAfter(month, 1) })} />
    </div>
  );
}

function Beside({ row, merchantId, onChange }: { row: InterestFree; merchantId: string; onChange: () => void }): JSX.Element {
  const m = c().interest;
  return (
    <Drawer title={`${row.issuerName} ${m.monthsOf(monthsText(row.months))}`} onClose={() => open('')}>
      <Facts
        rows={[
          [m.columns.card, `${row.issuerName} (${row.issuerCode})`],
          [m.columns.months, m.monthsOf(row.months.join(', '))],
          [m.columns.over, m.over(amountText(row.minAmount))],
          [m.columns.from, row.from],
          [m.columns.until, row.until],
          [m.whose, whom(merchantId, '')],
          ['ID', row.id && <Id key="i">{row.id}</Id>],
        ]}
      />
      <div class="acts acts-start">
        <Act
          name={m.remove}
          title={`${row.issuerName} ${m.monthsOf(monthsText(row.months))}: ${m.remove}`}
          danger
          onAct={async (reason) => {
            await interestFree.remove(row.id ?? '', merchantId, reason);
            open('');
            onChange();
            return m.removed;
          }}
        >
          <p>{m.removeText}</p>
        </Act>
      </div>
    </Drawer>
  );
}

interface AddProps {
  open: boolean;
  merchantId: string;
  onClose: () => void;
  onAdded: (event: InterestFree) => void;
}

function Add({ open: shown, merchantId, onClose, onAdded }: AddProps): JSX.Element {
  const today = koreanDay(new Date());
  const [draft, setDraft] = useState({ merchantId, issuerCode: '', months: '', minAmount: '50000', from: today, until: today });
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  const m = c().interest;
  const months = draftMonths(draft.months);
  const send = async (): Promise<void> => {
    const { merchantId: of, minAmount, ...rest } = draft;
    onAdded(await interestFree.add({ ...rest, months, minAmount: Number(minAmount), ...(of ? { merchantId: of } : {}) }));
    setDraft({ ...draft, issuerCode: '', months: '' });
  };
  return (
    <Sheet title={m.add} open={shown} onClose={onClose}>
      <Form act={m.add} ready={draft.issuerCode !== '' && months.length > 0 && draft.minAmount !== ''} onSend={send}>
        {(failure) => (
          <>
            <ScopeField value={draft.merchantId} bad={badOf(failure, '/merchantId')} onChange={(of) => set({ merchantId: of })} />
            <Select label={m.columns.card} value={draft.issuerCode} options={{ ...t().desk.issuers, '': m.choose }} onChange={(issuerCode) => set({ issuerCode })} />
            <Field label={m.months} hint={m.monthsHint} value={draft.months} onInput={(text) => set({ months: text })} bad={badOf(failure, '/months')} maxLength={40} />
            <Field label={m.minAmount} value={draft.minAmount} onInput={(text) => set({ minAmount: text.replace(/\D/g, '').slice(0, 10) })} bad={badOf(failure, '/minAmount')} numeric />
            <Field label={m.columns.from} type="date" value={draft.from} onInput={(from) => set({ from })} bad={badOf(failure, '/from')} />
            <Field label={m.columns.until} type="date" value={draft.until} onInput={(until) => set({ until })} bad={badOf(failure, '/until')} />
          </>
        )}
      </Form>
    </Sheet>
  );
}
