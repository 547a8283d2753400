import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { amountText, t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { merchants, type Contract, type ContractState } from '../../api-merchant';
import { Part, When } from '../../parts';
import { ContractForm } from './contract-form';
import type { TabInput } from './detail';

/** Fees, limits and settlement: what holds now, what will hold, and the way to change it. */
export function ContractTab({ merchant, onChange }: TabInput): JSX.Element {
  const load = useLoad((signal) => merchants.contract(merchant.id, signal), merchant.id);
  const [editing, setEditing] = useState(false);
  const m = c().contract;
  const state = load.data;
  if (!state) return load.failure === undefined ? <Skeleton shape="line" count={8} /> : <ErrorState failure={load.failure} onRetry={load.reload} />;
  if (editing) {
    return (
      <ContractForm
        merchantId={merchant.id}
        state={state}
        onClose={() => setEditing(false)}
        onAsked={(approval) => {
          setEditing(false);
          toast(approval.status === 'PENDING' ? c().approvals.asked : t().settings.saved);
          load.reload();
          onChange();
        }}
      />
    );
  }
  return (
    <div class="tab-body">
      {state.approvalId && (
        <Notice tone="warn" icon="clock">
          <p>{m.waits}</p>
          <a class="link" href={href(`/approvals?open=${state.approvalId}`)}>
            {c().nav.pages.approvals}
          </a>
        </Notice>
      )}
      {!state.latest && <p class="desk-note">{m.none}</p>}
      {state.current && <Terms title={m.now} contract={state.current} />}
      {state.latest && state.latest.version !== state.current?.version && <Terms title={m.from(state.latest.effective)} contract={state.latest} />}
      <div class="acts acts-start">
        <Button kind="soft" disabled={state.approvalId !== undefined} onPress={() => setEditing(true)}>
          {state.latest ? m.change : m.make}
        </Button>
      </div>
    </div>
  );
}

/** 150 as 1.50 %. */
export const rateText = (rate: number): string => `${(rate / 100).toFixed(2)} %`;

function Terms({ title, contract }: { title: string; contract: NonNullable<ContractState['current']> }): JSX.Element {
  const m = c().contract;
  const limit = (won: number | undefined): string => (won ? amountText(won) : m.noLimit);
  const { settlement, limits } = contract;
  return (
    <Part page title={title}>
      <div class="terms">
        <Fees contract={contract} />
        <Facts
          rows={[
            [m.perPayment, limit(limits.perPayment)],
            [m.perDay, limit(limits.perDay)],
            [m.perMonth, limit(limits.perMonth)],
            [m.installments, limits.maxInstallmentMonths === 0 ? m.lumpSum : m.months(limits.maxInstallmentMonths)],
            [m.account, settlement.maskedAccount && `${settlement.bankName ?? ''} ${settlement.maskedAccount} ${settlement.holder ?? ''}`],
            [m.cycle, `D+${settlement.cycle}`],
            [m.term, contract.until ? `${contract.from} – ${contract.until}` : m.from(contract.from)],
            [m.version, contract.version],
            [m.changedBy, contract.changedBy.name ?? contract.changedBy.id],
            [m.changedAt, <When key="c" at={contract.changedAt} />],
          ]}
        />
      </div>
    </Part>
  );
}

function Fees({ contract }: { contract: Contract }): JSX.Element {
  const m = c().contract;
  return (
    <table class="diff">
      <thead>
        <tr>
          <th scope="col">{m.method}</th>
          <th scope="col">{m.issuer}</th>
          <th scope="col">{m.cardType}</th>
          <th scope="col">{contract.feeVat ? m.rateVat : m.rate}</th>
        </tr>
      </thead>
      <tbody>
        {contract.fees.map((fee) => (
          <tr key={`${fee.method}${fee.issuerCode}${fee.cardType}`}>
            <td>{t().channel[fee.method]}</td>
            <td>{fee.issuerCode ? (t().desk.issuers[fee.issuerCode] ?? fee.issuerCode) : c().filter.any}</td>
            <td>{fee.cardType ? t().cardType[fee.cardType] : c().filter.any}</td>
            <td>{rateText(fee.rate)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
