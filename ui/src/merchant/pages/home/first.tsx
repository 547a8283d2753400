import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { catalog } from '../../../shared/api/api';
import { IconButton } from '../../../shared/design/controls';
import { Icon, type IconName } from '../../../shared/design/icons';
import { ListRow } from '../../../shared/design/parts';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { session } from '../../../shared/state/session';
import { endFirstRun, firstRunOver, firstSteps, someLeft, type Known, type Step, type StepName } from './steps';

/** The first run of the shop on this device. */
export interface FirstRun {
  /** What the list shows; empty when there is none to show. */
  steps: readonly Step[];
  hide: () => void;
}

/** Follows the first run until it is over. */
export function useFirstRun(known: Omit<Known, 'products'>): FirstRun {
  const shop = session.value?.merchantId ?? '';
  const [over, setOver] = useState(() => firstRunOver(shop));
  const products = useLoad((signal) => (over ? Promise.resolve(undefined) : catalog.any(signal)), `first ${over}`);
  const all = over ? [] : firstSteps({ ...known, products: products.data });
  const left = someLeft(all);
  const finished = all.length > 0 && !left;
  useEffect(() => {
    if (finished) endFirstRun(shop, true);
  }, [finished]);
  const end = (ended: boolean): void => {
    endFirstRun(shop, ended);
    setOver(ended);
  };
  const hide = (): void => {
    end(true);
    // The button that was pressed is gone: from here the keyboard goes on at the top.
    document.querySelector('h1')?.focus({ preventScroll: true });
    toast(t().home.firstHidden, { text: t().products.undo, run: () => end(false) });
  };
  return { steps: left ? all : [], hide };
}

const ICONS: Record<StepName, IconName> = { products: 'box', reader: 'reader', payment: 'card' };

/** What a new shop does first; each step left leads to where it is done. */
export function FirstSteps({ run, onReader }: { run: FirstRun; onReader: () => void }): JSX.Element | null {
  const m = t().home;
  const { steps, hide } = run;
  if (steps.length === 0) return null;
  const ways: Record<StepName, { href: string } | { onPress: () => void }> = {
    products: { href: href('/products') },
    reader: { onPress: onReader },
    payment: { href: href('/pay/card') },
  };
  return (
    <section class="first" aria-labelledby="first-title">
      <div class="section-head">
        <h2 id="first-title">{m.first}</h2>
        <span class="first-left">{m.firstLeft(steps.filter(({ done }) => !done).length)}</span>
        <IconButton icon="close" label={m.firstHide} onPress={hide} />
      </div>
      <div class="rows">
        {steps.map(({ name, done }) =>
          done ? (
            <ListRow key={name} icon="check" tone="ok" title={m.firstSteps[name]} sub={[m.firstDone]} />
          ) : (
            <ListRow key={name} icon={ICONS[name]} title={m.firstSteps[name]} sub={[m.firstHints[name]]} end={<Icon name="next" size={18} />} {...ways[name]} />
          ),
        )}
      </div>
    </section>
  );
}
