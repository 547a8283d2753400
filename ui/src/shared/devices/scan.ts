import { openCamera, type Camera } from './camera';
import { isCode, openDecoder, Steady } from './decoder';

/** Between two looks at the picture, in milliseconds: quick to the eye, easy on the battery. */
const LOOK = 120;

/** A camera that looks for barcodes until it is stopped. */
export interface Scanner {
  camera: Camera;
  stop: () => void;
}

/**
 * Opens the camera into a video element and hands every barcode on that is held before
 * it. Throws NoCamera, and whatever kept the decoder from being fetched.
 */
export async function startScanner(video: HTMLVideoElement, onCode: (code: string) => void): Promise<Scanner> {
  const opening = openDecoder();
  // Heard of below, once the camera is open.
  opening.catch(() => undefined);
  const camera = await openCamera();
  const decoder = await opening.catch((cause: unknown) => {
    camera.stop();
    throw cause;
  });
  const steady = new Steady();
  let over = false;
  const look = async (): Promise<void> => {
    while (!over) {
      const read = await decoder.read(video).catch(() => null);
      const found = steady.take(read !== null && isCode(read) ? read : null, performance.now());
      if (found !== null && !over) onCode(found);
      await new Promise((later) => setTimeout(later, LOOK));
    }
  };
  video.srcObject = camera.stream;
  await video.play().catch(() => undefined);
  void look();
  return {
    camera,
    stop: () => {
      over = true;
      camera.stop();
      video.srcObject = null;
    },
  };
}
