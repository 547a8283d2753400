import type { JSX } from 'preact';
import type { PayRequest } from '../../../shared/api/requests';
import { amountText, t } from '../../../shared/i18n/i18n';
import { groupPhone } from '../../../shared/text/digits';

/** What a buyer needs to pay by phone. */
export interface Line {
  /** As it is dialled, and as people read it. */
  dial: string;
  number: string;
  /** Six digits, and the same in threes. */
  code: string;
  threes: string;
}

/** The line of a request that is paid by phone; null for a link. */
export function lineOf({ kind, arsNumber, code }: PayRequest): Line | null {
  if (kind !== 'ARS' || !arsNumber || !code) return null;
  return { dial: arsNumber, number: groupPhone(arsNumber), code, threes: code.replace(/(...)(?=.)/g, '$1 ') };
}

/** The line as words to be pasted or shared: what is paid, where to call, what to key in. */
export function lineText({ orderName, amount }: PayRequest, { number, code }: Line): string {
  return t().request.call.text(orderName, amountText(amount), number, code);
}

/** Number and code, as large as they are read out; spoken digit by digit. */
export function LineCard({ line }: { line: Line }): JSX.Element {
  const m = t().request.call;
  return (
    <section class="line-card" aria-labelledby="line-title">
      <h2 id="line-title">{m.title}</h2>
      <dl>
        <div>
          <dt>{m.number}</dt>
          <dd class={line.number.length > 9 ? 'line-number is-long' : 'line-number'}>{line.number}</dd>
        </div>
        <div>
          <dt>{m.code}</dt>
          <dd class="line-code">
            <span aria-hidden="true">{line.threes}</span>
            <span class="unseen">{[...line.code].join(' ')}</span>
          </dd>
        </div>
      </dl>
      <p>{m.hint}</p>
    </section>
  );
}
