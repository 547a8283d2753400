import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Settings } from '../../../shared/api/types';
import { Button, Segments, Switch } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Badge, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { locale, setLocale, t, type Locale } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { isOwner, logOut, session } from '../../../shared/state/session';
import { textSize, theme } from '../../../shared/state/theme';
import { loadMerchant, ownMerchant, ownSettings, readSettings, saveSettings, wearHere } from '../../own';
import { waiting } from '../../waiting';
import { BuyerSetting } from './buyer';
import { FeelSettings, ReturnSetting, TextSetting } from './feel';
import { NotSaved } from './notsaved';
import { PrinterEntry } from './printer-entry';
import { PushSetting } from './push';
import { ReaderEntry } from './reader-entry';
import { SignatureSetting } from './signature';
import './settings.css';

const THEMES = ['SYSTEM', 'LIGHT', 'DARK'] as const;
const TEXT_SIZES = ['NORMAL', 'LARGE', 'HUGE'] as const;
const LOCALES: readonly Locale[] = ['ko', 'en'];

/** How a setting is changed: shown at once, saved at once. Gives whether it was saved. */
export type Save = (change: Partial<Settings>) => Promise<boolean>;

interface Saving {
  /** The settings as they will be when what is under way succeeds. */
  shown: Settings | undefined;
  save: Save;
  failure: unknown;
}

function useSaving(): Saving {
  const [wishes, setWishes] = useState<Partial<Settings>>({});
  const [failure, setFailure] = useState<unknown>();
  const save: Save = async (change) => {
    setFailure(undefined);
    setWishes((old) => ({ ...old, ...change }));
    try {
      await saveSettings(change);
      toast(t().settings.saved);
      return true;
    } catch (cause) {
      setFailure(cause);
      return false;
    } finally {
      setWishes((old) => Object.fromEntries(Object.entries(old).filter(([name, value]) => !(name in change) || value !== change[name as keyof Settings])));
    }
  };
  const stored = ownSettings.value;
  return { shown: stored ? { ...stored, ...wishes } : undefined, save, failure };
}

/** Chapter 10: the shop's settings, this device's, and the account. */
export default function SettingsPage(): JSX.Element {
  const m = t().settings;
  // Read anew each time, so that nothing is changed on top of what another device saved.
  const load = useLoad(readSettings, 'settings');
  const { shown, save, failure } = useSaving();
  useEffect(() => {
    // Without an answer the settings of cash receipts are not shown.
    loadMerchant().catch(() => undefined);
  }, []);
  return (
    <Page title={m.title} up="/">
      {shown ? (
        <>
          {!isOwner.value && (
            <Notice tone="plain" icon="lock">
              {m.ownerOnly}
            </Notice>
          )}
          <div class="setting-failure">
            <NotSaved failure={failure} />
          </div>
          <LookSettings shown={shown} save={save} />
          <SaleSettings shown={shown} save={save} />
          <SafetySettings shown={shown} save={save} />
          <SignalSettings shown={shown} save={save} />
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={6} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
      <section class="setting">
        <h2>{m.devices}</h2>
        <div class="rows">
          <ReaderEntry />
          {shown && <PrinterEntry />}
        </div>
      </section>
      <Account />
    </Page>
  );
}

interface PartProps {
  shown: Settings;
  save: Save;
}

function LookSettings({ shown, save }: PartProps): JSX.Element {
  const m = t().settings;
  const mine = isOwner.value;
  const look = (change: Pick<Partial<Settings>, 'theme' | 'textSize'>): void => {
    if (mine) return void save(change);
    wearHere(change);
    toast(m.saved);
  };
  const [failure, setFailure] = useState<unknown>();
  const speak = (next: Locale): void => {
    setFailure(undefined);
    setLocale(next).then(() => toast(t().settings.saved), setFailure);
  };
  const worn = mine ? shown : { theme: theme.value.toUpperCase() as Settings['theme'], textSize: textSize.value.toUpperCase() as Settings['textSize'] };
  return (
    <section class="setting">
      <h2>{m.look}</h2>
      <Switch label={m.slideMenu} hint={m.slideMenuHint} on={shown.slideMenu} disabled={!mine} onChange={(slideMenu) => void save({ slideMenu })} />
      <h3>{m.textSize}</h3>
      <Segments label={m.textSize} value={worn.textSize} onChange={(size) => look({ textSize: size })} options={TEXT_SIZES.map((value) => ({ value, text: m.textSizes[value] }))} />
      <h3>{m.theme}</h3>
      <Segments label={m.theme} value={worn.theme} onChange={(next) => look({ theme: next })} options={THEMES.map((value) => ({ value, text: m.themes[value.toLowerCase() as 'system'] }))} />
      <h3>{m.language}</h3>
      <Segments label={m.language} value={locale.value} onChange={speak} options={LOCALES.map((value) => ({ value, text: m.languages[value] }))} />
      <FailureNotice failure={failure} />
    </section>
  );
}

function SaleSettings({ shown, save }: PartProps): JSX.Element {
  const m = t().settings;
  const mine = isOwner.value;
  return (
    <section class="setting">
      <h2>{m.sale}</h2>
      <Switch label={m.cart} hint={m.cartHint} on={shown.cart} disabled={!mine} onChange={(cart) => void save({ cart })} />
      <BuyerSetting shown={shown} save={save} disabled={!mine} />
      <Switch label={t().receipt.gate} hint={t().receipt.gateHint} on={shown.receiptGate ?? false} disabled={!mine} onChange={(receiptGate) => void save({ receiptGate })} />
      {ownMerchant.value?.cashReceipts && (
        <Switch label={m.autoReceipt} hint={m.autoReceiptHint} on={shown.autoCashReceipt ?? false} disabled={!mine} onChange={(autoCashReceipt) => void save({ autoCashReceipt })} />
      )}
      <ReturnSetting />
      <SignatureSetting limit={shown.signatureLimit} save={save} disabled={!mine} />
    </section>
  );
}

function SafetySettings({ shown, save }: PartProps): JSX.Element {
  const m = t().device;
  return (
    <section class="setting">
      <h2>{m.safety}</h2>
      <Switch label={m.shuffle} hint={m.shuffleHint} on={shown.shuffleKeypad} disabled={!isOwner.value} onChange={(shuffleKeypad) => void save({ shuffleKeypad })} />
      <div class="rows">
        <ListRow href={href('/settings/security')} icon="shield" tone="plain" title={t().security.title} sub={[t().security.rowHint]} end={<Icon name="next" size={18} />} />
        <ListRow href={href('/settings/devices')} icon="phone" tone="plain" title={m.row} sub={[m.rowHint]} end={<Icon name="next" size={18} />} />
      </div>
    </section>
  );
}

function SignalSettings({ shown, save }: PartProps): JSX.Element {
  const m = t().settings;
  const mine = isOwner.value;
  return (
    <section class="setting">
      <h2>{m.signals}</h2>
      <FeelSettings shown={shown} save={save} disabled={!mine} />
      <Switch label={m.notify} hint={m.notifyHint} on={shown.notify} disabled={!mine} onChange={(notify) => void save({ notify })} />
      {shown.notify && <TextSetting phone={shown.notifyPhone ?? ''} disabled={!mine} />}
      <PushSetting shopOn={shown.notify} />
    </section>
  );
}

function Account(): JSX.Element {
  const m = t().settings;
  const [failure, setFailure] = useState<unknown>();
  const user = session.value?.user;
  return (
    <section class="setting">
      <h2>{m.account}</h2>
      <div class="rows">
        {user && <ListRow icon="person" tone="plain" title={user.name} sub={[user.loginId, m.roles[user.role]]} />}
        {isOwner.value && <ListRow href={href('/settings/staff')} icon="people" tone="plain" title={t().rights.title} sub={[t().rights.hint]} end={waiting.value > 0 ? <Badge tone="warn">{t().rights.waiting(waiting.value)}</Badge> : <Icon name="next" size={18} />} />}
        {isOwner.value && <ListRow href={href('/settings/keys')} icon="lock" tone="plain" title={m.keys} sub={[m.keysHint]} end={<Icon name="next" size={18} />} />}
        {isOwner.value && <ListRow href={href('/settings/webhooks')} icon="network" tone="plain" title={m.webhooks} sub={[m.webhooksHint]} end={<Icon name="next" size={18} />} />}
        <ListRow href={href('/settings/privacy')} icon="person" tone="plain" title={m.privacy} sub={[m.privacyHint]} end={<Icon name="next" size={18} />} />
        <ListRow href={href('/terms')} icon="slip" tone="plain" title={t().login.terms} end={<Icon name="next" size={18} />} />
        <ListRow href={href('/merchant')} icon="store" tone="plain" title={m.merchant} end={<Icon name="next" size={18} />} />
      </div>
      <FailureNotice failure={failure} />
      <Button kind="soft" wide icon="out" onPress={() => void logOut().catch(setFailure)}>
        {m.logout}
      </Button>
    </section>
  );
}
