// The head of the page: marks that say what one looks at, and the ways elsewhere.
import { byId, h } from './dom.js';
import { model, ownArea } from './model.js';
import { compareNames, currentLanguage, say, setLanguage } from './say.js';
import type { Scene } from './scene.js';
import { settings } from './settings.js';
import { MINUTE_MS } from './spans.js';
import { isBlocked } from './sound.js';
import { atDesk, currentScene, DESK, heldUntil, WALL } from './stage.js';
import { zoom } from './zoom.js';
import { isStorm } from './news.js';


interface Mark { text: string; alarm?: boolean }

function marks(): Mark[] {
  const until = heldUntil();
  const now = model.overview ? Date.parse(model.overview.as_of) : Date.now();
  return [
    ...(model.overview?.simulated ? [{ text: say('simulated') }] : []),
    ...(settings.guest ? [{ text: say('guest') }] : []),
    ...(until ? [{ text: say('held', Math.ceil((until - Date.now()) / MINUTE_MS)) }] : []),
    ...(isStorm(model.overview?.outages ?? [], now) ? [{ text: say('storm'), alarm: true }] : []),
    ...(isBlocked() ? [{ text: say('sound blocked') }] : []),
  ];
}

let markedAs = '';

// Called twice a second; touches the page only when something is different.
export function drawMarks(): void {
  const all = marks();
  const look = all.map((mark) => mark.text).join('|');
  if (look === markedAs) return;
  markedAs = look;
  byId('marks').replaceChildren(...all.map((mark) => h('strong', mark.alarm ? 'mark alarm' : 'mark', mark.text)));
}

function button(text: string, pressed: boolean | null, act: () => void): HTMLButtonElement {
  const node = h('button', '', text);
  node.type = 'button';
  if (pressed !== null) node.setAttribute('aria-pressed', String(pressed));
  node.addEventListener('click', act);
  return node;
}

const goTo = (scene: Scene) => (): void => { location.hash = scene.id; };

const sceneButton = (scene: Scene): HTMLButtonElement => button(say(scene.title), scene === currentScene(), goTo(scene));

function option(value: string, text: string): HTMLOptionElement {
  const node = h('option', '', text);
  node.value = value;
  node.selected = value === settings.area;
  return node;
}

// The way to any area on the map by keyboard; a click on the map does the same.
function areaChoice(): HTMLElement {
  const select = h('select');
  const own = ownArea();
  const below = [...model.areas.values()].sort((a, b) => compareNames(a.name, b.name)).map((a) => option(a.id, a.name));
  const here = settings.area === '' ? [] : [option(settings.area, own?.name ?? settings.area)];
  select.append(option('', say('whole province')), ...here, ...below);
  select.setAttribute('aria-label', say('area'));
  select.addEventListener('change', () => zoom(select.value));
  return select;
}

let drawnAs = '';

// A head that is made anew takes the focus away from who uses it: only when it is different.
export function drawNav(redraw: () => void, replay: () => void): void {
  const desk = atDesk();
  const look = [currentScene().id, currentLanguage(), settings.area, settings.at === null, [...model.areas.keys()].join()].join('|');
  if (look === drawnAs) return;
  drawnAs = look;
  const scenes = (desk ? DESK : WALL).filter((scene) => !scene.hidden).map(sceneButton);
  const over = settings.guest ? [] : [button(say(desk ? 'wall' : 'desk'), null, goTo((desk ? WALL : DESK)[0]!))];
  const other = currentLanguage() === 'vi' ? 'en' : 'vi';
  byId('nav').replaceChildren(
    areaChoice(), ...(desk ? over : []), ...scenes, ...(desk ? [] : [...over, button(say('replay'), settings.at !== null, replay)]),
    button(other === 'en' ? 'English' : 'Tiếng Việt', null, () => {
      setLanguage(other);
      redraw();
    }));
}
