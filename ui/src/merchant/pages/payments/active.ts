import { amountText, t } from '../../../shared/i18n/i18n';
import { staffName } from '../../staff';
import { DETAILS, type Detail, type Filter } from './filter';

/** A condition that holds, in words, with the change that takes it away. */
export interface Active {
  key: string;
  text: string;
  without: Partial<Filter>;
}

function words(name: Detail, value: string): string {
  const m = t().history;
  const d = t().desk;
  switch (name) {
    case 'minAmount':
      return d.atLeast(amountText(Number(value)));
    case 'maxAmount':
      return d.atMost(amountText(Number(value)));
    case 'orderName':
      return d.labelled(d.orderName, value);
    case 'orderId':
      return d.labelled(d.orderId, value);
    case 'approvalNumber':
      return d.labelled(m.approvalNumber, value);
    case 'cardLast4':
      return d.labelled(m.cardLast4, value);
    case 'issuerCode':
      return d.labelled(d.issuer, d.issuers[value] ?? value);
    case 'installmentMonths':
      return d.labelled(d.installment, t().pay.months(Number(value)));
    case 'buyerName':
      return d.labelled(m.buyerName, value);
    case 'buyerPhoneLast4':
      return d.labelled(m.buyerPhoneLast4, value);
    case 'staffId': {
      const name = staffName(value);
      return name ? d.labelled(d.staff, name) : d.staff;
    }
  }
}

/** The conditions of a filter that are not in sight as a chosen chip: the search and those of 상세. */
export function activeOf(filter: Filter): Active[] {
  const typed = DETAILS.flatMap((name): Active[] => {
    const value = filter.details[name];
    if (!value) return [];
    const details = { ...filter.details };
    delete details[name];
    return [{ key: name, text: words(name, value), without: { details } }];
  });
  return filter.q ? [{ key: 'q', text: t().desk.labelled(t().desk.searched, filter.q), without: { q: '' } }, ...typed] : typed;
}
