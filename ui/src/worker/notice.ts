import { unreadable } from '../shared/i18n/worker';

/** Where the app is mounted; the worker cannot ask the router, which needs a window. */
export const APP = '/app/';

/** What is shown of a push. */
export interface Shown {
  title: string;
  options: NotificationOptions & { renotify?: boolean };
}

/** The path of the app that a notice opens; anything that is none of ours opens home. */
export function pathOf(data: unknown): string {
  const url = typeof data === 'string' ? data : '';
  return url.startsWith(APP) && new URL(url, 'https://app.invalid').pathname.startsWith(APP) ? url : APP;
}

function textOf(data: Record<string, unknown>, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : '';
}

/**
 * The notice of a push. Browsers let nobody receive one and show nothing, so even one
 * that cannot be read is shown; while the app is open before the user it makes no sound,
 * for the app tells as well.
 */
export function noticeOf(read: () => unknown, language: string, watched: boolean): Shown {
  let data: Record<string, unknown> = {};
  try {
    const given = read();
    if (given && typeof given === 'object') data = given as Record<string, unknown>;
  } catch {
    // No JSON of ours.
  }
  const fallback = unreadable[language.startsWith('ko') ? 'ko' : 'en'];
  const title = textOf(data, 'title');
  const tag = textOf(data, 'tag');
  return {
    title: title || fallback.title,
    options: {
      body: title ? textOf(data, 'body') : fallback.body,
      icon: `${APP}icon-192.png`,
      data: pathOf(data['url']),
      silent: watched,
      // The next word on the same payment takes the place of the last one, and is heard.
      ...(tag ? { tag, renotify: !watched } : {}),
    },
  };
}
