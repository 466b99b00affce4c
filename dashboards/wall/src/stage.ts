// Which scene is on, and who may change that: a person, the rotation, a new major outage.
import { DESK } from './desk.js';
import { goTo, hold, isHeld, jump, rotationNew, tick, type Rotation } from './rotation.js';
import type { Scene } from './scene.js';
import { coverage } from './scenes/coverage.js';
import { power } from './scenes/power.js';
import { province } from './scenes/province.js';
import { serviceScene } from './scenes/services.js';
import { settings } from './settings.js';

export const WALL: readonly Scene[] = [province, power, coverage, serviceScene];
export { DESK };
const SCENES: readonly Scene[] = [...WALL, ...DESK];

let rotation: Rotation = rotationNew(['province'], Infinity, Date.now());

export const stage = { about: '' };

const sceneOf = (id: string): Scene => SCENES.find((scene) => scene.id === id) ?? province;

export const currentScene = (): Scene => sceneOf(rotation.current);

// A desk page stays until its reader leaves it.
export const atDesk = (): boolean => DESK.includes(currentScene());

export const heldUntil = (): number => (isHeld(rotation, Date.now()) ? rotation.heldUntil : 0);

// A desk page, a scene chosen by the address, a held screen and a replayed past are somebody's: they neither turn nor jump.
export const isSomebodys = (): boolean => atDesk() || settings.scene !== '' || heldUntil() > 0 || settings.at !== null;

export function begin(): void {
  const order = settings.wall.scenes.filter((id) => WALL.some((scene) => scene.id === id));
  rotation = rotationNew(order, settings.wall.dwell_ms, Date.now());
  if (settings.scene) rotation = { ...goTo(rotation, settings.scene, Date.now()), dwellMs: Infinity };
}

export function show(id: string, about: string): boolean {
  const scene = SCENES.find((s) => s.id === id);
  if (!scene || (settings.guest && DESK.includes(scene))) return false;
  stage.about = about;
  rotation = goTo(rotation, id, Date.now());
  return true;
}

export function jumpTo(id: string): void {
  if (!isSomebodys()) rotation = jump(rotation, id, Date.now());
}

export function toggleHold(): void {
  rotation = hold(rotation, Date.now());
}

// True if another scene is on now.
export function turnOn(now: number): boolean {
  if (isSomebodys()) return false;
  const before = rotation.current;
  rotation = tick(rotation, now, (id) => sceneOf(id).empty());
  return rotation.current !== before;
}
