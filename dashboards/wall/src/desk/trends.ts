// Desk page: what the area was. Its coverage hour by hour, and what each of its sites was over a day, a week or a month.
import { aged, h, section } from '../dom.js';
import { changed, ownArea } from '../model.js';
import { refill } from '../refill.js';
import { say, technologyName } from '../say.js';
import { chartOf } from './chart.js';
import { choices } from './choice.js';
import { hoursOfCoverage } from './series.js';
import { timelinesSection } from './timelines.js';
import { coverageTrend } from './trend.js';

let technology = '4g';

function choose(next: string): void {
  technology = next;
  changed();
}

function coverageSection(area: string): HTMLElement {
  const title = say('coverage by hour');
  const { data, told } = hoursOfCoverage(area);
  if (!data) return section(title, 'trend', h('p', 'rest', say('loading')));
  const line = data.lines.find((one) => one.technology === technology) ?? data.lines[0];
  if (!line) return section(title, 'trend', h('p', 'rest', say('nothing to show')));
  const pick = choices(data.lines.map((one) => one.technology), line.technology, technologyName, choose);
  return aged(section(title, 'trend', pick, chartOf('hours-of-coverage', coverageTrend(data, line), {
    file: `coverage-${area}-${line.technology}`, title: `${title}: ${technologyName(line.technology)}`, figure: say('villages live'), between: say('live with unknown'), coverage: true })), told);
}

export function drawTrends(root: HTMLElement): void {
  const area = ownArea()?.id ?? '';
  refill(root, coverageSection(area), timelinesSection(area));
}
