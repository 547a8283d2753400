import type { JSX } from 'preact';
import type { Merchant } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Facts, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { amountText, t } from '../../../shared/i18n/i18n';
import { officeWords } from '../../../shared/i18n/office-words';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { isOwner } from '../../../shared/state/session';
import { groupBusinessNumber, groupPhone } from '../../../shared/text/digits';
import { loadMerchant } from '../../own';
import './merchant.css';

/** Chapter 11: who the merchant is and how it may take money. */
export default function MerchantPage(): JSX.Element {
  const m = t().merchant;
  const words = officeWords().merchant;
  const load = useLoad(loadMerchant, 'merchant');
  const shop = load.data;
  return (
    <Page title={m.title} up="/">
      {shop ? (
        <>
          <SlipHead shop={shop} />
          <section>
            <div class="section-head">
              <h2>{words.shop}</h2>
            </div>
            <Facts
              rows={[
                [m.businessNumber, groupBusinessNumber(shop.businessNumber)],
                [m.owner, shop.ownerName],
                [m.address, shop.address],
                [m.phone, shop.phone && groupPhone(shop.phone)],
                [m.taxType, m.taxTypes[shop.taxType]],
              ]}
            />
          </section>
          <section>
            <div class="section-head">
              <h2>{words.sale}</h2>
            </div>
            <Facts
              rows={[
                [m.authentication, m.levels[shop.authenticationLevel]],
                [m.signature, m.signatureUpTo(amountText(shop.signatureLimit))],
                [m.rounding, m.roundings[shop.vatRounding]],
              ]}
            />
          </section>
          <Terms shop={shop} />
          <Change />
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={5} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

/** The head of a receipt, as paper shows it. */
function SlipHead({ shop }: { shop: Merchant }): JSX.Element {
  const m = officeWords().merchant;
  return (
    <figure class="slip-preview">
      <figcaption>{m.receipt}</figcaption>
      <div class="slip-paper">
        <strong>{shop.name}</strong>
        <span>
          {m.receiptNo} {groupBusinessNumber(shop.businessNumber)}
        </span>
        <span>{[shop.ownerName, shop.phone && groupPhone(shop.phone)].filter(Boolean).join(' · ')}</span>
        <span>{shop.address}</span>
        <span class="slip-line" aria-hidden="true">
          <span>{m.sample}</span>
          <span>{amountText(4500)}</span>
        </span>
        <span class="slip-line slip-sum" aria-hidden="true">
          <span>{m.sampleTotal}</span>
          <span>{amountText(4500)}</span>
        </span>
      </div>
    </figure>
  );
}

/** What the contract says, as far as whoever looks may see it. */
function Terms({ shop }: { shop: Merchant }): JSX.Element | null {
  const m = officeWords().merchant;
  const { limits, settlement, contract } = shop;
  const fees = shop.fees ?? [];
  const parts: [string, (readonly [string, string | undefined])[]][] = [
    [m.fees, fees.length > 0 ? [...fees.map((fee) => [feeName(fee, m), m.percent(fee.rate)] as const), [m.feeVat, shop.feeVat ? m.feeVatAdded : undefined]] : []],
    [
      m.limits,
      limits
        ? [
            [m.perPayment, limits.perPayment && amountText(limits.perPayment)],
            [m.perDay, limits.perDay && amountText(limits.perDay)],
            [m.perMonth, limits.perMonth && amountText(limits.perMonth)],
            [m.installments, limits.maxInstallmentMonths > 0 ? m.upToMonths(limits.maxInstallmentMonths) : m.lumpSum],
          ].map(([name, value]) => [String(name), value ? String(value) : undefined] as const)
        : [],
    ],
    [
      m.settlement,
      settlement
        ? [
            [m.account, [settlement.bankName ?? settlement.bank, settlement.maskedAccount].filter(Boolean).join(' ')],
            [m.holder, settlement.holder],
            [m.cycle, m.cycleOf(settlement.cycle)],
          ]
        : [],
    ],
    [m.contract, contract ? [[m.period, m.span(contract.from, contract.until)]] : []],
  ];
  const shown = parts.filter(([, rows]) => rows.some(([, value]) => value));
  if (shown.length === 0) return null;
  return (
    <>
      {shown.map(([title, rows]) => (
        <section key={title}>
          <div class="section-head">
            <h2>{title}</h2>
          </div>
          <Facts rows={rows} />
        </section>
      ))}
    </>
  );
}

/** Which payments a fee is of. */
function feeName({ method, issuerCode, cardType }: NonNullable<Merchant['fees']>[number], m: ReturnType<typeof officeWords>['merchant']): string {
  return [m.methods[method], issuerCode, cardType && m.cardTypes[cardType]].filter(Boolean).join(' ');
}

/** The way to have something changed: a ticket with the field chosen. */
function Change(): JSX.Element {
  const m = officeWords().merchant;
  if (!isOwner.value) return <Notice tone="plain" icon="lock">{m.changeOwner}</Notice>;
  return (
    <section class="stack">
      <p class="change-hint">{m.changeHint}</p>
      <Button kind="tint" wide icon="pencil" href={href('/support/tickets/new?field=NAME')}>
        {m.change}
      </Button>
    </section>
  );
}
