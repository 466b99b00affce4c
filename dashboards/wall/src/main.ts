// The page: one shell around scenes, drawn from the model as the collector's events change it.
import { textPixels } from './angle.js';
import { get } from './api.js';
import { areas } from './desk/areas.js';
import { availability } from './desk/availability.js';
import { freshness } from './desk/freshness.js';
import { ledger } from './desk/ledger.js';
import { outages } from './desk/outages.js';
import { site } from './desk/site.js';
import { sites } from './desk/sites.js';
import { byId, h } from './dom.js';
import { follow, heard } from './feed.js';
import { model, onChange } from './model.js';
import { goTo, hold, isHeld, rotationNew, tick, type Rotation } from './rotation.js';
import { currentLanguage, say, setLanguage } from './say.js';
import type { Scene } from './scene.js';
import { coverage } from './scenes/coverage.js';
import { power } from './scenes/power.js';
import { province } from './scenes/province.js';
import { serviceScene } from './scenes/services.js';
import { settings, takeConfig, type WallConfig } from './settings.js';
import { watch } from './watch.js';

const WALL: readonly Scene[] = [province, power, coverage, serviceScene];
const DESK: readonly Scene[] = [outages, areas, sites, availability, freshness, ledger, site];
const SCENES: readonly Scene[] = [...WALL, ...DESK];
const TURN_MS = 500;
let about = '';
let rotation: Rotation = rotationNew(['province'], Infinity, Date.now());

const sceneOf = (id: string): Scene => SCENES.find((scene) => scene.id === id) ?? province;

// A desk page stays until its reader leaves it.
const atDesk = (): boolean => DESK.some((scene) => scene.id === rotation.current);

function drawMarks(): void {
  const marks = [...(model.overview?.simulated ? [say('simulated')] : []), ...(isHeld(rotation, Date.now()) ? [say('held')] : [])];
  byId('marks').replaceChildren(...marks.map((mark) => h('strong', 'mark', mark)));
}

function button(text: string, pressed: boolean, act: () => void): HTMLButtonElement {
  const node = h('button', '', text);
  node.type = 'button';
  node.setAttribute('aria-pressed', String(pressed));
  node.addEventListener('click', () => {
    act();
    draw();
  });
  return node;
}

const sceneButton = (scene: Scene): HTMLButtonElement => button(say(scene.title), scene.id === rotation.current, () => { location.hash = scene.id; });

// The wall's scenes, or at the desk the desk's pages, with the way over to the other.
function drawNav(): void {
  const desk = atDesk();
  const over = button(say(desk ? 'wall' : 'desk'), false, () => { location.hash = (desk ? WALL : DESK)[0]!.id; });
  const scenes = (desk ? DESK : WALL).filter((scene) => !scene.hidden).map(sceneButton);
  const other = currentLanguage() === 'vi' ? 'en' : 'vi';
  byId('nav').replaceChildren(...(desk ? [over, ...scenes] : [...scenes, over]), button(other === 'en' ? 'English' : 'Tiếng Việt', false, () => setLanguage(other)));
}

function drawScene(main: HTMLElement): void {
  const shown = `scene-${rotation.current}`;
  if (main.className !== shown) main.replaceChildren();
  main.className = shown;
  sceneOf(rotation.current).draw(main, about);
}

function draw(): void {
  document.documentElement.lang = currentLanguage();
  drawMarks();
  drawNav();
  const centre = model.overview?.centre ?? 'IOC';
  byId('centre').textContent = centre;
  document.title = centre;
  if (model.overview) drawScene(byId('main'));
}

function turn(): void {
  if (heard.newBuild) return location.reload();
  if (atDesk()) return;
  const next = tick(rotation, Date.now(), (id) => sceneOf(id).empty());
  if (next.current !== rotation.current) {
    rotation = next;
    draw();
  }
  rotation = next;
}

function onKey(event: KeyboardEvent): void {
  if (event.key !== 'g' || event.target instanceof HTMLInputElement) return;
  rotation = hold(rotation, Date.now());
  draw();
}

// #scene or #scene/thing: what a person chose, also by a link.
function onHash(): void {
  const [id, ...rest] = location.hash.slice(1).split('/');
  if (!SCENES.some((scene) => scene.id === id)) return;
  about = decodeURIComponent(rest.join('/'));
  rotation = goTo(rotation, id!, Date.now());
  draw();
}

function fit(): void {
  document.documentElement.style.fontSize = `${textPixels(innerWidth, innerHeight, settings.wall.height_mm, settings.wall.distance_mm)}px`;
}

async function start(): Promise<void> {
  takeConfig(await get<Partial<WallConfig>>('wall').catch(() => ({})));
  const order = settings.wall.scenes.filter((id) => WALL.some((scene) => scene.id === id));
  rotation = rotationNew(order, settings.wall.dwell_ms, Date.now());
  if (settings.scene) rotation = { ...goTo(rotation, settings.scene, Date.now()), dwellMs: Infinity };
  addEventListener('resize', () => {
    fit();
    draw();
  });
  addEventListener('hashchange', onHash);
  addEventListener('keydown', onKey);
  fit();
  onChange(draw);
  follow();
  watch();
  setInterval(turn, TURN_MS);
  onHash();
  draw();
}

void start();
