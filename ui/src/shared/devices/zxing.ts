import BinaryBitmap from '@zxing/library/es2015/core/BinaryBitmap';
import RGBLuminanceSource from '@zxing/library/es2015/core/RGBLuminanceSource';
import GlobalHistogramBinarizer from '@zxing/library/es2015/core/common/GlobalHistogramBinarizer';
import Code128Reader from '@zxing/library/es2015/core/oned/Code128Reader';
import Code39Reader from '@zxing/library/es2015/core/oned/Code39Reader';
import MultiFormatUPCEANReader from '@zxing/library/es2015/core/oned/MultiFormatUPCEANReader';
import type { Decoder } from './decoder';

// For browsers without a detector of their own (docs/adr/0017-barcodes-by-camera.md): the
// line codes of ZXing alone, without its formats of squares.

/** Rows of the frame, in pixels across: enough for a barcode over half of them, quick on old phones. */
const ACROSS = 800;

const readers = [new MultiFormatUPCEANReader(undefined), new Code128Reader(), new Code39Reader()];

/** The barcode in a grey picture, row by row, 0 black to 255 white; null when there is none. */
export function decodeGrey(grey: Uint8ClampedArray, width: number, height: number): string | null {
  const picture = new BinaryBitmap(new GlobalHistogramBinarizer(new RGBLuminanceSource(grey, width, height)));
  for (const reader of readers) {
    try {
      return reader.decode(picture).getText();
    } catch {
      // Not of this kind, or none at all.
    }
  }
  return null;
}

/** Grey of a picture's colours, as the eye weighs them. */
function greyOf({ data, width, height }: ImageData): Uint8ClampedArray {
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0; at < grey.length; at++) grey[at] = (data[4 * at]! * 77 + data[4 * at + 1]! * 151 + data[4 * at + 2]! * 28) >> 8;
  return grey;
}

/** Draws a frame, every second one turned, for codes that are held upright. */
function frame(context: CanvasRenderingContext2D, video: HTMLVideoElement, turned: boolean): ImageData {
  const { canvas } = context;
  const scale = Math.min(1, ACROSS / Math.max(video.videoWidth, video.videoHeight));
  const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
  [canvas.width, canvas.height] = turned ? [height, width] : [width, height];
  if (turned) {
    context.translate(height, 0);
    context.rotate(Math.PI / 2);
  }
  context.drawImage(video, 0, 0, width, height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export function zxingDecoder(): Decoder {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  let turned = false;
  return {
    read: (video) => {
      if (!context || video.videoWidth === 0) return Promise.resolve(null);
      const picture = frame(context, video, turned);
      turned = !turned;
      return Promise.resolve(decodeGrey(greyOf(picture), picture.width, picture.height));
    },
  };
}
