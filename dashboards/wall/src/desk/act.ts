// What an operator does: sent with a token in a header, asked for once and kept while the tab is open.
import { settings } from '../settings.js';
import { bodyOf, type Deed, type Values } from './deeds.js';

const KEY = 'ioc.operator';

export const keepToken = (token: string): void => sessionStorage.setItem(KEY, token);
const token = (): string => sessionStorage.getItem(KEY) ?? settings.token;

export interface Outcome { ok: boolean; needsToken: boolean; error: string }

// A change, by the token given with it or else by the one that is kept.
export async function post(path: string, body: object, given = ''): Promise<Outcome> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  const secret = given || token();
  if (secret) headers.Authorization = `Bearer ${secret}`;
  try {
    const response = await fetch(`/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const { error } = await response.json() as { error?: string };
    return { ok: response.ok, needsToken: response.status === 401 || response.status === 403, error: error ?? '' };
  } catch (error) {
    return { ok: false, needsToken: false, error: String(error) };
  }
}

export const act = (outage: string, deed: Deed, values: Values): Promise<Outcome> => post(`outages/${encodeURIComponent(outage)}/${deed}`, bodyOf(deed, values));
