// What a chart has within its axes: behind all how much was seen, from above what was lost, striped what is not certain, and the line of
// the figure. What was not seen is a gap; nothing that was lost is drawn lower than two pixels.
import { say } from '../say.js';
import type { Trend } from './trend.js';
import { striped } from './stripes.js';

// A rectangle of the canvas within which values and instants have places.
export interface Plane { context: CanvasRenderingContext2D; left: number; top: number; width: number; height: number; x: (ms: number) => number; y: (value: number) => number }

const LEAST_PX = 2;
const LOST_ALPHA = 0.7; // a small loss on a stretched axis is no alarm

interface Colours { seen: string; lost: string; unsure: string | CanvasPattern; line: string; quiet: string }

function colours(context: CanvasRenderingContext2D): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return { seen: of('land'), lost: of('down'), unsure: striped(context, of('unknown')), line: of('good'), quiet: of('quiet') };
}

const end = (trend: Trend, i: number): number => trend.at[i + 1] ?? trend.to;

// From one height to another, never lower than what an eye finds.
function block(plane: Plane, trend: Trend, i: number, upper: number, lower: number, fill: string | CanvasPattern): void {
  const [left, right] = [plane.x(trend.at[i]!), plane.x(end(trend, i))];
  const [top, bottom] = [plane.y(upper), plane.y(lower)];
  plane.context.fillStyle = fill;
  plane.context.fillRect(left, top, Math.max(LEAST_PX, right - left - 1), Math.max(LEAST_PX, bottom - top));
}

function paintSeen(plane: Plane, trend: Trend, seen: string): void {
  plane.context.fillStyle = seen;
  trend.observed.forEach((share, i) => {
    const height = plane.height * (share ?? 0);
    const left = plane.x(trend.at[i]!);
    plane.context.fillRect(left, plane.top + plane.height - height, plane.x(end(trend, i)) - left, height);
  });
}

function paintLost(plane: Plane, trend: Trend, fill: Colours): void {
  trend.line.forEach((value, i) => {
    const [low, high, top] = [trend.low[i] ?? null, trend.high[i] ?? null, trend.top[i] ?? 0];
    if (value === null || low === null || high === null) return;
    plane.context.globalAlpha = LOST_ALPHA;
    if (top > high) block(plane, trend, i, top, high, fill.lost);
    plane.context.globalAlpha = 1;
    if (high > low) block(plane, trend, i, high, low, fill.unsure);
  });
}

function paintLine(plane: Plane, trend: Trend, colour: string, scale: number): void {
  const { context } = plane;
  context.strokeStyle = colour;
  context.lineWidth = 2 * scale;
  context.beginPath();
  trend.line.forEach((value, i) => {
    if (value === null) return;
    const before = trend.line[i - 1] ?? null;
    if (before === null) context.moveTo(plane.x(trend.at[i]!), plane.y(value));
    else context.lineTo(plane.x(trend.at[i]!), plane.y(value));
    context.lineTo(plane.x(end(trend, i)), plane.y(value));
  });
  context.stroke();
}

// Figures from here on may still change.
function paintProvisional(plane: Plane, trend: Trend, colour: string, scale: number): void {
  const { context } = plane;
  if (trend.finalTo >= trend.to) return;
  const x = Math.max(plane.left, plane.x(trend.finalTo));
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = scale;
  context.setLineDash([4 * scale, 4 * scale]);
  context.strokeRect(x, plane.top, plane.left + plane.width - x, plane.height);
  context.setLineDash([]);
  context.font = `${0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize) * scale}px "Be Vietnam Pro", sans-serif`;
  context.textBaseline = 'bottom';
  context.textAlign = 'left';
  const text = say('provisional');
  const room = plane.left + plane.width - x;
  if (context.measureText(text).width + 8 * scale < room) context.fillText(text, x + 4 * scale, plane.top + plane.height - 4 * scale);
}

export function paintTrend(plane: Plane, trend: Trend): void {
  const scale = devicePixelRatio || 1;
  const { context } = plane;
  const fill = colours(context);
  context.save();
  context.beginPath();
  context.rect(plane.left, plane.top - scale, plane.width, plane.height + 2 * scale);
  context.clip();
  paintSeen(plane, trend, fill.seen);
  paintLost(plane, trend, fill);
  paintLine(plane, trend, fill.line, scale);
  paintProvisional(plane, trend, fill.quiet, scale);
  context.restore();
}
