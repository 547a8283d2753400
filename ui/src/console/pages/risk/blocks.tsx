import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { Badge, Facts } from '../../../shared/design/parts';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { groupPhone } from '../../../shared/text/digits';
import { Act } from '../../act';
import { conditions, open, opened } from '../../address';
import { risk, type Block, type BlockRequest } from '../../api-risk';
import { Drawer, Split } from '../../drawer';
import { Filters } from '../../filters';
import { badOf, Form, Select } from '../../form';
import { useList } from '../../list';
import { Id, When } from '../../parts';
import { Table, type Column } from '../../table';
import { isCard, maskedCard, searchText, untilOf, type Term } from './draft';

const NEW = 'new';

const columns = (): Column<Block>[] => {
  const m = c().risk;
  return [
    { key: 'label', title: m.blocked, cell: (row) => <span class="when">{row.label}</span> },
    { key: 'kind', title: m.kind, cell: (row) => m.blockKinds[row.kind] },
    { key: 'until', title: m.blockUntil, cell: (row) => <Until block={row} /> },
    { key: 'reason', title: c().act.reason, cell: (row) => row.reason },
    { key: 'at', title: m.blockedAt, wide: true, cell: (row) => <When at={row.createdAt} /> },
  ];
};

function Until({ block }: { block: Block }): JSX.Element {
  const m = c().risk;
  if (block.ended) return <Badge tone="plain">{m.ended}</Badge>;
  return block.until ? <When at={block.until} /> : <>{m.forEver}</>;
}

/** Cards, ranges and numbers that are never taken. Of a card no more is known here than its first six and last four digits. */
export function BlocksTab(): JSX.Element {
  const { kind, q } = conditions(['kind', 'q']);
  const query = { ...(kind ? { kind: kind as Block['kind'] } : {}), ...(q ? { q: searchText(q) } : {}) };
  const list = useList((cursor, signal) => risk.blocks(query, cursor, signal), JSON.stringify(query));
  const m = c().risk;
  const row = list.rows.find((each) => each.id === opened());
  const done = (): void => {
    list.reload();
    open('');
  };
  return (
    <Split
      side={
        opened() === NEW ? (
          <Drawer title={m.block} onClose={() => open('')}>
            <BlockForm onDone={done} />
          </Drawer>
        ) : (
          row && <Beside key={row.id} block={row} onDone={done} />
        )
      }
    >
      <div class="acts acts-start">
        <Button kind="primary" icon="plus" onPress={() => open(NEW)}>
          {m.block}
        </Button>
      </div>
      <p class="desk-note">{m.blocksHint}</p>
      <Filters
        filters={[
          { name: 'kind', label: m.kind, options: Object.entries(m.blockKinds).map(([value, text]) => ({ value, text })) },
          { name: 'q', label: m.blockSearch, clean: searchText },
        ]}
      />
      <Table
        label={m.tabs.blocks}
        columns={columns()}
        list={list}
        rowKey={(each) => each.id}
        opened={opened()}
        onOpen={(each) => open(each.id)}
        empty={{ title: m.emptyBlocks, text: kind || q ? c().filter.emptyText : m.emptyBlocksText }}
      />
    </Split>
  );
}

function Beside({ block, onDone }: { block: Block; onDone: () => void }): JSX.Element {
  const m = c().risk;
  return (
    <Drawer title={block.label} onClose={() => open('')}>
      <div class="drawer-hero">
        <Badge tone={block.ended ? 'plain' : 'bad'}>{block.ended ? m.ended : m.blockedNow}</Badge>
        <span>{m.blockKinds[block.kind]}</span>
      </div>
      <Facts
        rows={[
          [c().act.reason, block.reason],
          [m.blockUntil, block.until ? <When key="u" at={block.until} /> : m.forEver],
          [m.blockedAt, <When key="a" at={block.createdAt} />],
          [m.by, <Id key="b">{block.createdBy}</Id>],
          ['ID', <Id key="i">{block.id}</Id>],
        ]}
      />
      <div class="acts acts-start">
        <Act
          name={m.lift}
          title={`${block.label}: ${m.lift}`}
          danger
          onAct={async (reason) => {
            await risk.lift(block.id, reason);
            onDone();
            return m.lifted;
          }}
        >
          <p>{m.liftText}</p>
        </Act>
      </div>
    </Drawer>
  );
}

/** What is blocked is typed here; a card number is shown as dots and gone once it is sent. */
function BlockForm({ onDone }: { onDone: () => void }): JSX.Element {
  const [kind, setKind] = useState<Block['kind']>('CARD');
  const [text, setText] = useState('');
  const [term, setTerm] = useState<Term>('EVER');
  const [day, setDay] = useState('');
  const [reason, setReason] = useState('');
  const m = c().risk;
  const digits = text.replace(/\D/g, '');
  const right = { CARD: isCard(text), BIN: digits.length === 6 || digits.length === 8, PHONE: digits.length >= 10 && digits.length <= 11 }[kind];
  const field = ({ CARD: 'number', BIN: 'bin', PHONE: 'phone' } as const)[kind];
  const send = async (): Promise<void> => {
    const until = untilOf(term, day, new Date());
    const body: BlockRequest = { [field]: digits, reason: reason.trim(), ...(until ? { until } : {}) };
    const made = await risk.block(body);
    setText('');
    toast(m.blockMade(made.label));
    onDone();
  };
  const choose = (next: Block['kind']): void => {
    setKind(next);
    setText('');
  };
  return (
    <Form act={m.block} ready={right && reason.trim() !== '' && (term !== 'DATE' || day !== '')} onSend={send}>
      {(failure) => (
        <>
          <Select label={m.what} value={kind} options={m.blockKinds} onChange={choose} />
          <Field
            key={kind}
            label={m.blockFields[kind]}
            value={text}
            onInput={setText}
            hint={kind === 'CARD' && right ? m.willBlock(maskedCard(text)) : kind === 'PHONE' && right ? groupPhone(digits) : m.blockHints[kind]}
            bad={badOf(failure, `/${field}`)}
            secret={kind === 'CARD'}
            maxLength={kind === 'CARD' ? 23 : 13}
            numeric
          />
          <div class="form-grid">
            <Select label={m.blockUntil} value={term} options={m.termNames} onChange={setTerm} />
            {term === 'DATE' && <Field label={m.lastDay} type="date" value={day} onInput={setDay} bad={badOf(failure, '/until')} />}
          </div>
          <Field label={c().act.reason} hint={c().act.reasonHint} value={reason} onInput={setReason} bad={badOf(failure, '/reason')} maxLength={200} />
        </>
      )}
    </Form>
  );
}
