import { ownSettings } from './own';

/** Two short notes: heard over a shop's noise, over in a third of a second. Rising is money, falling is none. */
const RISING = [880, 1320];
const FALLING = [660, 440];
const APART = 0.14;
const LENGTH = 0.18;

function tone(notes: readonly number[]): void {
  if (typeof AudioContext === 'undefined') return;
  const audio = new AudioContext();
  for (const [index, hertz] of notes.entries()) {
    const from = audio.currentTime + index * APART;
    const [note, volume] = [audio.createOscillator(), audio.createGain()];
    note.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + LENGTH);
    note.connect(volume).connect(audio.destination);
    note.start(from);
    note.stop(from + LENGTH);
  }
  setTimeout(() => void audio.close().catch(() => undefined), 1000);
}

function signal(notes: readonly number[], buzz: number | number[]): void {
  const { sound = true, vibration = true } = ownSettings.value ?? {};
  if (vibration) navigator.vibrate?.(buzz);
  if (sound) tone(notes);
}

/** Lets the seller hear and feel that money came in, as the shop's settings say. */
export function celebrate(): void {
  signal(RISING, 60);
}

/** Lets the seller hear and feel that money they wait for did not come. */
export function alarm(): void {
  signal(FALLING, [60, 80, 60]);
}
