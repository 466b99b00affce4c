// Questions to the collector.
import { settings } from './settings.js';

export class ApiError extends Error {
  constructor(readonly path: string, readonly status: number) {
    super(`${path}: ${status}`);
  }
}

export type Values = Record<string, string | number>;

export function address(path: string, values: Values = {}): string {
  const all = Object.entries({ ...values, token: settings.token }).filter(([, value]) => value !== '').map(([key, value]) => [key, String(value)]);
  const query = new URLSearchParams(all).toString();
  return `/api/v1/${path}${query ? `?${query}` : ''}`;
}

const ANSWER_MS = 10000; // whoever has not answered by then is asked anew: a question that waits for ever would hold one of the browser's six connections

export async function get<T>(path: string, values: Values = {}): Promise<T> {
  const response = await fetch(address(path, values), { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new ApiError(path, response.status);
  return await response.json() as T;
}

const PAGE = 1000;

// A whole list, page by page.
export async function getAll<T>(path: string, key: string, values: Values = {}): Promise<T[]> {
  const items: T[] = [];
  for (;;) {
    const page = await get<Record<string, unknown>>(path, { ...values, offset: items.length, limit: PAGE });
    const more = page[key] as T[];
    items.push(...more);
    if (more.length === 0 || items.length >= Number(page.total)) return items;
  }
}
