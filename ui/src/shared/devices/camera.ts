/** Why there is no picture: refused by a person or the browser, no camera, or another program holds it. */
export type CameraFault = 'denied' | 'none' | 'busy';

export class NoCamera extends Error {
  override readonly name = 'NoCamera';
  readonly why: CameraFault;

  constructor(why: CameraFault, cause: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/** An open camera. It belongs to whoever opened it, who must stop it. */
export interface Camera {
  stream: MediaStream;
  /** Turns the lamp on or off; absent where there is none. */
  light?: (on: boolean) => Promise<void>;
  stop: () => void;
}

/** Whether this browser can ask for a camera at all: only pages of a safe origin can. */
export const canOpenCamera = (): boolean => typeof navigator.mediaDevices?.getUserMedia === 'function';

function faultOf(cause: unknown): CameraFault {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'none';
}

/** Opens the camera at the back, or any other. Throws NoCamera. */
export async function openCamera(): Promise<Camera> {
  // Lines of a barcode need pixels across, and more than these slow old phones down.
  const wanted: MediaStreamConstraints = { audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } };
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia(wanted);
  } catch (cause) {
    throw new NoCamera(faultOf(cause), cause);
  }
  const track = stream.getVideoTracks()[0];
  const stop = (): void => stream.getTracks().forEach((each) => each.stop());
  // Not in the types of the DOM yet: https://www.w3.org/TR/image-capture/#torch
  const able = (track?.getCapabilities?.() ?? {}) as { torch?: boolean };
  if (!track || able.torch !== true) return { stream, stop };
  const light = (on: boolean): Promise<void> => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
  return { stream, light, stop };
}
