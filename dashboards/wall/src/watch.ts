// The page's own watch over its data: the banner and the hatching hang on this timer, so a server that stopped with the socket open
// cannot keep them away; the clock runs on the animation loop, so a frozen picture shows.
import { byId } from './dom.js';
import { heard } from './feed.js';
import { model } from './model.js';
import { say, time } from './say.js';

const LOOK_MS = 500;
const STALE_AFTER_MS = 5000;

function trouble(): string {
  const until = time(model.overview?.as_of ?? null, true);
  if (Date.now() - heard.at > STALE_AFTER_MS) return say('connection lost', until);
  return heard.listening ? '' : say('not listening', until);
}

// Figures whose books do not balance are not old: nothing is hatched.
const doubt = (): string => (heard.ledger ? '' : say('ledger broken'));

function look(): void {
  const banner = byId('banner');
  const old = trouble();
  const text = old || doubt();
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = text === '';
  document.body.classList.toggle('stale', old !== '');
}

function tick(): void {
  const text = time(Date.now(), true);
  const clock = byId('clock');
  if (clock.textContent !== text) clock.textContent = text;
  requestAnimationFrame(tick);
}

export function watch(): void {
  setInterval(look, LOOK_MS);
  requestAnimationFrame(tick);
}
