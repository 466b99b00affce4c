// The page: one shell around scenes, drawn from the model as the collector's events change it.
import { textPixels } from './angle.js';
import { ApiError, get } from './api.js';
import { BEAT_MS, onBeat } from './beat.js';
import { byId, h, toggleClass } from './dom.js';
import { follow, heard } from './feed.js';
import { sendHeap } from './heap.js';
import { drawLive, model, onChange, ownArea } from './model.js';
import { drawMarks, drawNav } from './nav.js';
import { isStorm, newsOf, noNews } from './news.js';
import { reloadIsDue } from './reload.js';
import { drawReplay, toggleReplay } from './replay.js';
import { currentLanguage, localHour, say } from './say.js';
import { settings, takeConfig, type WallConfig } from './settings.js';
import { openSound } from './sound.js';
import { atDesk, begin, currentScene, jumpTo, show, stage, toggleHold, turnOn } from './stage.js';
import { onTheme } from './theme.js';
import { addUnseen, allSeen, anyUnseen, keepUnseen } from './unseen.js';
import { watch } from './watch.js';
import { zoom } from './zoom.js';

const CONFIG_AGAIN_MS = 2000;
const REFUSALS = [401, 403];
const openedAt = Date.now();
let news = noNews;
let stormy = false;

function drawScene(main: HTMLElement): void {
  const scene = currentScene();
  const shown = `scene-${scene.id}`;
  if (main.className !== shown) {
    main.replaceChildren();
    main.className = shown;
  }
  scene.draw(main, stage.about);
}

// Nothing to draw, and why: with the way back where there is one.
function drawTrouble(main: HTMLElement): void {
  const back = h('button', '', say('whole province'));
  back.type = 'button';
  back.addEventListener('click', () => zoom(''));
  main.className = model.trouble ? 'trouble' : 'trouble loading';
  main.replaceChildren(h('section', '', h('h2', '', say(`trouble ${model.trouble || 'none'}`, settings.area)), ...(settings.area ? [back] : [])));
}

function drawHead(): void {
  const centre = model.overview?.centre ?? 'IOC';
  const place = settings.area === '' ? '' : ownArea()?.name ?? '';
  const title = place ? `${centre} · ${place}` : centre;
  if (document.documentElement.lang !== currentLanguage()) document.documentElement.lang = currentLanguage();
  toggleClass(document.body, 'desk', atDesk());
  if (byId('centre').textContent !== title) byId('centre').textContent = title;
  if (document.title !== title) document.title = title;
  drawMarks();
  drawNav(draw, toggleReplay);
  drawReplay();
}

function draw(): void {
  drawHead();
  if (model.overview && !model.trouble) drawScene(byId('main'));
  else drawTrouble(byId('main'));
}

// A new major outage takes the screen to where it shows, and rings.
function listen(): void {
  if (!model.overview || settings.at !== null) return;
  const { news: next, fresh } = newsOf(news, model.overview.outages);
  news = next;
  addUnseen(fresh);
  keepUnseen(model.overview.outages);
  if (fresh.length > 0) jumpTo('province');
}

const inStorm = (): boolean => model.overview !== null && isStorm(model.overview.outages, Date.now());

// A storm brings its scene up once and stops the rotation; whoever goes elsewhere meanwhile stays there.
function watchStorm(): void {
  if (inStorm() && !stormy) jumpTo('province');
  stormy = inStorm();
}

function turn(now: number): void {
  watchStorm();
  const turning = !stormy && turnOn(now);
  if (reloadIsDue({ now, openedAt, hour: localHour(now), turning, newBuild: heard.newBuild })) return location.reload();
  if (turning) draw();
  drawMarks();
  const lit = anyUnseen() && Math.floor(now / BEAT_MS) % 2 === 0;
  for (const row of document.querySelectorAll('.fresh')) toggleClass(row, 'lit', lit);
}

const KEYS: Record<string, () => void> = {
  g: toggleHold,
  r: () => { if (!atDesk()) toggleReplay(); },
  m: allSeen,
  Escape: () => { if (settings.area !== '') zoom(''); },
};

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLInputElement || target instanceof HTMLSelectElement;

function onKey(event: KeyboardEvent): void {
  const act = KEYS[event.key];
  if (!act || isTyping(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  act();
  draw();
}

// #scene or #scene/thing: what a person chose, also by a link.
function onHash(): void {
  const [id, ...rest] = location.hash.slice(1).split('/');
  if (id && show(id, decodeURIComponent(rest.join('/')))) draw();
}

function fit(): void {
  document.documentElement.style.fontSize = `${textPixels(innerWidth, innerHeight, settings.wall.height_mm, settings.wall.distance_mm)}px`;
}

function onResize(): void {
  fit();
  draw();
}

// Whoever may not ask is told so with the figures. Nothing is drawn before: this may be a wall for guests.
async function configured(): Promise<void> {
  for (;;) {
    try {
      return takeConfig(await get<Partial<WallConfig>>('wall'));
    } catch (error) {
      if (error instanceof ApiError && REFUSALS.includes(error.status)) return takeConfig({});
      console.warn(String(error));
    }
    await new Promise((resolve) => setTimeout(resolve, CONFIG_AGAIN_MS));
  }
}

// From here on the page speaks for itself, whatever the centre answers (index.html until then).
function speak(): void {
  document.body.dataset.begun = '';
  sessionStorage.removeItem('late');
  performance.setResourceTimingBufferSize(0); // nobody reads them
  fit();
  drawTrouble(byId('main'));
  watch();
}

async function start(): Promise<void> {
  speak();
  await configured();
  begin();
  addEventListener('resize', onResize);
  onTheme(draw);
  document.fonts.addEventListener('loadingdone', draw); // other letters need other room
  addEventListener('hashchange', onHash);
  addEventListener('keydown', onKey);
  fit();
  openSound();
  onChange(listen);
  onChange(draw);
  follow();
  sendHeap();
  onBeat(drawLive);
  onBeat(turn);
  onHash();
  draw();
}

void start();
