import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Amount, Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { Act } from '../../act';
import { unsettled, type Inquiry, type Of, type OpenAct, type OpenOutcome } from '../../api';
import { PaymentStatus } from '../../badges';
import { Drawer } from '../../drawer';
import { Id, Part, When } from '../../parts';
import { openKey, paymentAddress } from '../../place';
import { useRefresh } from '../../refresh';
import { Attempts } from '../payments/attempts';

/** The worker is at it all the time: how often its doings are looked at, in milliseconds. */
const EVERY = 2000;

/** One payment with its open outcomes: proof, and what may be done. */
export function OpenDrawer({ of, onClose, onChange }: { of: Of; onClose: () => void; onChange: () => void }): JSX.Element {
  const load = useLoad((signal) => unsettled.get(of, signal), openKey(of));
  const [said, setSaid] = useState<Inquiry | null>(null);
  const detail = load.data;
  useRefresh(() => detail?.unsettled.length !== 0 && load.reload(), EVERY);
  const m = c().unsettled;
  const after = (): void => {
    load.reload();
    onChange();
  };
  const run = async (act: OpenAct['act'], reason: string): Promise<string> => {
    setSaid(null);
    // Whatever came of it, the page shows how things stand now.
    try {
      if (act === 'INQUIRE') setSaid(await unsettled.inquire(of, reason));
      else if (act === 'RUN') await unsettled.run(of, reason);
      else await unsettled.resolve(of, act === 'RESOLVE_DONE' ? 'DONE' : 'ABORTED', reason);
    } finally {
      after();
    }
    return m.acted[act];
  };
  return (
    <Drawer title={detail?.payment.orderName ?? m.label} onClose={onClose}>
      {load.failure !== undefined && !detail && <ErrorState failure={load.failure} onRetry={load.reload} />}
      {!detail && load.failure === undefined && <Skeleton shape="line" count={8} />}
      {detail && (
        <>
          <div class="drawer-hero">
            <Amount won={detail.payment.amount} size="l" />
            <PaymentStatus status={detail.payment.status} />
          </div>
          {said && (
            <Notice tone="accent" icon="check">
              <p>{c().payments.answers[said.result]}</p>
            </Notice>
          )}
          {detail.unsettled.length === 0 && (
            <Notice tone="ok" icon="check">
              <p>{m.settled}</p>
            </Notice>
          )}
          {detail.unsettled.map((each) => (
            <Outcome key={each.attemptId} outcome={each} onAct={run} />
          ))}
          <Facts
            rows={[
              [m.columns.merchant, detail.merchantName],
              [c().payments.facts.id, <Id key="p">{of.id}</Id>],
              [c().filter.merchantId, <Id key="m">{of.merchantId}</Id>],
              [m.columns.since, <When key="s" at={detail.payment.requestedAt} />],
            ]}
          />
          <Attempts attempts={detail.attempts} />
          <a class="link" href={href(paymentAddress(of))}>
            {m.toPayment}
          </a>
        </>
      )}
    </Drawer>
  );
}

function Outcome({ outcome, onAct }: { outcome: OpenOutcome; onAct: (act: OpenAct['act'], reason: string) => Promise<string> }): JSX.Element {
  const m = c().unsettled;
  return (
    <Part title={m.phases[outcome.phase]}>
      <p class="desk-note">{m.phaseHints[outcome.phase]}</p>
      <Facts
        rows={[
          [m.columns.tries, outcome.tries],
          [m.columns.due, <When key="d" at={outcome.dueAt} />],
          [m.reversalUntil, <When key="r" at={outcome.reversalUntil} />],
          [m.deadline, <When key="e" at={outcome.deadline} />],
        ]}
      />
      {outcome.proof.length > 0 && (
        <ul class="lines" aria-label={m.proof}>
          {outcome.proof.map((each) => (
            <li key={each.attemptId}>
              <When at={each.at} />
              <span>{m.proofs[each.result]}</span>
              <span>{each.responseCode}</span>
            </li>
          ))}
        </ul>
      )}
      <div class="acts acts-start">
        {outcome.acts.map((each) => (
          <Act key={each.act} name={m.acts[each.act]} danger={each.act === 'RESOLVE_ABORTED'} disabled={!each.allowed} onAct={(reason) => onAct(each.act, reason)}>
            <p>{m.actTexts[each.act]}</p>
          </Act>
        ))}
      </div>
      {outcome.acts
        .filter(({ allowed }) => !allowed)
        .map((each) => (
          <p class="small-print" key={each.act}>
            {m.acts[each.act]}: {each.reason ? m.reasons[each.reason] : each.message} {each.after && <When at={each.after} />}
          </p>
        ))}
    </Part>
  );
}
