import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, IconButton } from '../../../shared/design/controls';
import { Icon, type IconName } from '../../../shared/design/icons';
import { Amount, Notice } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { cart, cartTotal } from '../../cart';
import { dropHold, hold, holds, MAX_HOLD_NAME, MAX_HOLDS, recall, type Hold, type Recall } from '../../holds';
import { readShelf, shelf } from '../../shelf';
import { whenText } from '../../words';

const nameOf = ({ number, name }: Hold): string => name || t().held.number(number);

/** The button that puts the cart aside for the next buyer, with what it is called. */
export function HoldButton(): JSX.Element {
  const m = t().held;
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const full = holds.value.length >= MAX_HOLDS;
  const submit = (event: Event): void => {
    event.preventDefault();
    const undo = hold(name, cartTotal.value, new Date());
    const held = holds.value.at(-1);
    if (!undo || !held) return;
    setOpen(false);
    setName('');
    toast(m.done(nameOf(held)), { text: t().products.undo, run: undo });
  };
  return (
    <>
      <Button kind="soft" wide icon="pause" onPress={() => setOpen(true)}>
        {m.act}
      </Button>
      <Sheet title={m.title} open={open} onClose={() => setOpen(false)}>
        <form class="stack" onSubmit={submit}>
          {full ? (
            <Notice tone="warn" icon="alert">
              <p>{m.full(MAX_HOLDS)}</p>
            </Notice>
          ) : (
            <p>{m.text}</p>
          )}
          <Field label={m.name} optional value={name} onInput={setName} maxLength={MAX_HOLD_NAME} placeholder={m.nameHint} />
          <Button kind="primary" type="submit" disabled={full}>
            {m.submit}
          </Button>
        </form>
      </Sheet>
    </>
  );
}

/** The carts that wait; a press fetches one back. */
export function Held(): JSX.Element | null {
  const m = t().held;
  const [asked, setAsked] = useState<Hold | null>(null);
  const [failure, setFailure] = useState<unknown>();
  if (holds.value.length === 0) return null;
  const fetchBack = async (held: Hold, how: Recall): Promise<void> => {
    setAsked(null);
    setFailure(undefined);
    try {
      const { products } = shelf.value ?? (await readShelf());
      const undo = recall(held.id, how, products, cartTotal.value, new Date());
      toast(m.recalled(nameOf(held)), { text: t().products.undo, run: undo });
    } catch (cause) {
      setFailure(cause);
    }
  };
  const press = (held: Hold): void => {
    if (cart.value.length > 0) setAsked(held);
    else void fetchBack(held, 'swap');
  };
  return (
    <section class="held" aria-labelledby="held-title">
      <h2 id="held-title">{m.list}</h2>
      <FailureNotice failure={failure} />
      <ul>
        {holds.value.map((each) => (
          <HeldRow key={each.id} held={each} onPress={() => press(each)} />
        ))}
      </ul>
      {asked && <Ask held={asked} onChoose={(how) => void fetchBack(asked, how)} onClose={() => setAsked(null)} />}
    </section>
  );
}

function HeldRow({ held, onPress }: { held: Hold; onPress: () => void }): JSX.Element {
  const m = t().held;
  const name = nameOf(held);
  const items = held.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const drop = (): void => toast(m.dropped(name), { text: t().products.undo, run: dropHold(held.id) });
  return (
    <li class="held-row">
      <button type="button" class="held-cart" aria-label={m.recall(name)} onClick={onPress}>
        <span class="held-number" aria-hidden="true">
          {held.number}
        </span>
        <span class="held-text">
          <strong>{name}</strong>
          <span class="small-print">{m.when(items, whenText(new Date(held.at), new Date())).join(' · ')}</span>
        </span>
        {held.won > 0 && <Amount won={held.won} size="s" />}
      </button>
      <IconButton icon="close" label={m.drop(name)} onPress={drop} />
    </li>
  );
}

/** What becomes of the present cart. */
function Ask({ held, onChoose, onClose }: { held: Hold; onChoose: (how: Recall) => void; onClose: () => void }): JSX.Element {
  const m = t().held;
  const way = (how: Recall, icon: IconName, text: string, hint: string): JSX.Element => (
    <button type="button" class="method" onClick={() => onChoose(how)}>
      <Icon name={icon} size={28} />
      <span class="method-text">
        <strong>{text}</strong>
        <span>{hint}</span>
      </span>
      <Icon name="next" size={20} />
    </button>
  );
  return (
    <Sheet title={m.choose} open onClose={onClose}>
      <p>{m.recall(nameOf(held))}</p>
      {way('swap', 'swap', m.swap, m.swapHint)}
      {way('merge', 'plus', m.merge, m.mergeHint)}
    </Sheet>
  );
}
