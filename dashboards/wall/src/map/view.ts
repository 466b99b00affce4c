// Where shapes lie on a canvas: the main part fitted into all of it, far areas each in a box of its own at the lower right. Pure.
import { geoIdentity, geoPath, type GeoIdentityTransform } from 'd3-geo';
import type { Point, Shape } from './geometry.js';

const PAD = 0.03; // of the canvas
const INSET = 0.2; // of the shorter side
const INSET_GAP = 0.015;

export interface Box { x: number; y: number; size: number }

export interface View {
  shapes: readonly Shape[];
  projection: GeoIdentityTransform;
  box: Box | null; // null = the main part
}

function fit(shapes: readonly Shape[], extent: [Point, Point]): GeoIdentityTransform {
  const features = shapes.map((shape) => ({ type: 'Feature' as const, properties: {}, geometry: shape.geometry }));
  return geoIdentity().reflectY(true).fitExtent(extent, { type: 'FeatureCollection', features });
}

interface Room { size: number; step: number }

// Of a box, and of a box with the gap beside it.
function room(width: number, height: number): Room {
  const size = Math.min(width, height) * INSET;
  return { size, step: size + Math.min(width, height) * INSET_GAP };
}

// What the boxes leave of the canvas: they stand at the right of a wide one and at the foot of a high one.
function rest(boxes: number, width: number, height: number): Point {
  if (boxes === 0) return [width, height];
  const { step } = room(width, height);
  return width >= height ? [width - step, height] : [width, height - step];
}

function inset(shape: Shape, place: number, width: number, height: number): View {
  const { size, step } = room(width, height);
  const box = width >= height ? { x: width - step, y: height - step * (place + 1), size } : { x: width - step * (place + 1), y: height - step, size };
  const [pad, end] = [size * 0.12, size * 0.75]; // the name stands beneath
  return { shapes: [shape], projection: fit([shape], [[box.x + pad, box.y + pad], [box.x + size - pad, box.y + end]]), box };
}

function focused(shapes: readonly Shape[], focus: string): readonly Shape[] {
  const one = shapes.filter((shape) => shape.id === focus);
  return one.length > 0 ? one : shapes;
}

export function views(shapes: readonly Shape[], insets: readonly string[], width: number, height: number, focus = ''): View[] {
  const far = insets.flatMap((id) => shapes.filter((shape) => shape.id === id));
  const main = shapes.filter((shape) => !insets.includes(shape.id));
  const pad = Math.min(width, height) * PAD;
  const [right, bottom] = rest(far.length, width, height);
  const whole = main.length > 0 ? [{ shapes: main, projection: fit(focused(main, focus), [[pad, pad], [right - pad, bottom - pad]]), box: null }] : [];
  return [...whole, ...far.map((shape, i) => inset(shape, i, width, height))];
}

export const middleOf = (view: View, shape: Shape): Point => geoPath(view.projection).centroid(shape.geometry);

export const pathOf = (view: View, shape: Shape): Path2D => new Path2D(geoPath(view.projection)(shape.geometry) ?? '');
