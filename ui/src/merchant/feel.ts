import { ownSettings } from './own';

/** Two short notes: heard over a shop's noise, over in a third of a second. Rising is money, falling is none. */
const RISING = [880, 1320];
const FALLING = [660, 440];
const APART = 0.14;
const LENGTH = 0.18;
/** Of full scale: loud enough beside a coffee machine, and two notes never add up to distortion. */
const LOUDNESS = 0.25;
/** Shorter than this nothing is heard, and 0 is no target of an exponential fall. */
const SILENCE = 0.001;

/** After so long without a note the loudspeaker rests, and a note that comes later than that is not played: in milliseconds. */
const REST = 1000;

let audio: AudioContext | undefined;
let resting: ReturnType<typeof setTimeout> | undefined;

/** Wakes the loudspeaker for a moment. */
async function wake(): Promise<AudioContext | undefined> {
  if (typeof AudioContext === 'undefined') return undefined;
  audio ??= new AudioContext();
  clearTimeout(resting);
  resting = setTimeout(() => void audio?.suspend().catch(() => undefined), REST);
  // Where the browser does not let it sound yet, this waits for ever.
  if (audio.state !== 'running') await audio.resume();
  return audio;
}

/** Browsers let a page sound only after it was touched: the first touch opens the ear. Gives what ends it. */
export function readySound(): () => void {
  const kinds = ['pointerdown', 'keydown'] as const;
  const open = (): void => {
    end();
    void wake().catch(() => undefined);
  };
  const end = (): void => kinds.forEach((kind) => window.removeEventListener(kind, open));
  kinds.forEach((kind) => window.addEventListener(kind, open, { passive: true }));
  return end;
}

async function tone(notes: readonly number[]): Promise<void> {
  const asked = Date.now();
  const out = await wake();
  if (!out || Date.now() - asked > REST) return;
  for (const [index, hertz] of notes.entries()) {
    const from = out.currentTime + index * APART;
    const [note, volume] = [out.createOscillator(), out.createGain()];
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(LOUDNESS, from);
    volume.gain.exponentialRampToValueAtTime(SILENCE, from + LENGTH);
    note.connect(volume).connect(out.destination);
    note.start(from);
    note.stop(from + LENGTH);
  }
}

const play = (notes: readonly number[]): void => void tone(notes).catch(() => undefined);

function signal(notes: readonly number[], buzz: number | number[]): void {
  const { sound = true, vibration = true } = ownSettings.value ?? {};
  if (vibration) navigator.vibrate?.(buzz);
  if (sound) play(notes);
}

const GLAD = 60;

/** Lets the seller hear and feel that money came in, as the shop's settings say. */
export function celebrate(): void {
  signal(RISING, GLAD);
}

/** Lets the seller hear and feel that money they wait for did not come. */
export function alarm(): void {
  signal(FALLING, [60, 80, 60]);
}

/** Whether this device can vibrate at all. */
export const vibrates = (): boolean => typeof navigator.vibrate === 'function';

/** What an approved payment sounds or feels like, whatever the settings say. */
export function sample(what: 'sound' | 'vibration'): void {
  if (what === 'sound') play(RISING);
  else if (vibrates()) navigator.vibrate(GLAD);
}
