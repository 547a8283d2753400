import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, IconButton } from '../../../shared/design/controls';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { koreanDay } from '../../../shared/text/day';
import { merchants, type Approval, type ContractChange, type ContractState } from '../../api-merchant';
import { badOf, Check, Form, Select } from '../../form';
import { Part } from '../../parts';

interface Props {
  merchantId: string;
  state: ContractState;
  onClose: () => void;
  onAsked: (approval: Approval) => void;
}

type Fee = ContractChange['fees'][number];

/** The next version of a contract out of the newest one: everything but the account, which is named anew or stays. */
export function nextVersion({ latest, version }: ContractState, today: string): ContractChange {
  if (!latest) {
    return { version, effective: today, from: today, fees: [{ method: 'CARD', rate: 250 }], feeVat: true, limits: { maxInstallmentMonths: 12 }, settlement: { cycle: 2 }, reason: '' };
  }
  const fees = latest.fees.map(({ method, issuerCode, cardType, rate }): Fee => ({ method, rate, ...(issuerCode ? { issuerCode } : {}), ...(cardType ? { cardType } : {}) }));
  const { perPayment, perDay, perMonth, maxInstallmentMonths } = latest.limits;
  const limits = { maxInstallmentMonths, ...(perPayment ? { perPayment } : {}), ...(perDay ? { perDay } : {}), ...(perMonth ? { perMonth } : {}) };
  const effective = latest.effective > today ? latest.effective : today;
  return { version, effective, from: latest.from, ...(latest.until ? { until: latest.until } : {}), fees, feeVat: latest.feeVat, limits, settlement: { cycle: latest.settlement.cycle }, reason: '' };
}

/** Hundredths of a percent in what somebody types as a percentage; null for what is none. */
export function rateOf(text: string): number | null {
  const found = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (!found) return null;
  const rate = Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
  return rate <= 10_000 ? rate : null;
}

const digits = (text: string): number => Number(text.replace(/\D/g, '').slice(0, 13));

/** Asks for a new version: another operator decides about it. */
export function ContractForm({ merchantId, state, onClose, onAsked }: Props): JSX.Element {
  const [draft, setDraft] = useState(() => nextVersion(state, koreanDay(new Date())));
  const banks = useLoad((signal) => merchants.banks(signal), 'banks');
  const set = (change: Partial<ContractChange>): void => setDraft({ ...draft, ...change });
  const settle = (change: Partial<ContractChange['settlement']>): void => set({ settlement: { ...draft.settlement, ...change } });
  const bound = (change: Partial<ContractChange['limits']>): void => set({ limits: { ...draft.limits, ...change } });
  const m = c().contract;
  const money = (name: 'perPayment' | 'perDay' | 'perMonth', failure: unknown): JSX.Element => (
    <Field label={m[name]} hint={m.zero} value={String(draft.limits[name] ?? 0)} onInput={(text) => bound({ [name]: digits(text) })} bad={badOf(failure, `/limits/${name}`)} numeric />
  );
  return (
    <Form act={m.ask} ready={draft.reason.trim() !== ''} onSend={async () => onAsked(await merchants.changeContract(merchantId, draft))}>
      {(failure) => (
        <>
          <p class="desk-note">{m.askHint}</p>
          <Part page title={m.fees}>
            <FeeFields fees={draft.fees} failure={failure} onFees={(fees) => set({ fees })} />
            <Check label={m.feeVat} on={draft.feeVat ?? false} onChange={(feeVat) => set({ feeVat })} />
          </Part>
          <Part page title={m.limits}>
            <div class="form-grid">
              {money('perPayment', failure)}
              {money('perDay', failure)}
              {money('perMonth', failure)}
              <Field
                label={m.installments}
                hint={m.installmentsHint}
                value={String(draft.limits.maxInstallmentMonths)}
                onInput={(text) => bound({ maxInstallmentMonths: digits(text) })}
                bad={badOf(failure, '/limits/maxInstallmentMonths')}
                numeric
              />
            </div>
          </Part>
          <Part page title={m.settlement}>
            <div class="form-grid">
              <Select label={m.bank} value={draft.settlement.bank ?? ''} options={{ '': state.latest ? m.asBefore : m.choose, ...Object.fromEntries((banks.data ?? []).map(({ code, name }) => [code, name])) }} onChange={(bank) => settle({ bank })} />
              <Field label={m.accountNumber} value={draft.settlement.accountNumber ?? ''} onInput={(accountNumber) => settle({ accountNumber })} bad={badOf(failure, '/settlement/accountNumber')} maxLength={20} numeric />
              <Field label={m.holder} value={draft.settlement.holder ?? ''} onInput={(holder) => settle({ holder })} bad={badOf(failure, '/settlement/holder')} maxLength={50} />
              <Field label={m.cycleDays} value={String(draft.settlement.cycle)} onInput={(text) => settle({ cycle: digits(text) })} bad={badOf(failure, '/settlement/cycle')} numeric />
            </div>
          </Part>
          <Part page title={m.term}>
            <div class="form-grid">
              <Field label={m.effective} type="date" value={draft.effective} onInput={(effective) => set({ effective })} bad={badOf(failure, '/effective')} />
              <Field label={m.first} type="date" value={draft.from} onInput={(from) => set({ from })} bad={badOf(failure, '/from')} />
              <Field label={m.last} type="date" optional value={draft.until ?? ''} onInput={(until) => set(until ? { until } : withoutEnd(draft))} bad={badOf(failure, '/until')} />
            </div>
          </Part>
          <Field label={c().act.reason} hint={c().act.reasonHint} value={draft.reason} onInput={(reason) => set({ reason })} bad={badOf(failure, '/reason')} maxLength={200} />
          <div class="acts acts-start">
            <Button kind="text" onPress={onClose}>
              {t().common.back}
            </Button>
          </div>
        </>
      )}
    </Form>
  );
}

function withoutEnd(draft: ContractChange): ContractChange {
  const { until: _, ...rest } = draft;
  return rest;
}

/** All card companies by their codes, also one that the app has no name for. */
const issuersWith = (code = ''): Record<string, string> => ({ '': c().filter.any, ...(code ? { [code]: code } : {}), ...t().desk.issuers });

function FeeFields({ fees, failure, onFees }: { fees: readonly Fee[]; failure: unknown; onFees: (fees: Fee[]) => void }): JSX.Element {
  const m = c().contract;
  const set = (at: number, change: Partial<Fee>): void =>
    onFees(
      fees.map((fee, i) => {
        if (i !== at) return fee;
        const { issuerCode, cardType, ...rest } = { ...fee, ...change };
        return { ...rest, ...(issuerCode ? { issuerCode } : {}), ...(cardType ? { cardType } : {}) };
      }),
    );
  return (
    <div class="form-rows">
      {fees.map((fee, i) => (
        <div class="form-row" key={i}>
          <Select label={m.method} value={fee.method} options={{ CARD: t().channel.CARD, CASH: t().channel.CASH }} onChange={(method) => set(i, { method })} />
          <Select label={m.issuer} value={fee.issuerCode ?? ''} options={issuersWith(fee.issuerCode)} onChange={(issuerCode) => set(i, { issuerCode })} />
          <Select
            label={m.cardType}
            value={(fee.cardType ?? '') as NonNullable<Fee['cardType']>}
            options={{ '': c().filter.any, ...t().cardType } as Record<NonNullable<Fee['cardType']>, string>}
            onChange={(cardType) => set(i, { cardType })}
          />
          <Rate rate={fee.rate} bad={badOf(failure, `/fees/${i}/rate`)} onRate={(rate) => set(i, { rate })} />
          <IconButton icon="bin" label={m.removeFee} disabled={fees.length === 1} onPress={() => onFees(fees.filter((_, at) => at !== i))} />
        </div>
      ))}
      <Button kind="soft" icon="plus" onPress={() => onFees([...fees, { method: 'CARD', rate: fees[0]?.rate ?? 0 }])}>
        {m.addFee}
      </Button>
    </div>
  );
}

function Rate({ rate, bad, onRate }: { rate: number; bad: string; onRate: (rate: number) => void }): JSX.Element {
  const [text, setText] = useState((rate / 100).toFixed(2));
  const m = c().contract;
  const type = (next: string): void => {
    setText(next);
    const read = rateOf(next);
    if (read !== null) onRate(read);
  };
  return <Field label={m.rate} value={text} onInput={type} bad={rateOf(text) === null ? m.rateWrong : bad} suffix={<span class="suffix">%</span>} maxLength={6} />;
}
