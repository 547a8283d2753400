import { t } from '../../../shared/i18n/i18n';
import { cart } from '../../cart';
import { draft } from './draft';

/** What the slip says was sold: the typed name, or the first product and how many others. */
export function saleName(): string {
  const [first] = cart.value;
  const typed = draft.value.name.trim();
  const name = first ? t().pay.chosen(first.product.name, cart.value.length - 1) : typed || t().pay.productAuto;
  return name.slice(0, 100);
}
