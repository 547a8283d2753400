import { ownSettings } from './own';

/** Two short notes, rising: heard over a shop's noise, over in a third of a second. */
const NOTES = [
  { hertz: 880, at: 0 },
  { hertz: 1320, at: 0.14 },
];
const LENGTH = 0.18;

function tone(): void {
  if (typeof AudioContext === 'undefined') return;
  const audio = new AudioContext();
  for (const { hertz, at } of NOTES) {
    const from = audio.currentTime + at;
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

/** Lets the seller hear and feel that money came in, as the shop's settings say. */
export function celebrate(): void {
  const { sound = true, vibration = true } = ownSettings.value ?? {};
  if (vibration) navigator.vibrate?.(60);
  if (sound) tone();
}
