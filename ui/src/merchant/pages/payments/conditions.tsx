import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { Button, Field } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Sheet } from '../../../shared/design/sheet';
import { t } from '../../../shared/i18n/i18n';
import { grouped, parseWon } from '../../../shared/money/money';
import { digitsOf } from '../../../shared/text/digits';
import { staff } from '../../staff';
import { DETAILS, wholeDetails, type Detail, type Filter } from './filter';

/** How each typed condition is cleaned while it is typed. */
const CLEAN: Record<Detail, (text: string) => string> = {
  minAmount: (text) => String(parseWon(text) || ''),
  maxAmount: (text) => String(parseWon(text) || ''),
  orderName: (text) => text.slice(0, 100),
  orderId: (text) => text.slice(0, 64),
  approvalNumber: (text) => text.trim().slice(0, 20),
  cardLast4: (text) => digitsOf(text, 4),
  issuerCode: (text) => text,
  installmentMonths: (text) => text,
  buyerName: (text) => text.slice(0, 100),
  buyerPhoneLast4: (text) => digitsOf(text, 4),
  staffId: (text) => text,
};

const MONTHS = ['0', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'];

const isAmount = (name: Detail): boolean => name === 'minAmount' || name === 'maxAmount';
const isNumeric = (name: Detail): boolean => isAmount(name) || name === 'cardLast4' || name === 'buyerPhoneLast4';

function label(name: Detail): string {
  const m = t().history;
  const d = t().desk;
  const own: Partial<Record<Detail, string>> = { orderName: d.orderName, orderId: d.orderId, issuerCode: d.issuer, installmentMonths: d.installment, staffId: d.staff };
  return own[name] ?? m[name as keyof typeof m & Detail];
}

type Options = readonly (readonly [string, string])[];

/** What a condition is chosen from; null when it is typed. */
function optionsOf(name: Detail): Options | null {
  switch (name) {
    case 'issuerCode':
      return Object.entries(t().desk.issuers);
    case 'installmentMonths':
      return MONTHS.map((n) => [n, t().pay.months(Number(n))]);
    case 'staffId':
      return staff.value.map(({ id, name, active }) => [id, active ? name : t().desk.staffGone(name)]);
    default:
      return null;
  }
}

/** Who took a payment is no question where one person takes them all. */
const isAsked = (name: Detail): boolean => name !== 'staffId' || staff.value.length > 1;

interface Props {
  details: Filter['details'];
  open: boolean;
  onClose: () => void;
  onApply: (details: Filter['details']) => void;
}

/** The manual's 상세: every further condition, asked all at once. */
export function Conditions({ details, open, onClose, onApply }: Props): JSX.Element {
  const m = t().history;
  const [typed, setTyped] = useState(details);
  useEffect(() => {
    if (open) setTyped(details);
  }, [open]);
  const apply = (event: Event): void => {
    event.preventDefault();
    onApply(wholeDetails(typed));
    onClose();
  };
  const put = (name: Detail, text: string): void => setTyped({ ...typed, [name]: CLEAN[name](text) });
  return (
    <Sheet title={m.more} open={open} onClose={onClose}>
      <form class="stack" onSubmit={apply}>
        <div class="detail-fields">
          {DETAILS.filter(isAsked).map((name) => {
            const value = typed[name] ?? '';
            const options = optionsOf(name);
            if (options) return <Select key={name} label={label(name)} value={value} options={options} onChange={(text) => put(name, text)} />;
            return <Field key={name} label={label(name)} numeric={isNumeric(name)} value={isAmount(name) && value ? grouped(Number(value)) : value} onInput={(text) => put(name, text)} suffix={isAmount(name) ? <span class="suffix">{t().common.won}</span> : undefined} />;
          })}
        </div>
        <Button kind="primary" type="submit">
          {m.apply}
        </Button>
        <Button kind="text" onPress={() => setTyped({})}>
          {m.reset}
        </Button>
      </form>
    </Sheet>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: Options;
  onChange: (value: string) => void;
}

/** One of many, by the device's own picker. */
function Select({ label: name, value, options, onChange }: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {name}
      </label>
      <div class="field-box pick-box">
        <select id={id} class="pick" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          <option value="">{t().history.all}</option>
          {options.map(([code, text]) => (
            <option key={code} value={code}>
              {text}
            </option>
          ))}
        </select>
        <Icon name="next" size={18} />
      </div>
    </div>
  );
}
