import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Segments } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { ListRow } from '../../../shared/design/parts';
import { FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { locale, setLocale, t, type Locale } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { logOut, session } from '../../../shared/state/session';
import { setTheme, theme, type Theme } from '../../../shared/state/theme';
import './settings.css';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const LOCALES: readonly Locale[] = ['ko', 'en'];

/** Chapter 10, as far as its functions exist: look, language, account. */
export default function SettingsPage(): JSX.Element {
  const m = t().settings;
  const [failure, setFailure] = useState<unknown>();
  const user = session.value?.user;
  const speak = (next: Locale): void => {
    setFailure(undefined);
    setLocale(next).then(() => toast(t().settings.saved), setFailure);
  };
  return (
    <Page title={m.title} up="/">
      <section class="setting">
        <h2>{m.theme}</h2>
        <Segments label={m.theme} value={theme.value} onChange={setTheme} options={THEMES.map((value) => ({ value, text: m.themes[value] }))} />
      </section>
      <section class="setting">
        <h2>{m.language}</h2>
        <Segments label={m.language} value={locale.value} onChange={speak} options={LOCALES.map((value) => ({ value, text: m.languages[value] }))} />
      </section>
      <section class="setting">
        <h2>{m.account}</h2>
        {user && <ListRow icon="person" tone="plain" title={user.name} sub={[user.loginId, m.roles[user.role]]} />}
        <ListRow href={href('/merchant')} icon="store" tone="plain" title={m.merchant} end={<Icon name="next" size={18} />} />
      </section>
      <FailureNotice failure={failure} />
      <Button kind="soft" wide icon="out" onPress={() => void logOut().catch(setFailure)}>
        {m.logout}
      </Button>
    </Page>
  );
}
