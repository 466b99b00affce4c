// The file of outlines that the collector may have: features called by their id, or by their properties id or code.
import { get } from '../api.js';
import type { Outline } from './geometry.js';

interface Feature { id?: string | number; properties?: Record<string, unknown> | null; geometry: Partial<Outline> | null }

const isRing = (ring: unknown): boolean => Array.isArray(ring) && ring.length > 2 && ring.every((p: unknown) => Array.isArray(p) && Number.isFinite(p[0]) && Number.isFinite(p[1]));
const isPolygon = (rings: unknown): boolean => Array.isArray(rings) && rings.length > 0 && rings.every(isRing);

// A shape that is none is left out, and the rest of the map stays.
function isOutline(x: Partial<Outline> | null): x is Outline {
  if (x?.type === 'Polygon') return isPolygon(x.coordinates);
  return x?.type === 'MultiPolygon' && Array.isArray(x.coordinates) && x.coordinates.length > 0 && x.coordinates.every(isPolygon);
}

function outlineOf(feature: Feature): Outline[] {
  const id = feature.id ?? feature.properties?.id ?? feature.properties?.code;
  if (id === undefined || !isOutline(feature.geometry)) return [];
  return [{ ...feature.geometry, id: String(id), name: String(feature.properties?.name ?? '') }];
}

export async function loadOutlines(): Promise<Outline[]> {
  const file = await get<{ features: Feature[] }>('outlines');
  return file.features.flatMap(outlineOf);
}
