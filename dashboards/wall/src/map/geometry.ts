// Shapes of areas on a plane: real outlines where a file has them, else cells around the centroids within a hull. Pure.
import { Delaunay } from 'd3-delaunay';
import { geoMercator } from 'd3-geo';

export type Point = [number, number];
export interface Place { id: string; lon: number; lat: number }
export interface Shape { id: string; geometry: { type: 'MultiPolygon'; coordinates: Point[][][] } }
export interface Outline { id: string; name?: string; type: 'Polygon' | 'MultiPolygon'; coordinates: unknown }

const DEGREE = Math.PI / 180;
const MARGIN = 0.06; // of the hull's size, so that cells at the border are not slivers
const FIT_LEAST = 0.5; // of the areas a file must know

// Mercator, north up; a radian of longitude is 1. On the plane there is no winding to get wrong.
const mercator = geoMercator().scale(1).translate([0, 0]);

export function plane(lon: number, lat: number): Point {
  const [x, y] = mercator([lon, lat])!;
  return [x, -y];
}

const shapeOf = (id: string, polygons: Point[][][]): Shape => ({ id, geometry: { type: 'MultiPolygon', coordinates: polygons } });
const closed = (ring: Point[]): Point[] => [...ring, ring[0]!];

function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce<Point>((s, p) => [s[0] + p[0], s[1] + p[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

function hullOf(delaunay: Delaunay<Point>, points: readonly Point[]): Point[] {
  const corners = [...delaunay.hull].map((i) => points[i]!);
  const middle = middleOf(corners);
  const size = Math.max(...corners.map((p) => Math.hypot(p[0] - middle[0], p[1] - middle[1])));
  return corners.map((p) => {
    const far = Math.hypot(p[0] - middle[0], p[1] - middle[1]) || 1;
    const longer = 1 + MARGIN * 2 * size / far;
    return [middle[0] + (p[0] - middle[0]) * longer, middle[1] + (p[1] - middle[1]) * longer];
  });
}

// Which side of the line a-b a point lies on: positive is left.
const side = (a: Point, b: Point, p: Point): number => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);

function crossing(a: Point, b: Point, p: Point, q: Point): Point {
  const from = side(a, b, p);
  const share = from / (from - side(a, b, q));
  return [p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share];
}

// A convex cell cut by a convex hull, edge by edge (Sutherland and Hodgman).
export function clip(cell: readonly Point[], hull: readonly Point[]): Point[] {
  const inside = Math.sign(side(hull[0]!, hull[1]!, middleOf(hull)));
  let rest = [...cell];
  hull.forEach((a, i) => {
    const b = hull[(i + 1) % hull.length]!;
    const kept: Point[] = [];
    rest.forEach((p, k) => {
      const before = rest[(k + rest.length - 1) % rest.length]!;
      const isIn = side(a, b, p) * inside >= 0;
      if (isIn !== side(a, b, before) * inside >= 0) kept.push(crossing(a, b, before, p));
      if (isIn) kept.push(p);
    });
    rest = kept;
  });
  return rest;
}

export function cells(places: readonly Place[]): Shape[] {
  const points = places.map((p) => plane(p.lon, p.lat));
  if (points.length < 3) return places.map((p, i) => shapeOf(p.id, [[square(points[i]!)]]));
  const delaunay = Delaunay.from(points);
  const hull = hullOf(delaunay, points);
  const xs = hull.map((p) => p[0]);
  const ys = hull.map((p) => p[1]);
  const voronoi = delaunay.voronoi([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
  return places.flatMap((place, i) => {
    const cell = voronoi.cellPolygon(i) as Point[] | null; // none for a second place at the same point
    const ring = cell ? clip(cell.slice(0, -1), hull) : [];
    return ring.length > 2 ? [shapeOf(place.id, [[closed(ring)]])] : [];
  });
}

function square(p: Point): Point[] {
  const r = 0.01 * DEGREE;
  return closed([[p[0] - r, p[1] - r], [p[0] + r, p[1] - r], [p[0] + r, p[1] + r], [p[0] - r, p[1] + r]]);
}

function onPlane(outline: Outline): Point[][][] {
  const polygons = (outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates) as Point[][][];
  return polygons.map((rings) => rings.map((ring) => ring.map((p) => plane(p[0], p[1]))));
}

// The file's outlines of these ids, of which at least half of `areas` must be known; null if it does not fit them.
export function outlined(outlines: readonly Outline[], ids: ReadonlySet<string>, areas = ids.size): Shape[] | null {
  const known = outlines.filter((outline) => ids.has(outline.id));
  if (areas === 0 || known.length < areas * FIT_LEAST) return null;
  return known.map((outline) => shapeOf(outline.id, onPlane(outline)));
}
