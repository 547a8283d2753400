import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { adapters, merchants } from '../../api-merchant';
import { Form } from '../../form';
import { Page, Part } from '../../parts';
import { DetailFields, newDetails } from './fields';
import './merchants.css';
import { newTerminal, TerminalFields } from './terminals';

/** A new merchant. It begins in review: contract and account follow in its tabs, then its activation. */
export default function NewMerchantPage(): JSX.Element {
  const [draft, setDraft] = useState(newDetails);
  const [terminals, setTerminals] = useState([newTerminal()]);
  const known = useLoad((signal) => adapters.list(signal), 'adapters');
  const only = known.data?.find(({ kind }) => kind === 'ACQUIRER')?.name ?? '';
  // Most installations speak to one acquirer.
  const filled = terminals.map((each) => (each.acquirer === '' ? { ...each, acquirer: only } : each));
  const m = c().merchants;
  const create = async (): Promise<void> => {
    const made = await merchants.create({ ...draft, terminals: filled });
    toast(m.created);
    navigate(`/merchants/${made.id}?tab=contract`, { replace: true });
  };
  return (
    <Page title={m.add}>
      <Form act={m.create} ready={draft.name.trim() !== '' && draft.businessNumber !== ''} onSend={create}>
        {(failure) => (
          <>
            <p class="desk-note">{m.createHint}</p>
            <Part page title={m.tabs.information}>
              <DetailFields draft={draft} failure={failure} onDraft={setDraft} />
            </Part>
            <Part page title={m.tabs.terminals}>
              <TerminalFields terminals={filled} failure={failure} onTerminals={setTerminals} />
            </Part>
          </>
        )}
      </Form>
    </Page>
  );
}
