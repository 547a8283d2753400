/** A slip as dots: one bit a dot, black is 1, rows of whole bytes. */
export interface Dots {
  width: number;
  height: number;
  bits: Uint8Array;
}

/** A document that is no picture. */
export class NoPicture extends Error {
  override readonly name = 'NoPicture';
}

/** The most rows of a picture: far more than any slip, and what every browser can draw. */
const MOST_ROWS = 16_000;

const [ESC, FS, GS] = [0x1b, 0x1c, 0x1d];

/**
 * The picture in a document of the mode RASTER, as the server writes them: bands of
 * GS v 0, one beneath the other, between commands that draw nothing. Throws NoPicture
 * for anything else.
 */
export function dotsOf(document: Uint8Array): Dots {
  const bands: Uint8Array[] = [];
  let stride = 0;
  let height = 0;
  for (let at = 0; at < document.length; ) {
    const head = document.subarray(at, at + 8);
    const mute = muteLength(head);
    if (mute > 0) {
      at += mute;
      continue;
    }
    if (head[0] !== GS || head[1] !== 0x76 || head[2] !== 0x30 || head.length < 8) throw new NoPicture(`no picture at ${at}`);
    const [wide, rows] = [head[4]! + 256 * head[5]!, head[6]! + 256 * head[7]!];
    const end = at + 8 + wide * rows;
    if (wide === 0 || (stride !== 0 && wide !== stride) || end > document.length || height + rows > MOST_ROWS) throw new NoPicture(`no band at ${at}`);
    bands.push(document.subarray(at + 8, end));
    stride = wide;
    height += rows;
    at = end;
  }
  if (height === 0) throw new NoPicture('nothing drawn');
  const bits = new Uint8Array(stride * height);
  let row = 0;
  for (const band of bands) {
    bits.set(band, row);
    row += band.length;
  }
  return { width: stride * 8, height, bits };
}

/** How long a command is that draws nothing; 0 for any other. */
function muteLength(head: Uint8Array): number {
  const [first, second, third] = head;
  if (first === 0x0a) return 1;
  if (first === ESC && second === 0x40) return 2; // initialise
  if (first === ESC && second === 0x70) return 5; // the drawer
  if (first === ESC && second === 0x64) return 3; // feed
  if (first === FS && (second === 0x26 || second === 0x2e)) return 2; // two-byte characters
  if (first === GS && second === 0x56) return third === 0x41 || third === 0x42 ? 4 : 3; // cut
  return 0;
}

/** The picture as a PNG. */
export async function pngOf({ width, height, bits }: Dots): Promise<Blob> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext('2d');
  if (!pen) throw new NoPicture('no canvas');
  const image = pen.createImageData(width, height);
  const { data } = image;
  data.fill(0xff);
  const stride = width / 8;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const black = (bits[y * stride + (x >> 3)]! >> (7 - (x & 7))) & 1;
      if (black) data.fill(0, 4 * (y * width + x), 4 * (y * width + x) + 3);
    }
  }
  pen.putImageData(image, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new NoPicture('no PNG'))), 'image/png'));
}
