import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Notice } from '../../../shared/design/parts';
import { c } from '../../../shared/i18n/console/console';
import { grouped } from '../../../shared/money/money';
import { href } from '../../../shared/router/router';
import type { RuleDraft, Trial } from '../../api-risk';
import { Id, When, Won } from '../../parts';
import { paymentAddress } from '../../place';

/** So many payments are shown at first. */
const FEW = 10;

/** What a rule would have done, how many payments and which. */
export function TrialResult({ trial, action }: { trial: Trial; action: RuleDraft['action'] }): JSX.Element {
  const m = c().risk;
  const [all, setAll] = useState(false);
  const shown = all ? trial.payments : trial.payments.slice(0, FEW);
  return (
    <div class="trial-result" role="status">
      <p class="trial-found">
        <strong>{m.found(action, grouped(trial.found))}</strong>
        <span>{m.foundOf(grouped(trial.examined), m.won(grouped(trial.amount)))}</span>
      </p>
      <p class="small-print">
        <When at={trial.from} /> ~ <When at={trial.to} />
      </p>
      {!trial.whole && (
        <Notice tone="warn" icon="alert">
          <p>{m.notWhole}</p>
        </Notice>
      )}
      {!trial.exact && <p class="small-print">{m.notExact}</p>}
      {trial.payments.length > 0 && (
        <div class="table-box" tabIndex={0} role="region" aria-label={m.foundLabel}>
          <table class="table" aria-label={m.foundLabel}>
            <thead>
              <tr>
                <th scope="col">{c().payments.columns.at}</th>
                <th scope="col" class="is-end">
                  {c().payments.columns.amount}
                </th>
                <th scope="col">{c().payments.facts.id}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((hit) => (
                <tr key={hit.paymentId}>
                  <td>
                    <a class="link" href={href(paymentAddress({ merchantId: hit.merchantId, id: hit.paymentId }))}>
                      <When at={hit.at} />
                    </a>
                  </td>
                  <td class="is-end">
                    <Won won={hit.amount} />
                  </td>
                  <td>
                    <Id short>{hit.paymentId}</Id>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {trial.payments.length > FEW && (
        <Button kind="text" onPress={() => setAll(!all)}>
          {all ? m.fewer : m.showAll(grouped(trial.payments.length))}
        </Button>
      )}
      {trial.found > trial.payments.length && <p class="small-print">{m.firstOnly(grouped(trial.payments.length))}</p>}
    </div>
  );
}
