import type { JSX } from 'preact';
import { Page } from '../../../shared/design/page';
import { Facts, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { useLoad } from '../../../shared/state/load';
import { groupBusinessNumber, groupPhone } from '../../../shared/text/digits';
import { loadMerchant } from '../../own';
import './merchant.css';

/** Chapter 11: who the merchant is and how it may take money. */
export default function MerchantPage(): JSX.Element {
  const m = t().merchant;
  const load = useLoad(loadMerchant, 'merchant');
  const shop = load.data;
  return (
    <Page title={m.title} up="/">
      {shop ? (
        <>
          <div class="shop-head">
            <span class="shop-letter" aria-hidden="true">
              {shop.name.slice(0, 1)}
            </span>
            <h2>{shop.name}</h2>
          </div>
          <Facts
            rows={[
              [m.businessNumber, groupBusinessNumber(shop.businessNumber)],
              [m.owner, shop.ownerName],
              [m.address, shop.address],
              [m.phone, shop.phone && groupPhone(shop.phone)],
              [m.taxType, m.taxTypes[shop.taxType]],
              [m.authentication, m.levels[shop.authenticationLevel]],
              [m.signature, m.signatureUpTo(amountText(shop.signatureLimit))],
              [m.rounding, m.roundings[shop.vatRounding]],
            ]}
          />
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={5} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}
