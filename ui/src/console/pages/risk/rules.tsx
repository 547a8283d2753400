import type { JSX } from 'preact';
import { Button } from '../../../shared/design/controls';
import { Badge } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { open, opened } from '../../address';
import { risk, type Rule } from '../../api-risk';
import { Drawer, Split } from '../../drawer';
import { useList } from '../../list';
import { Id, When } from '../../parts';
import { Table, type Column } from '../../table';
import { limitText } from './draft';
import { RuleForm } from './rule-form';

/** What the address calls a rule that is not there yet. */
const NEW = 'new';

/** Whether a rule is in force. */
const RuleState = ({ rule }: { rule: Rule }): JSX.Element => <Badge tone={rule.enabled ? 'ok' : 'plain'}>{rule.enabled ? c().risk.on : c().risk.off}</Badge>;

const columns = (): Column<Rule>[] => {
  const m = c().risk;
  return [
    { key: 'name', title: m.name, cell: (row) => row.name },
    { key: 'state', title: m.state, cell: (row) => <RuleState rule={row} /> },
    { key: 'action', title: m.action, cell: (row) => m.actions[row.action] },
    { key: 'kind', title: m.kind, wide: true, cell: (row) => m.kinds[row.kind] },
    { key: 'limit', title: m.limit, cell: (row) => limitText(row) },
    { key: 'merchant', title: m.scope, wide: true, cell: (row) => (row.merchantId ? <Id short>{row.merchantId}</Id> : m.everyone) },
    { key: 'at', title: m.changedAt, wide: true, cell: (row) => <When at={row.updatedAt} /> },
  ];
};

/** Every rule; one is tried on last week before it is put in force. */
export function RulesTab(): JSX.Element {
  const list = useList((_, signal) => risk.rules(signal), 'rules');
  const m = c().risk;
  const row = list.rows.find((each) => each.id === opened());
  const making = opened() === NEW;
  const done = (): void => {
    list.reload();
    open('');
  };
  return (
    <Split
      side={
        (making || row) && (
          <Drawer key={row ? `${row.id}/${row.version}` : NEW} title={row?.name ?? m.add} onClose={() => open('')}>
            {row && (
              <div class="drawer-hero">
                <RuleState rule={row} />
                <span>{limitText(row)}</span>
              </div>
            )}
            <RuleForm rule={row} onDone={done} onChange={list.reload} />
          </Drawer>
        )
      }
    >
      <div class="acts acts-start">
        <Button kind="primary" icon="plus" onPress={() => open(NEW)}>
          {m.add}
        </Button>
      </div>
      <p class="desk-note">{m.rulesHint}</p>
      <Table
        label={m.tabs.rules}
        columns={columns()}
        list={list}
        rowKey={(each) => each.id}
        opened={opened()}
        onOpen={(each) => open(each.id)}
        empty={{ title: m.emptyRules, text: m.emptyRulesText }}
      />
    </Split>
  );
}
