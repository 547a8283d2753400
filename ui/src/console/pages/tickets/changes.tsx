import type { JSX } from 'preact';
import { c } from '../../../shared/i18n/console/console';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { groupPhone } from '../../../shared/text/digits';
import { merchants, type Merchant } from '../../api-merchant';
import type { Ticket } from '../../api-office';
import { Part } from '../../parts';

type Wish = NonNullable<NonNullable<Ticket['messages']>[number]['wishes']>[number];
type Field = Wish['field'];

/** What stands in the contract, and so is changed by two. */
const OF_CONTRACT: readonly Field[] = ['SETTLEMENT_ACCOUNT', 'FEES', 'LIMITS', 'CONTRACT'];

/** How a field of a merchant stands now; nothing where that is not one value. */
export function valueNow(field: Field, merchant: Pick<Merchant, 'name' | 'ownerName' | 'address' | 'phone'>): string {
  switch (field) {
    case 'NAME':
      return merchant.name;
    case 'OWNER_NAME':
      return merchant.ownerName;
    case 'ADDRESS':
      return merchant.address;
    case 'PHONE':
      return groupPhone(merchant.phone);
    case 'SETTLEMENT_ACCOUNT':
    case 'FEES':
    case 'LIMITS':
    case 'CONTRACT':
    case 'OTHER':
      return '';
  }
}

/** What a merchant asks to have changed, beside how it stands. */
export function Changes({ merchantId, wishes }: { merchantId: string; wishes: readonly Wish[] }): JSX.Element | null {
  const load = useLoad((signal) => (wishes.length > 0 ? merchants.get(merchantId, signal) : Promise.resolve(undefined)), merchantId);
  const m = c().tickets;
  if (wishes.length === 0) return null;
  const contract = wishes.some(({ field }) => OF_CONTRACT.includes(field));
  return (
    <Part title={m.changes}>
      <table class="diff">
        <thead>
          <tr>
            <th scope="col">{m.field}</th>
            <th scope="col">{m.now}</th>
            <th scope="col">{m.wished}</th>
          </tr>
        </thead>
        <tbody>
          {wishes.map((wish) => (
            <tr key={wish.field}>
              <th scope="row">{m.fields[wish.field]}</th>
              <td>{OF_CONTRACT.includes(wish.field) ? m.seeContract : (load.data && valueNow(wish.field, load.data)) || '—'}</td>
              <td>
                <ins>{wish.value}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="desk-note">{m.changeHint}</p>
      <div class="acts acts-start">
        <a class="button button-soft" href={href(`/merchants/${merchantId}?tab=${contract ? 'contract' : 'information'}`)}>
          {contract ? m.toContract : m.toMerchant}
        </a>
      </div>
    </Part>
  );
}
