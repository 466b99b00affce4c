// What an operator does about an outage: sent with a token in a header, asked for once and kept while the tab is open.
import { settings } from '../settings.js';
import { bodyOf, type Deed, type Values } from './deeds.js';

const KEY = 'ioc.operator';

export const keepToken = (token: string): void => sessionStorage.setItem(KEY, token);
const token = (): string => sessionStorage.getItem(KEY) ?? settings.token;

export interface Outcome { ok: boolean; needsToken: boolean; error: string }

export async function act(outage: string, deed: Deed, values: Values): Promise<Outcome> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (token()) headers.Authorization = `Bearer ${token()}`;
  try {
    const response = await fetch(`/api/v1/outages/${encodeURIComponent(outage)}/${deed}`, { method: 'POST', headers, body: JSON.stringify(bodyOf(deed, values)) });
    const { error } = await response.json() as { error?: string };
    return { ok: response.ok, needsToken: response.status === 401 || response.status === 403, error: error ?? '' };
  } catch (error) {
    return { ok: false, needsToken: false, error: String(error) };
  }
}
