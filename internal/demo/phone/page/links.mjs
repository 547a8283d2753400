// Which addresses in a text the phone opens, and where.

const ADDRESS = /https?:\/\/[^\s<>"']+/g;

/** A telephone number at the end of a line, as texts name the line to call. */
const NUMBER = /^(.* )?(0\d{8,10})$/;

/**
 * The text in parts; a part with an address is a link.
 * @param {string} text
 * @returns {{ text: string, href?: string }[]}
 */
export function parts(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    // What ends a sentence or closes a bracket is no part of the address.
    const href = match[0].replace(/[.,;:!?)\]}]+$/, '');
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found.flatMap((part) => (part.href ? [part] : numbers(part.text)));
}

/**
 * The same for the telephone numbers of a text without addresses.
 * @param {string} text
 * @returns {{ text: string, href?: string }[]}
 */
function numbers(text) {
  /** @type {{ text: string, href?: string }[]} */
  const found = [];
  for (const line of text.split(/(?<=\n)/)) {
    const [, before = '', number = ''] = NUMBER.exec(line.trimEnd()) ?? [];
    if (!number) found.push({ text: line });
    else found.push({ text: before }, { text: number, href: `tel:${number}` }, { text: line.slice(before.length + number.length) });
  }
  return found.filter((part) => part.text !== '');
}

/** The number that an address calls; null for everything else. @param {string} href */
export function called(href) {
  return /^tel:(\+?[\d-]+)$/.exec(href)?.[1]?.replace(/\D/g, '') ?? null;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const PAGES = /^\/(p|r|a|activate)\/[A-Za-z0-9_-]+/;

/**
 * Where the phone opens an address: a buyer's page of this demo, by whichever of the demo's
 * addresses the message named it; null for everything else.
 * @param {string} href
 * @param {{ origin: string, hostname: string }} [here]
 */
export function inside(href, here = location) {
  let url;
  try {
    url = new URL(href, here.origin);
  } catch {
    return null;
  }
  const ours = url.origin === here.origin || (LOOPBACK.includes(url.hostname) && LOOPBACK.includes(here.hostname));
  return ours && PAGES.test(url.pathname) ? url.pathname + url.search + url.hash : null;
}
