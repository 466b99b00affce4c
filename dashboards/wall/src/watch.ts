// The page's own watch over its data: the banner and the hatching hang on this timer, so a server that stopped with the socket open
// cannot keep them away; the clock runs on the animation loop, so a frozen picture shows.
import { onBeat } from './beat.js';
import { byId, toggleClass } from './dom.js';
import { heard } from './feed.js';
import { changed, model, type Part } from './model.js';
import { isOld } from './age.js';
import { settings } from './settings.js';
import { say, time } from './say.js';

const LOOK_MS = 500;
const STALE_AFTER_MS = 4500; // with the look: within five seconds
const FIRST_AFTER_MS = 3000; // since the page was asked for

// Since the last event, or since the page was asked for.
const silence = (): number => (heard.at ? Date.now() - heard.at : performance.now());

const isEmpty = (): boolean => model.overview === null && model.trouble === '';

function trouble(): string {
  const until = time(heard.at || model.at.overview || null, true);
  if (isEmpty()) return performance.now() > FIRST_AFTER_MS ? say('no answer') : '';
  if (silence() > STALE_AFTER_MS) return say('connection lost', until);
  return heard.listening ? '' : say('not listening', until);
}

// Figures whose books do not balance, or that miss what waits for the centre's clock, are not old: nothing is hatched.
function doubt(): string {
  if (!heard.ledger) return say('ledger broken');
  return heard.clock ? '' : say('clock doubted');
}

let oldParts = '';

// A part that grows old, or young again, is drawn anew.
function lookAtAges(): void {
  const now = Date.now();
  const parts = (Object.keys(model.at) as Part[]).filter((part) => isOld(model.at[part], now)).join();
  if (parts !== oldParts && model.overview && settings.at === null) changed();
  oldParts = parts;
}

function look(): void {
  lookAtAges();
  const banner = byId('banner');
  const old = trouble();
  const text = old || doubt();
  if (banner.textContent !== text) banner.textContent = text;
  if (banner.hidden !== (text === '')) banner.hidden = text === '';
  toggleClass(document.body, 'stale', old !== '');
}

function tick(now: number): void {
  const text = time(now, true);
  if (byId('clock').textContent !== text) byId('clock').textContent = text;
}

export function watch(): void {
  setInterval(look, LOOK_MS);
  tick(Date.now());
  onBeat(tick);
}
