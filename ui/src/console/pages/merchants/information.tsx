import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../../shared/design/controls';
import { Facts } from '../../../shared/design/parts';
import { toast } from '../../../shared/design/toast';
import { c } from '../../../shared/i18n/console/console';
import { amountText, t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { groupBusinessNumber, groupPhone } from '../../../shared/text/digits';
import { merchants, type MerchantDetails } from '../../api-merchant';
import { Form } from '../../form';
import { Id, When } from '../../parts';
import type { TabInput } from './detail';
import { DetailFields, detailsOf } from './fields';

/** What stands on a merchant's receipts and how its cards are taken. */
export function InformationTab({ merchant, onChange }: TabInput): JSX.Element {
  const [draft, setDraft] = useState<MerchantDetails | null>(null);
  const m = c().merchants;
  if (draft) {
    return (
      <Form
        act={t().settings.save}
        onSend={async () => {
          await merchants.change(merchant.id, { ...draft, version: merchant.version });
          setDraft(null);
          toast(t().settings.saved);
          onChange();
        }}
      >
        {(failure) => <DetailFields draft={draft} fixed={merchant.fixed ?? false} failure={failure} onDraft={setDraft} />}
      </Form>
    );
  }
  return (
    <div class="tab-body">
      <Facts
        rows={[
          ['ID', <Id key="i">{merchant.id}</Id>],
          [m.name, merchant.name],
          [m.businessNumber, groupBusinessNumber(merchant.businessNumber)],
          [m.ownerName, merchant.ownerName],
          [m.address, merchant.address],
          [m.phone, groupPhone(merchant.phone)],
          [m.taxType, m.taxTypes[merchant.taxType]],
          [m.vatRounding, t().merchant.roundings[merchant.vatRounding]],
          [m.authenticationLevel, t().merchant.levels[merchant.authenticationLevel]],
          [m.minimumCardAmount, amountText(merchant.minimumCardAmount)],
          [m.mcc, merchant.mcc],
          [m.chipFirst, m.chips[merchant.chipFirst]],
          [m.plain, merchant.forbidPlainTrack ? m.plainForbidden : m.plainAllowed],
          [m.since, <When key="s" at={merchant.createdAt} />],
        ]}
      />
      <div class="acts acts-start">
        <Button kind="soft" onPress={() => setDraft(detailsOf(merchant))}>
          {m.edit}
        </Button>
        <a class="button button-soft" href={href(`/payments?merchantId=${merchant.id}`)}>
          {m.toPayments}
        </a>
        <a class="button button-soft" href={href(`/audit?merchantId=${merchant.id}`)}>
          {c().nav.pages.audit}
        </a>
      </div>
    </div>
  );
}
