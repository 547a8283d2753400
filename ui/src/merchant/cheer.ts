import { ownSettings } from './own';

/** Two short notes upwards: frequency in Hz, start and length in seconds. */
const NOTES = [
  { pitch: 880, at: 0, long: 0.09 },
  { pitch: 1318, at: 0.1, long: 0.16 },
];
const LOUD = 0.12;

function tone(): void {
  if (typeof AudioContext === 'undefined') return;
  const audio = new AudioContext();
  for (const { pitch, at, long } of NOTES) {
    const source = audio.createOscillator();
    const volume = audio.createGain();
    const start = audio.currentTime + at;
    source.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUD, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + long);
    source.connect(volume).connect(audio.destination);
    source.start(start);
    source.stop(start + long);
    source.onended = () => at > 0 && void audio.close();
  }
}

/** Lets an approval be heard and felt, as the shop's settings say. */
export function cheer(): void {
  if (ownSettings.value?.sound) tone();
  if (ownSettings.value?.vibration) navigator.vibrate?.(60);
}
