// The page's pulse: twice a second, with the animation loop, for all that moves by itself, so that the clock, what flashes and what the
// stream brought are one drawing. A frame costs a page of this size more than what is drawn in it.
export const BEAT_MS = 500;

type Act = (now: number) => void;
const acts: Act[] = [];

function beat(): void {
  const now = Date.now();
  next(); // whatever happens below
  for (const act of acts) act(now);
}

// Just behind each half second of the clock, whose seconds then change in time.
function next(): void {
  setTimeout(() => requestAnimationFrame(beat), BEAT_MS - Date.now() % BEAT_MS);
}

// In the order of the calls.
export function onBeat(act: Act): void {
  if (acts.push(act) === 1) next();
}
