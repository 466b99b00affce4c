// What the states of a site rest on: its probes and when they were heard last, and each change with its cause, source and uncertainty.
import { h, link, section, stateText, type Column } from '../dom.js';
import { listing } from '../listing.js';
import { unitNameOf } from '../names.js';
import { operatorOfFigure } from '../operators.js';
import { duration, number, say, sayOf, time } from '../say.js';
import { groupOf } from '../states.js';
import { fact, facts } from './fact.js';
import { unsure } from './figure.js';
import { clockText } from './probe_clock.js';
import type { Lately, Probe, SiteDetail, TimelineSpan } from './site_data.js';

function startOf(probe: Probe): HTMLElement[] {
  if (!probe.started_after) return [];
  return [fact(say('last start'), [sayOf('started after', probe.started_after), probe.started ? time(probe.started) : ''].filter(Boolean).join(' · '))];
}

const heardText = (probe: Probe, asOf: string, never: string): string => (probe.heard ? `${time(probe.heard, true)} (${duration(Date.parse(asOf) - Date.parse(probe.heard))})` : never);

// An operator's feed measures nothing and has no status of its own: only when it spoke last.
function feedFacts(probe: Probe, operator: string, asOf: string): HTMLElement {
  return facts(fact(say('feed'), link('feeds', probe.probe)), fact(say('operator'), operatorOfFigure(operator)), fact(say('heard last'), heardText(probe, asOf, say('no table yet'))));
}

function probeFacts(probe: Probe, asOf: string): HTMLElement {
  if (probe.feed_of) return feedFacts(probe, probe.feed_of, asOf);
  const said = probe.status ? `${sayOf('status', probe.status)}${probe.status_since ? ` · ${say('since')} ${time(probe.status_since)}` : ''}` : say('never heard');
  return facts(fact(say('probe'), probe.probe), fact(say('state'), stateText(probe.status === 'online' ? 'up' : 'unknown', said)), fact(say('heard last'), heardText(probe, asOf, say('never heard'))),
    fact(say('clock'), clockText(probe)), fact(say('backlog'), number(probe.backlog)), ...(probe.unwritten > 0 ? [fact(say('lost at probe'), number(probe.unwritten))] : []), ...startOf(probe),
    ...(probe.identity_conflict ? [fact(say('state'), stateText('down', say('identity conflict')))] : []));
}

export function evidenceSection(site: SiteDetail): HTMLElement {
  return section(say('evidence'), 'evidence', ...(site.probes.length > 0 ? site.probes.map((probe) => probeFacts(probe, site.as_of)) : [h('p', 'rest', say('no probe'))]));
}

interface Change extends TimelineSpan { unit: string }
const CHANGES = 50;

const CHANGE_COLUMNS = (): Column<Change>[] => [
  { title: say('from'), cell: (c) => `${time(c.from, true)} ${unsure(c.uncertainty_ms)}` },
  { title: say('unit'), cell: (c) => unitNameOf(c.unit) },
  { title: say('state'), cell: (c) => stateText(groupOf(c.state), say(c.state)) },
  { title: say('cause'), cell: (c) => (c.cause ? sayOf('cause', c.cause) : '') },
  { title: say('duration'), cell: (c) => duration(Date.parse(c.to) - Date.parse(c.from)), number: true },
  { title: say('provenance'), cell: (c) => sayOf('provenance', c.provenance) + (c.awaiting_backlog ? ` · ${say('awaiting backlog')}` : '') },
];

// What was so before the span began is no change.
function changes(past: Lately): Change[] {
  return past.timeline.units.flatMap(({ unit, spans }) => spans.filter((span) => span.uncertainty_ms !== undefined).map((span) => ({ ...span, unit })))
    .sort((a, b) => Date.parse(b.from) - Date.parse(a.from));
}

export function changesSection(site: SiteDetail, past: Lately | null): HTMLElement {
  const all = past ? changes(past) : [];
  const body = !past ? h('p', 'rest', say('loading')) : all.length > 0 ? listing(`changes-${site.id}`, CHANGE_COLUMNS(), all, CHANGES) : h('p', 'rest', say('no changes'));
  return section(say('changes'), 'list', body);
}
