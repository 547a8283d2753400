// The few things every part of the phone draws with.

/**
 * @typedef {string | Node | null | undefined | false} Child
 */

/**
 * Makes an element. `on…` are listeners, booleans set or leave out an attribute, everything else is
 * an attribute.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | undefined | ((event: any) => void)>} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...shown(children));
  return element;
}

/**
 * Puts children in the place of those an element has.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...shown(children));
}

/**
 * @param {(Child | Child[])[]} children
 * @returns {(string | Node)[]}
 */
function shown(children) {
  return /** @type {(string | Node)[]} */ (children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ''));
}

const SVG = 'http://www.w3.org/2000/svg';

/** Line icons of 24 px, as the app has them. */
const PATHS = {
  back: 'M14.5 5 7.5 12l7 7',
  close: 'm6 6 12 12M18 6 6 18',
  copy: 'M8.5 8.5h11v11h-11zM15.5 5.5v-1h-11v11h1',
  again: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4.2h-4.2',
  lock: 'M6 10.5h12v9.5H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5',
  person: 'M12 4.2a3.9 3.9 0 1 0 0 7.8 3.9 3.9 0 0 0 0-7.8M4.5 20c.8-3.6 3.7-5.4 7.5-5.4s6.7 1.8 7.5 5.4',
  talk: 'M5.5 4.5h13A1.5 1.5 0 0 1 20 6v9a1.5 1.5 0 0 1-1.5 1.5H12l-4.5 3.7v-3.7h-2A1.5 1.5 0 0 1 4 15V6a1.5 1.5 0 0 1 1.5-1.5M8.5 9h7M8.5 12.5h4',
  mail: 'M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5M3.6 6.6 12 13l8.4-6.4',
  printer: 'M7.5 9V4.5h9V9M7.5 16.5H6A1.5 1.5 0 0 1 4.5 15v-4.5A1.5 1.5 0 0 1 6 9h12a1.5 1.5 0 0 1 1.5 1.5V15a1.5 1.5 0 0 1-1.5 1.5h-1.5M7.5 13.5h9v6l-1.5-1-1.5 1-1.5-1-1.5 1-1.5-1-1.5 1zM16.5 11.5h.1',
  wallet: 'M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5M3 10h18M6.5 14.5h4',
  next: 'm9.5 5 7 7-7 7',
  split: 'M4.5 4.5h6v15h-6zM13.5 4.5h6v15h-6z',
  call: 'M6.2 3.8h3l1.6 4-2 1.6a11 11 0 0 0 5.8 5.8l1.6-2 4 1.6v3a2 2 0 0 1-2.2 2A16.3 16.3 0 0 1 4.2 6a2 2 0 0 1 2-2.2',
  hang: 'M3.5 14.2v-1.6c0-1.2.6-2 1.7-2.5a16.6 16.6 0 0 1 13.6 0c1.1.5 1.7 1.3 1.7 2.5v1.6l-4.4.9-.9-3a12 12 0 0 0-6.4 0l-.9 3z',
  erase: 'M8.5 5.5H20v13H8.5L3 12zM11.5 9.5l5 5M16.5 9.5l-5 5',
  alert: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.8v5M12 16.2v.1',
};

/** @typedef {keyof typeof PATHS} IconName */

/**
 * A picture beside words; it says nothing of its own to a screen reader.
 * @param {IconName} name
 * @param {number} [size]
 */
export function icon(name, size = 24) {
  const svg = document.createElementNS(SVG, 'svg');
  const attributes = { width: size, height: size, viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  for (const [key, value] of Object.entries({ ...attributes, 'aria-hidden': 'true', focusable: 'false' })) svg.setAttribute(key, String(value));
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

/** @param {number} milliseconds @param {AbortSignal} [signal] */
export function sleep(milliseconds, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', () => (clearTimeout(timer), done(undefined)), { once: true });
  });
}
