import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { t } from '../../../shared/i18n/i18n';
import { grouped } from '../../../shared/money/money';
import { Act } from '../../act';
import { risk, type Rule, type RuleDraft, type Trial } from '../../api-risk';
import { badOf, Form, Select } from '../../form';
import { draftOf, FRESH, PARTS, sent, trialKey, windowParts, windowSeconds, type WindowUnit } from './draft';
import { TrialResult } from './trial';

interface Props {
  /** The one that is changed; none: a new one. */
  rule: Rule | undefined;
  /** It was saved, or is gone. */
  onDone: () => void;
  /** Something of it changed, and it stays open. */
  onChange: () => void;
}

/** A rule as it is written, tried and put in force. In force comes only what was tried as it stands. */
export function RuleForm({ rule, onDone, onChange }: Props): JSX.Element {
  const [draft, setDraft] = useState<RuleDraft>(() => (rule ? draftOf(rule) : FRESH));
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState<{ key: string; trial: Trial }>();
  const m = c().risk;
  const fresh = tried?.key === trialKey(draft) ? tried.trial : undefined;
  const written = draft.name.trim() !== '' && reason.trim() !== '';
  const save = async (enabled: boolean): Promise<void> => {
    const body = sent({ ...draft, enabled });
    await (rule ? risk.change(rule.id, rule.version, body, reason.trim()) : risk.create(body, reason.trim()));
    toast(enabled ? m.nowOn : m.saved);
    onDone();
  };
  return (
    <>
      <Form act={draft.enabled ? m.putOn : m.saveOff} ready={written && (!draft.enabled || fresh !== undefined)} onSend={() => save(draft.enabled)}>
        {(failure) => (
          <>
            <RuleFields draft={draft} failure={failure} onDraft={setDraft} />
            <TrialPart key={trialKey(draft)} draft={draft} trial={fresh} onTrial={(trial) => setTried({ key: trialKey(draft), trial })} />
            <Select label={m.after} value={draft.enabled ? 'ON' : 'OFF'} options={{ ON: m.onAfter, OFF: m.offAfter }} onChange={(to) => setDraft({ ...draft, enabled: to === 'ON' })} />
            {draft.enabled && !fresh && <p class="desk-note">{m.tryFirst}</p>}
            <Field label={c().act.reason} hint={c().act.reasonHint} value={reason} onInput={setReason} bad={badOf(failure, '/reason')} maxLength={200} />
          </>
        )}
      </Form>
      {rule && <RuleActs rule={rule} onDone={onDone} onChange={onChange} />}
    </>
  );
}

/** What is done to a rule as it stands: off, and away. */
function RuleActs({ rule, onDone, onChange }: { rule: Rule; onDone: () => void; onChange: () => void }): JSX.Element {
  const m = c().risk;
  return (
    <div class="acts acts-start rule-acts">
      {rule.enabled && (
        <Act
          name={m.switchOff}
          title={`${rule.name}: ${m.switchOff}`}
          onAct={async (why) => {
            await risk.change(rule.id, rule.version, sent({ ...draftOf(rule), enabled: false }), why);
            onChange();
            return m.nowOff;
          }}
        >
          <p>{m.switchOffText}</p>
        </Act>
      )}
      <Act
        name={m.remove}
        title={`${rule.name}: ${m.remove}`}
        danger
        onAct={async (why) => {
          await risk.remove(rule, why);
          onDone();
          return m.removed;
        }}
      >
        <p>{m.removeText}</p>
      </Act>
    </div>
  );
}

function RuleFields({ draft, failure, onDraft }: { draft: RuleDraft; failure: unknown; onDraft: (next: RuleDraft) => void }): JSX.Element {
  const m = c().risk;
  const set = (change: Partial<RuleDraft>): void => onDraft({ ...draft, ...change });
  const parts = PARTS[draft.kind];
  return (
    <>
      <Field label={m.name} value={draft.name} onInput={(name) => set({ name })} bad={badOf(failure, '/name')} maxLength={100} />
      <div class="form-grid">
        <Select label={m.kind} value={draft.kind} options={m.kinds} onChange={(kind) => set({ kind })} />
        <Select label={m.action} value={draft.action} options={m.actions} onChange={(action) => set({ action })} />
      </div>
      <p class="desk-note">{m.kindHints[draft.kind]}</p>
      <div class="form-grid">
        {parts.includes('count') && (
          <Field label={draft.kind === 'CARD_DECLINES' ? m.mostDeclines : m.mostCount} hint={draft.kind === 'CARD_DECLINES' ? undefined : m.zero} value={String(draft.mostCount ?? 0)} onInput={(text) => set({ mostCount: numberOf(text, 7) })} bad={badOf(failure, '/mostCount')} numeric />
        )}
        {parts.includes('amount') && (
          <Field
            label={m.mostAmount}
            hint={draft.kind === 'PAYMENT_AMOUNT' ? undefined : m.zero}
            value={grouped(draft.mostAmount ?? 0)}
            onInput={(text) => set({ mostAmount: numberOf(text, 13) })}
            bad={badOf(failure, '/mostAmount')}
            suffix={<span class="suffix">{m.unitWon}</span>}
            numeric
          />
        )}
        {parts.includes('window') && <WindowFields seconds={draft.windowSeconds ?? 0} bad={badOf(failure, '/windowSeconds')} onSeconds={(seconds) => set({ windowSeconds: seconds })} />}
        {parts.includes('hours') && (
          <>
            <Field label={m.from} value={draft.from ?? ''} onInput={(from) => set({ from })} bad={badOf(failure, '/from')} placeholder="23:00" maxLength={5} />
            <Field label={m.until} hint={m.untilHint} value={draft.until ?? ''} onInput={(until) => set({ until })} bad={badOf(failure, '/until')} placeholder="06:00" maxLength={5} />
          </>
        )}
        <Field label={m.merchantId} hint={m.merchantHint} value={draft.merchantId ?? ''} onInput={(merchantId) => set({ merchantId })} bad={badOf(failure, '/merchantId')} maxLength={64} />
      </div>
    </>
  );
}

const numberOf = (text: string, most: number): number => Number(text.replace(/\D/g, '').slice(0, most));

function WindowFields({ seconds, bad, onSeconds }: { seconds: number; bad: string; onSeconds: (seconds: number) => void }): JSX.Element {
  const m = c().risk;
  const [{ n, unit }, setParts] = useState(() => windowParts(seconds));
  const set = (next: { n: number; unit: WindowUnit }): void => {
    setParts(next);
    onSeconds(windowSeconds(next.n, next.unit));
  };
  return (
    <div class="window-fields">
      <Field label={m.window} value={String(n)} onInput={(text) => set({ n: numberOf(text, 5), unit })} bad={bad} numeric />
      <Select label={m.windowUnit} value={unit} options={m.units} onChange={(next) => set({ n, unit: next })} />
    </div>
  );
}

/** Runs the draft over last week, and shows what it would have done. */
function TrialPart({ draft, trial, onTrial }: { draft: RuleDraft; trial: Trial | undefined; onTrial: (trial: Trial) => void }): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const m = c().risk;
  const run = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      // The trial needs no name, and a rule without one is refused.
      onTrial(await risk.try(sent({ ...draft, name: draft.name.trim() || m.add })));
    } catch (caught) {
      setFailure(caught);
    } finally {
      setBusy(false);
    }
  };
  const wrong = ['/rule/mostAmount', '/rule/mostCount', '/rule/windowSeconds', '/rule/from', '/rule/until', '/rule/merchantId'].map((each) => badOf(failure, each)).filter(Boolean);
  return (
    <section class="trial" aria-label={m.trial} aria-busy={busy}>
      <div class="trial-head">
        <Button kind="tint" disabled={busy} onPress={() => void run()}>
          {busy ? t().common.loading : m.try}
        </Button>
        <p class="desk-note">{m.tryHint}</p>
      </div>
      {wrong.length > 0 ? (
        <p class="field-bad" role="alert">
          {wrong.join(' ')}
        </p>
      ) : (
        <FailureNotice failure={failure} />
      )}
      {trial && <TrialResult trial={trial} action={draft.action} />}
    </section>
  );
}
