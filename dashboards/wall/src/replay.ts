// Xem lại: the wall as it was at an instant of the last seven days, as far as it is known today.
import { get } from './api.js';
import { byId, h, toggleClass } from './dom.js';
import { askAnew } from './feed.js';
import { fetched } from './fetched.js';
import { changed } from './model.js';
import { standingOf, type DayFigures } from './revised.js';
import { inputInstant, inputText, say, sayOf, time } from './say.js';
import { settings } from './settings.js';
import { MINUTE_MS } from './spans.js';

const SPAN_MIN = 7 * 24 * 60;
const STEPS_MIN = [-60, -5, 5, 60] as const;
const DAY_AGAIN_MS = 60000;
const ASK_MS = 250; // a hand on the slider asks no more often

// The figures of the day that holds the instant say whether history was restated since.
const dayOf = fetched((about) => {
  const [day = '', area = ''] = about.split(' ');
  return get<DayFigures>('availability', { area, period: `day:${day}`, revisions: 1 });
}, DAY_AGAIN_MS);

function standing(at: number): { text: string; alarm: boolean } {
  const { data } = dayOf(`${inputText(at).slice(0, 10)} ${settings.area}`);
  if (!data) return { text: '', alarm: false };
  const { state, last } = standingOf(data);
  if (last) return { text: say('day revised', time(last.at), sayOf('reason', last.reason)), alarm: true };
  return { text: say(state === 'provisional' ? 'day provisional' : 'day final'), alarm: false };
}

// Told apart from the rest of the bar, which stays under the hand that holds it.
function drawBadge(bar: HTMLElement, at: number): void {
  const badge = bar.querySelector<HTMLElement>('.mark')!;
  const { text, alarm } = standing(at);
  if (badge.textContent !== text) badge.textContent = text;
  badge.className = alarm ? 'mark alarm' : 'mark';
  badge.hidden = text === '';
}

let asking: ReturnType<typeof setTimeout> | undefined;

function go(at: number | null): void {
  const now = Date.now();
  settings.at = at === null ? null : Math.max(now - SPAN_MIN * MINUTE_MS, Math.min(at, now));
  clearTimeout(asking);
  asking = setTimeout(askAnew, ASK_MS);
  drawReplay();
  changed();
}

function slider(): HTMLInputElement {
  const input = h('input');
  Object.assign(input, { type: 'range', min: String(-SPAN_MIN), max: '0', step: '1', value: String(Math.round(((settings.at ?? Date.now()) - Date.now()) / MINUTE_MS)) });
  input.setAttribute('aria-label', say('replay'));
  input.addEventListener('input', () => {
    settings.at = Date.now() + Number(input.value) * MINUTE_MS;
    show();
    clearTimeout(asking);
    asking = setTimeout(askAnew, ASK_MS);
  });
  return input;
}

function instant(): HTMLInputElement {
  const input = h('input');
  input.type = 'datetime-local';
  input.value = inputText(settings.at ?? Date.now());
  input.setAttribute('aria-label', say('instant'));
  input.addEventListener('change', () => input.value && go(inputInstant(input.value)));
  return input;
}

function step(minutes: number): HTMLElement {
  const node = h('button', '', say(minutes < 0 ? 'earlier' : 'later', Math.abs(minutes)));
  node.type = 'button';
  node.addEventListener('click', () => go((settings.at ?? Date.now()) + minutes * MINUTE_MS));
  return node;
}

function back(): HTMLElement {
  const node = h('button', '', say('back to now'));
  node.type = 'button';
  node.addEventListener('click', () => go(null));
  return node;
}

// Follows the slider without making it anew under the hand that holds it.
function show(): void {
  const input = byId('replay').querySelector<HTMLInputElement>('input[type=datetime-local]');
  if (settings.at === null) return;
  if (input) input.value = inputText(settings.at);
  drawBadge(byId('replay'), settings.at);
}

export function drawReplay(): void {
  const bar = byId('replay');
  if (settings.at === null && bar.hidden) return;
  bar.hidden = settings.at === null;
  bar.setAttribute('aria-label', say('replay'));
  toggleClass(document.body, 'replay', settings.at !== null);
  if (settings.at === null) return bar.replaceChildren();
  const inside = document.activeElement?.closest('#replay') && bar.childElementCount > 0;
  if (inside) return show();
  bar.replaceChildren(h('strong', '', say('replaying')), instant(), slider(), ...STEPS_MIN.map(step), back(), h('span', 'quiet', say('replay note')), h('strong', 'mark'));
  drawBadge(bar, settings.at);
}

export function toggleReplay(): void {
  go(settings.at === null ? Date.now() - 60 * MINUTE_MS : null);
}
