import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cells, clip, outlined, plane, type Place, type Point, type Shape } from '../src/map/geometry.js';

const places: Place[] = [[108.9, 11.5], [109.0, 11.6], [108.8, 11.7], [109.1, 11.4], [108.95, 11.62]].map(([lon, lat], i) => ({ id: `a${i}`, lon: lon!, lat: lat! }));

function size(ring: readonly Point[]): number {
  return Math.abs(ring.reduce((sum, p, i) => {
    const q = ring[(i + 1) % ring.length]!;
    return sum + p[0] * q[1] - q[0] * p[1];
  }, 0)) / 2;
}

// Even-odd over the outer ring.
function contains(shape: Shape, [x, y]: Point): boolean {
  const ring = shape.geometry.coordinates[0]![0]!;
  return ring.reduce((inside, a, i) => {
    const b = ring[(i + ring.length - 1) % ring.length]!;
    return (a[1] > y) !== (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] ? !inside : inside;
  }, false);
}

test('each place lies in its own cell and in no other', () => {
  const shapes = cells(places);
  assert.equal(shapes.length, places.length);
  for (const p of places) {
    const at = plane(p.lon, p.lat);
    assert.deepEqual(shapes.filter((shape) => contains(shape, at)).map((shape) => shape.id), [p.id]);
  }
});

test('clipping a square by a smaller one leaves the smaller one', () => {
  const square = (r: number): Point[] => [[-r, -r], [r, -r], [r, r], [-r, r]];
  assert.equal(size(clip(square(2), square(1))), 4);
  assert.equal(size(clip(square(1), square(2))), 4);
  assert.equal(size(clip(square(1), square(2).reverse())), 4);
});

test('one or two places make squares, none makes none, a doubled place is left out', () => {
  assert.equal(cells([]).length, 0);
  assert.equal(cells(places.slice(0, 2)).length, 2);
  assert.equal(cells([...places, { ...places[0]!, id: 'again' }]).length, places.length);
});

test('outlines count only if they know at least half of the areas', () => {
  const outline = { id: 'a0', type: 'Polygon' as const, coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] };
  assert.equal(outlined([outline], new Set(['a0', 'a1', 'a2'])), null);
  assert.equal(outlined([outline], new Set(['a0', 'a1']))?.length, 1);
  assert.equal(outlined([outline], new Set()), null);
});
