// Sites as shapes: each of the five states has its own, so that it is told apart without colours.
import type { Group } from '../states.js';
import type { Point } from './geometry.js';

export type Brush = OffscreenCanvasRenderingContext2D;
type Mark = (context: Brush, x: number, y: number, r: number) => void;

const MARKS: Record<Group, Mark> = {
  up: (c, x, y, r) => c.arc(x, y, r / 2, 0, 2 * Math.PI),
  maintenance: (c, x, y, r) => c.rect(x - r, y - r, 2 * r, 2 * r),
  unknown: (c, x, y, r) => {
    c.moveTo(x - r * 0.8, y - r * 0.7);
    c.arc(x, y - r * 0.7, r * 0.8, Math.PI, Math.PI / 2);
    c.lineTo(x, y + r * 0.6);
    c.moveTo(x, y + r * 1.1);
    c.lineTo(x, y + r * 1.5);
  },
  degraded: (c, x, y, r) => {
    c.moveTo(x, y - r * 1.2);
    c.lineTo(x + r * 1.2, y + r);
    c.lineTo(x - r * 1.2, y + r);
    c.closePath();
  },
  down: (c, x, y, r) => {
    for (const [dx, dy] of [[1, 1], [1, -1]] as const) {
      c.moveTo(x - r * dx * 1.2, y - r * dy * 1.2);
      c.lineTo(x + r * dx * 1.2, y + r * dy * 1.2);
    }
  },
};
const OUTLINED: ReadonlySet<Group> = new Set(['down', 'unknown']);
export const COLOUR: Record<Group, string> = { up: 'good', maintenance: 'maintenance', unknown: 'unknown', degraded: 'degraded', down: 'down-text' };

// All of a group in one path: a thousand sites are five strokes.
export function drawGroup(context: Brush, group: Group, points: readonly Point[], r: number, colour: string, ground: string): void {
  context.beginPath();
  for (const [x, y] of points) {
    context.moveTo(x + (group === 'up' ? r / 2 : r), y);
    MARKS[group](context, x, y, r);
  }
  // a rim of the ground's colour: a cross on a red area is seen, too
  context.lineWidth = r * (OUTLINED.has(group) ? 1.1 : 0.5);
  context.strokeStyle = ground;
  if (group !== 'up') context.stroke();
  context.lineWidth = r / 2;
  context.fillStyle = context.strokeStyle = colour;
  if (OUTLINED.has(group)) context.stroke();
  else context.fill();
}
