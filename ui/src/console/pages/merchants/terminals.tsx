import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, IconButton } from '../../../shared/design/controls';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { merchants, type Terminal } from '../../api-merchant';
import { badOf, Form } from '../../form';
import type { TabInput } from './detail';

export const newTerminal = (acquirer = ''): Terminal => ({ tid: '', mid: '', acquirer });

/** Terminals as rows that can be changed. */
export function TerminalFields({ terminals, failure, onTerminals }: { terminals: readonly Terminal[]; failure: unknown; onTerminals: (next: Terminal[]) => void }): JSX.Element {
  const m = c().merchants;
  const set = (at: number, change: Partial<Terminal>): void => onTerminals(terminals.map((each, i) => (i === at ? { ...each, ...change } : each)));
  return (
    <div class="form-rows">
      {terminals.map((terminal, i) => (
        <div class="form-row" key={i}>
          <Field label={m.tid} value={terminal.tid} onInput={(tid) => set(i, { tid })} bad={badOf(failure, `/terminals/${i}/tid`)} maxLength={8} />
          <Field label={m.mid} value={terminal.mid} onInput={(mid) => set(i, { mid })} bad={badOf(failure, `/terminals/${i}/mid`)} maxLength={15} />
          <Field label={m.acquirer} value={terminal.acquirer} onInput={(acquirer) => set(i, { acquirer })} bad={badOf(failure, `/terminals/${i}/acquirer`)} maxLength={50} />
          <IconButton icon="bin" label={m.removeTerminal(terminal.tid)} disabled={terminals.length === 1} onPress={() => onTerminals(terminals.filter((_, at) => at !== i))} />
        </div>
      ))}
      <Button kind="soft" icon="plus" onPress={() => onTerminals([...terminals, newTerminal(terminals[0]?.acquirer)])}>
        {m.addTerminal}
      </Button>
    </div>
  );
}

/** The terminals through which a merchant's payments go. */
export function TerminalsTab({ merchant, onChange }: TabInput): JSX.Element {
  const [terminals, setTerminals] = useState(merchant.terminals);
  return (
    <Form
      act={t().settings.save}
      ready={JSON.stringify(terminals) !== JSON.stringify(merchant.terminals)}
      onSend={async () => {
        setTerminals((await merchants.setTerminals(merchant.id, terminals, merchant.version)).terminals);
        toast(t().settings.saved);
        onChange();
      }}
    >
      {(failure) => (
        <>
          <p class="desk-note">{c().merchants.terminalsHint}</p>
          <TerminalFields terminals={terminals} failure={failure} onTerminals={setTerminals} />
        </>
      )}
    </Form>
  );
}
