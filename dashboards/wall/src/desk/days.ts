// Availability day by day as a chart, of one of several lines: a kind of an area, a unit of a site.
import { aged, h, section } from '../dom.js';
import type { Fetched } from '../fetched.js';
import { say } from '../say.js';
import { chartOf } from './chart.js';
import { choices } from './choice.js';
import { availabilityTrend, type AvailabilityLine, type Series } from './trend.js';

export interface Days {
  name: string; // of the chart
  file: string;
  chosen: string;
  id: (line: AvailabilityLine) => string;
  title: (line: AvailabilityLine) => string;
  choose: (id: string) => void;
}

export function daysSection({ data, told }: Fetched<Series<AvailabilityLine>>, days: Days): HTMLElement {
  const title = say('availability by day');
  if (!data) return section(title, 'trend', h('p', 'rest', say('loading')));
  const line = data.lines.find((one) => days.id(one) === days.chosen) ?? data.lines[0];
  if (!line) return section(title, 'trend', h('p', 'rest', say('nothing to show')));
  const names = new Map(data.lines.map((one) => [days.id(one), days.title(one)]));
  const pick = names.size > 1 ? [choices([...names.keys()], days.id(line), (id) => names.get(id) ?? id, days.choose)] : [];
  const chart = chartOf(days.name, availabilityTrend(data, line), {
    file: `${days.file}-${days.id(line).replaceAll('/', '-')}`, title: `${title}: ${days.title(line)}`, figure: say('availability word'), between: say('lowest figure'), coverage: false });
  return aged(section(names.size > 1 ? title : `${title} · ${days.title(line)}`, 'trend', ...pick, chart), told);
}
