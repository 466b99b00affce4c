// Early warnings beneath the outages: links and sites that carry yet, and why they may not for long. The collector keeps the readings of
// a few places while somebody asks for them (api readings), so a few are looked at: links first, for what hangs on them.
import { get } from '../api.js';
import { h, stateText } from '../dom.js';
import { earlyOf, type Early } from '../early.js';
import { fetched } from '../fetched.js';
import { model } from '../model.js';
import type { Reading } from '../desk/metric.js';
import { number, say } from '../say.js';
import { settings } from '../settings.js';
import type { Kind, Site } from '../types.js';
import { unchanged } from '../unchanged.js';

const LOOKED_AT = 3;
const AGAIN_MS = 10000;
const FIRST: readonly Kind[] = ['link', 'fibre', 'network', 'bts'];

interface Answer { as_of: string; readings: Reading[] }
interface Warned { site: Site; early: Early[] }

const SUPPLY = 'power/'; // who runs on a battery has a scene of its own

const rank = (site: Site): number => (FIRST.indexOf(site.kind) + FIRST.length + 1) % (FIRST.length + 1);

async function ask(id: string): Promise<[string, Answer]> {
  return [id, await get<Answer>(`sites/${encodeURIComponent(id)}/readings`)];
}

const loaded = fetched(async (ids) => new Map(await Promise.all(ids.split(' ').map(ask))), AGAIN_MS);

const same = unchanged();
let degraded: Site[] = [];

function places(): Site[] {
  if (!same([model.edition.sites, model.power])) {
    const supplied = new Set(model.power?.sites.map(({ id }) => id));
    degraded = [...model.sites.values()].filter((site) => site.state === 'degraded' && !supplied.has(site.id)).sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
  }
  return degraded;
}

// Nothing for a guest, who is told no place, and nothing of the past.
function warned(): Warned[] {
  if (settings.guest || settings.at !== null) return [];
  const looked = places().slice(0, LOOKED_AT);
  const answers = looked.length > 0 ? loaded(looked.map((site) => site.id).join(' ')).data : null;
  return looked.flatMap((site) => {
    const answer = answers?.get(site.id);
    const early = answer ? earlyOf(answer.readings, Date.parse(answer.as_of)).filter(({ check }) => !check.startsWith(SUPPLY)) : [];
    return early.length > 0 ? [{ site, early }] : [];
  });
}

const why = ({ early }: Warned): string => early.map(({ text }) => text).join(' · ');

const line = (warning: Warned): HTMLElement => h('p', 'early', stateText('degraded', warning.site.name), h('span', 'facts', why(warning)));

// The title counts all there are, the lines are of a few.
export function earlyLines(): HTMLElement[] {
  const lines = warned().map(line);
  return lines.length > 0 ? [h('h2', 'early', `${say('early warning')}: ${number(places().length)}`), ...lines] : [];
}

// What the lines say: whether they are to be drawn again.
export const earlySaid = (): string => [places().length, ...warned().map((warning) => `${warning.site.name} ${why(warning)}`)].join('\n');
