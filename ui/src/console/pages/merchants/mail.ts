/** What a mail of ours may be made of; anything else is left out, its words stay. */
const KNOWN = new Set(['DIV', 'P', 'H1', 'H2', 'TABLE', 'TBODY', 'TR', 'TD', 'TH', 'A', 'SPAN', 'STRONG', 'BR', 'UL', 'OL', 'LI']);

/**
 * A mail as people will see it, built anew out of its HTML: no scripts, pictures or links
 * that lead anywhere. The page's policy allows no styles written in markup, so each is set
 * on its element by hand. Styles that reach out of the mail name an address, and are left out.
 */
export function mailNodes(html: string): DocumentFragment {
  const parsed = new DOMParser().parseFromString(html.replaceAll(' style="', ' data-style="'), 'text/html');
  const out = document.createDocumentFragment();
  const shell = document.createElement('div');
  dress(parsed.body, shell);
  out.append(shell);
  copy(parsed.body, shell);
  return out;
}

function dress(from: Element, to: HTMLElement): void {
  const style = from.getAttribute('data-style') ?? '';
  if (!/url\(|expression|@import/i.test(style)) to.style.cssText = style;
  const lang = from.getAttribute('lang');
  if (lang) to.lang = lang;
}

function copy(from: Node, to: Node): void {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(child.textContent ?? ''));
    else if (child instanceof Element && !['SCRIPT', 'STYLE', 'TEMPLATE'].includes(child.tagName)) {
      if (!KNOWN.has(child.tagName)) {
        copy(child, to);
        continue;
      }
      const heads = /^H[12]$/.test(child.tagName);
      // Its headings are not those of the page.
      const made = document.createElement(heads ? 'p' : child.tagName === 'A' ? 'span' : child.tagName.toLowerCase());
      dress(child, made);
      if (heads && !made.style.fontWeight) made.style.fontWeight = '700';
      if (child.getAttribute('role') === 'presentation') made.setAttribute('role', 'presentation');
      copy(child, made);
      to.appendChild(made);
    }
  }
}
