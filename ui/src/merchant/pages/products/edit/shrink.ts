/** The side of the square that is sent: twice what the server keeps at most, so that it still has something to sharpen. */
const SIDE = 1280;
const QUALITY = 0.88;

/** The largest square in the middle of a picture, and the side it is drawn with: never larger than it is. */
export function middleOf(width: number, height: number): { x: number; y: number; size: number; side: number } {
  const size = Math.min(width, height);
  return { x: Math.floor((width - size) / 2), y: Math.floor((height - size) / 2), size, side: Math.min(SIDE, size) };
}

/** The file is no picture this browser can read. */
export class NoPicture extends Error {
  override readonly name = 'NoPicture';
}

/**
 * Makes a small square JPEG of a picture somebody chose, turned as it was taken. A phone's
 * photograph of some megabytes becomes some hundred kilobytes, without place and time.
 */
export async function shrink(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((cause: unknown) => {
    throw new NoPicture('unreadable', { cause });
  });
  try {
    const { x, y, size, side } = middleOf(picture.width, picture.height);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [side, side];
    const context = canvas.getContext('2d');
    if (!context || side === 0) throw new NoPicture('nothing to draw');
    // What is transparent lies on white, as on the slip.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, x, y, size, size, 0, 0, side, side);
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
    if (!made) throw new NoPicture('not made');
    return made;
  } finally {
    picture.close();
  }
}
