import type { ComponentChildren, JSX, TargetedMouseEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { IconButton } from '../shared/design/controls';
import { Icon, Wordmark } from '../shared/design/icons';
import { Sheet } from '../shared/design/sheet';
import { c } from '../shared/i18n/console/console';
import { locale, t } from '../shared/i18n/i18n';
import { href, navigate } from '../shared/router/router';
import { online } from '../shared/state/online';
import { setTheme, theme, type Theme } from '../shared/state/theme';
import { Help } from './help';
import { bindKeys, startKeys } from './keys';
import { setWords } from './language';
import { menu, type PageName } from './routes';
import { logOut, operator } from './session';
import './frame.css';

/** Everything around a page: menu, search over all payments, and who is logged in. */
export function Frame({ at, children }: { at: PageName | undefined; children: ComponentChildren }): JSX.Element {
  const [help, setHelp] = useState(false);
  const [open, setOpen] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const stop = startKeys();
    const go = Object.fromEntries(menu.flatMap(({ entries }) => entries.map(({ key, path }) => [`g ${key}`, () => void navigate(path)])));
    const unbind = bindKeys({ ...go, '?': () => setHelp(true), '/': () => search.current?.focus() });
    return () => {
      unbind();
      stop();
    };
  }, []);
  useEffect(() => setOpen(false), [at]);
  return (
    <div class="console">
      <a class="skip" href="#main" onClick={skipToMain}>
        {t().common.skip}
      </a>
      <header class="console-top">
        <span class="console-burger">
          <IconButton icon="menu" label={t().menu.open} onPress={() => setOpen(true)} />
        </span>
        <a class="console-brand" href={href('/')}>
          <Wordmark height={20} />
          <span>{c().frame.console}</span>
        </a>
        <Search input={search} />
        <Tools onHelp={() => setHelp(true)} />
      </header>
      {!online.value && (
        <div class="offline-bar" role="status">
          <Icon name="offline" size={16} />
          {t().error.offlineBar}
        </div>
      )}
      <div class="console-body-grid">
        <nav class="console-nav" aria-label={t().nav.label}>
          <Menu at={at} />
        </nav>
        {children}
      </div>
      <Sheet title={t().nav.menuTitle} open={open} onClose={() => setOpen(false)} from="left">
        <nav aria-label={t().nav.label}>
          <Menu at={at} />
        </nav>
      </Sheet>
      <Help open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

function skipToMain(event: TargetedMouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('main h1')?.focus();
}

function Menu({ at }: { at: PageName | undefined }): JSX.Element {
  return (
    <>
      {menu.map(({ group, entries }) => (
        <div class="nav-group" key={group}>
          <h2>{c().nav.groups[group]}</h2>
          <ul>
            {entries.map(({ name, path, key }) => (
              <li key={name}>
                <a class="nav-link" href={href(path)} aria-current={name === at ? 'page' : undefined}>
                  {c().nav.pages[name]}
                  <kbd aria-hidden="true">g {key}</kbd>
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

/** Leads to the payments that a reference names, whichever kind of reference it is. */
function Search({ input }: { input: { current: HTMLInputElement | null } }): JSX.Element {
  const [text, setText] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    const q = text.trim();
    if (q === '') return;
    navigate(`/payments?q=${encodeURIComponent(q)}`);
    setText('');
    input.current?.blur();
  };
  return (
    <form class="console-search" role="search" aria-label={c().frame.search} onSubmit={submit}>
      <Icon name="search" size={18} />
      <input
        ref={input}
        type="search"
        value={text}
        aria-label={c().frame.search}
        placeholder={c().frame.searchHint}
        autocomplete="off"
        spellcheck={false}
        maxLength={100}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

function Tools({ onHelp }: { onHelp: () => void }): JSX.Element {
  const [open, setOpen] = useState(false);
  const user = operator.value?.user;
  return (
    <div class="console-tools">
      <button type="button" class="tool" onClick={onHelp} aria-label={c().help.title}>
        <kbd>?</kbd>
      </button>
      <button type="button" class="tool" aria-label={user?.name} onClick={() => setOpen(true)}>
        <Icon name="person" size={18} />
        <span class="tool-name">{user?.name}</span>
      </button>
      <Sheet title={user?.name ?? ''} open={open} onClose={() => setOpen(false)}>
        <p class="small-print">{user?.loginId}</p>
        <label class="tool-field">
          <span>{t().settings.theme}</span>
          <select value={theme.value} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
            {THEMES.map((each) => (
              <option key={each} value={each}>
                {t().settings.themes[each]}
              </option>
            ))}
          </select>
        </label>
        <label class="tool-field">
          <span>{t().settings.language}</span>
          <select value={locale.value} onChange={(event) => void setWords(event.currentTarget.value === 'en' ? 'en' : 'ko')}>
            <option value="ko">{t().settings.languages.ko}</option>
            <option value="en">{t().settings.languages.en}</option>
          </select>
        </label>
        <a class="button button-soft" href={href('/account')} onClick={() => setOpen(false)}>
          {c().nav.pages.account}
        </a>
        <button type="button" class="button button-soft" onClick={() => void logOut()}>
          {c().frame.logout}
        </button>
      </Sheet>
    </div>
  );
}
