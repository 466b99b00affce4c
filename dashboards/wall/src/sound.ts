// A sound for a new major outage, again and again until somebody at this screen says that it is seen. Browsers refuse sound before a
// first touch unless they are told otherwise (deploy/examples/wall-kiosk.service); the page says so then.
import { settings } from './settings.js';

const AGAIN_MS = 5000;
const TONES_HZ = [880, 660] as const;
const TONE_S = 0.18;
const VOLUME = 0.2;

let context: AudioContext | null = null;
let ringing: ReturnType<typeof setInterval> | undefined;

export const isBlocked = (): boolean => settings.wall.sound && context?.state === 'suspended';
export const isRinging = (): boolean => ringing !== undefined;

function tone(audio: AudioContext, hz: number, at: number): void {
  const gain = audio.createGain();
  const source = audio.createOscillator();
  gain.gain.value = VOLUME;
  source.frequency.value = hz;
  source.connect(gain).connect(audio.destination);
  source.start(at);
  source.stop(at + TONE_S);
}

function play(): void {
  if (context?.state !== 'running') return;
  const from = context.currentTime;
  TONES_HZ.forEach((hz, i) => tone(context!, hz, from + i * TONE_S));
}

// One context for the life of the page.
export function openSound(): void {
  if (!settings.wall.sound) return;
  context = new AudioContext();
  addEventListener('pointerdown', () => void context?.resume());
  addEventListener('keydown', () => void context?.resume());
}

export function ring(): void {
  if (!settings.wall.sound || ringing !== undefined) return;
  play();
  ringing = setInterval(play, AGAIN_MS);
}

export function silence(): void {
  clearInterval(ringing);
  ringing = undefined;
}
