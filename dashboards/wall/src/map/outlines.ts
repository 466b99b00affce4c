// The file of outlines that the collector may have: features called by their id, or by their properties id or code.
import { get } from '../api.js';
import type { Outline } from './geometry.js';

interface Feature { id?: string | number; properties?: Record<string, unknown> | null; geometry: Partial<Outline> | null }

const isOutline = (x: Partial<Outline> | null): x is Outline => (x?.type === 'Polygon' || x?.type === 'MultiPolygon') && Array.isArray(x.coordinates);

function outlineOf(feature: Feature): Outline[] {
  const id = feature.id ?? feature.properties?.id ?? feature.properties?.code;
  if (id === undefined || !isOutline(feature.geometry)) return [];
  return [{ ...feature.geometry, id: String(id), name: String(feature.properties?.name ?? '') }];
}

export async function loadOutlines(): Promise<Outline[]> {
  const file = await get<{ features: Feature[] }>('outlines');
  return file.features.flatMap(outlineOf);
}
