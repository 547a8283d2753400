import type { Dots } from './paper';

/** Dots of a millimetre on receipt paper (203 dpi), and the white above and below a slip. */
const DOTS_MM = 8;
const MARGIN_MM = 3;
/** A slip wider than this, in millimetres, is for paper of 80 mm. */
const NARROW_MM = 48;

/** The paper a slip is for, in millimetres. */
export const paperOf = ({ width }: Pick<Dots, 'width'>): 58 | 80 => (width / DOTS_MM > NARROW_MM ? 80 : 58);

/** How the page is set: as wide as the paper and as high as the slip, with nothing else on it. */
export function pageStyle(dots: Pick<Dots, 'width' | 'height'>): string {
  const [width, height] = [dots.width / DOTS_MM, Math.ceil(dots.height / DOTS_MM) + 2 * MARGIN_MM];
  return `
.paper-out { display: none }
@page { size: ${paperOf(dots)}mm ${height}mm; margin: 0 }
@media print {
  :root { color-scheme: light }
  html, body { margin: 0; background: #fff }
  body > :not(.paper-out) { display: none !important }
  .paper-out { display: block; padding: ${MARGIN_MM}mm 0 0 }
  .paper-out img { display: block; width: ${width}mm; margin: 0 auto; image-rendering: pixelated }
}`;
}

let last: (() => void) | undefined;

/**
 * Opens the system's print window on a slip that is already drawn. What was printed
 * there nobody tells. The slip stays in the page until the next one, for some systems
 * draw it only after the window was opened.
 */
export async function printPicture(picture: Blob, dots: Pick<Dots, 'width' | 'height'>): Promise<void> {
  last?.();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(pageStyle(dots));
  document.adoptedStyleSheets.push(sheet);
  const url = URL.createObjectURL(picture);
  const box = document.body.appendChild(document.createElement('div'));
  box.className = 'paper-out';
  // A picture for paper: on the screen it is not there, for anybody.
  const image = box.appendChild(document.createElement('img'));
  image.alt = '';
  image.src = url;
  last = () => {
    box.remove();
    URL.revokeObjectURL(url);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    last = undefined;
  };
  await image.decode();
  window.print();
}
