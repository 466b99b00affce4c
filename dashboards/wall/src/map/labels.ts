// Which names stand on the map: those of areas in trouble wherever they do not lie on one another, others only where nothing is beneath. Pure.
import type { Point } from './geometry.js';

export interface Name { text: string; at: Point; width: number; important: boolean }
export interface Placed { text: string; at: Point; important: boolean }

interface Box { left: number; right: number; top: number; bottom: number }

const SHIFTS = [0, 1, -1, 1.7, -1.7] as const; // lines from the middle, tried in this order

const boxOf = (name: Name, height: number): Box => ({ left: name.at[0] - (name.width + height) / 2, right: name.at[0] + (name.width + height) / 2, top: name.at[1] - height / 2, bottom: name.at[1] + height / 2 });

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const holds = (box: Box, [x, y]: Point, gap: number): boolean => x > box.left - gap && x < box.right + gap && y > box.top - gap && y < box.bottom + gap;

const within = (box: Box, width: number, height: number): boolean => box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;

// names: the most important first; marks: what ordinary names must not hide, `gap` around each.
export function placeNames(names: readonly Name[], marks: readonly Point[], lineHeight: number, gap: number, width: number, height: number): Placed[] {
  const taken: Box[] = [];
  const placed: Placed[] = [];
  const fits = (box: Box, important: boolean): boolean => within(box, width, height) && !taken.some((other) => meet(box, other)) && (important || !marks.some((mark) => holds(box, mark, gap)));
  for (const name of names) {
    const at = SHIFTS.map((lines): Point => [name.at[0], name.at[1] + lines * lineHeight]).find((point) => fits(boxOf({ ...name, at: point }, lineHeight), name.important));
    if (!at) continue;
    taken.push(boxOf({ ...name, at }, lineHeight));
    placed.push({ text: name.text, at, important: name.important });
  }
  return placed;
}
