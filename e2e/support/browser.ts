import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const chosen = { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS };

/** Starts Debian's Chromium, with further flags; CHROMIUM names another one. */
export function launch(...flags: string[]): Promise<Browser> {
  return chromium.launch({ ...chosen, args: [...FLAGS, ...flags] });
}

/** Starts a browser whose camera shows a film (Y4M), to whoever may look. */
export function launchFilming(film: string): Promise<Browser> {
  return chromium.launch({ ...chosen, args: [...FLAGS, '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`] });
}

/** Starts a browser of its own that keeps its profile in a folder: only such a one installs apps. */
export function launchKept(folder: string, origin: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { ...chosen, baseURL: origin, locale: 'ko-KR' });
}

/** What a browser window did that no window of ours may do. */
export class Watch {
  /** Blocked by the Content-Security-Policy. */
  readonly violations: string[] = [];
  /** Uncaught exceptions. */
  readonly errors: string[] = [];
  /** Addresses outside the server under test. */
  readonly foreign: string[] = [];
  /** Every request with its body, for looking where a card number went. */
  readonly sent: { method: string; url: string; body: string }[] = [];

  constructor(context: BrowserContext, origin: string) {
    context.on('console', (message) => {
      if (message.text().startsWith('CSP:') || message.text().includes('Content Security Policy')) this.violations.push(message.text());
    });
    context.on('weberror', (error) => this.errors.push(String(error.error())));
    context.on('request', (request) => {
      const url = request.url();
      if (/^https?:/.test(url) && new URL(url).origin !== origin) this.foreign.push(url);
      this.sent.push({ method: request.method(), url, body: request.postData() ?? '' });
    });
  }

  /** The faults so far, in words; empty when there are none. */
  faults(): string[] {
    return [...this.violations, ...this.errors, ...this.foreign.map((url) => `foreign request: ${url}`)];
  }
}

/** Waits until every animation and transition has ended, so that the screen stands as it will stay. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // Two frames: what a press changed has been drawn, and its transitions have begun.
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    // What lies outside the window and is not drawn keeps its transitions for later.
    const enough = new Promise((resolve) => setTimeout(resolve, 1000));
    await Promise.race([enough, Promise.allSettled(document.getAnimations().map((animation) => animation.finished))]);
  });
}

/** Has every page that is opened from now on change its colours at once, without a transition between. */
export async function changeAtOnce(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, ::before, ::after { transition: none !important }');
    document.adoptedStyleSheets.push(sheet);
  });
}

/** Doubles the text of the page that stands there, or gives it its own size back. */
export async function enlarge(page: Page, on: boolean): Promise<void> {
  await page.evaluate(double, on);
}

/** Runs in the page. */
function double(on: boolean): void {
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet.media.mediaText !== '(min-width: 1px)');
  if (!on) return;
  const sheet = new CSSStyleSheet({ media: '(min-width: 1px)' }); // by which it is known
  sheet.replaceSync(':root { font-size: 200% }');
  document.adoptedStyleSheets.push(sheet);
}

export interface WindowOptions {
  width?: number;
  height?: number;
  dark?: boolean;
  /** Doubles the text, as people who see little set it in their browser. */
  largeText?: boolean;
  /** Lets the app's service worker in; else every request is the page's own. */
  worker?: boolean;
  /** Runs no script, as the browsers of careful people. */
  scriptless?: boolean;
}

export interface Window {
  page: Page;
  context: BrowserContext;
  watch: Watch;
}

/** A fresh phone-sized window with nothing stored. */
export async function openWindow(browser: Browser, origin: string, options: WindowOptions = {}): Promise<Window> {
  const { width = 412, height = 860, dark = false, largeText = false, worker = false, scriptless = false } = options;
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'ko-KR',
    timezoneId: 'Asia/Seoul',
    // Animations end at once, so that pictures and checks see the finished screen.
    reducedMotion: 'reduce',
    serviceWorkers: worker ? 'allow' : 'block',
    javaScriptEnabled: !scriptless,
  });
  context.setDefaultTimeout(10_000);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
  });
  if (largeText) await context.addInitScript(double, true);
  const watch = new Watch(context, origin);
  return { page: await context.newPage(), context, watch };
}
