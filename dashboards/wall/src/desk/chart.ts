// Charts on uPlot, which is fetched when the first one is wanted. A chart is made once for a name and filled again: what is left of a page
// is its few charts. Beside the canvas stands the same as a table, for who cannot see it; arrows move from step to step.
import type uPlot from 'uplot';
import { h, stateText, table, type Column } from '../dom.js';
import { csvButton } from '../listing.js';
import { currentLanguage, offset, ratio, say, time } from '../say.js';
import { themeNow } from '../theme.js';
import { marks } from './axis.js';
import { paintTrend } from './chart_paint.js';
import { axisDecimals, rangeOf, stepAt, type Trend } from './trend.js';

const HEIGHT_REM = 9;
const NARROW_PX = 640;
const AXIS_REM = 4;

interface Step { at: number; text: string; figure: string; between: string; observed: string; stands: string }

// A chart with what it shows at this time.
interface Chart {
  box: HTMLElement;
  stage: HTMLElement;
  says: HTMLElement;
  plot: uPlot | null;
  trend: Trend;
  steps: Step[];
  look: string;
  at: number; // the step that is pointed at, -1 = none
}

const charts = new Map<string, Chart>();
let library: Promise<typeof uPlot> | null = null;

// A page that is older than its collector finds no such file any more; it is about to begin anew.
function fetchLibrary(): Promise<typeof uPlot> {
  library ??= import('uplot').then((found) => found.default);
  library.catch(() => { library = null; });
  return library;
}

const rem = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize);
const cssColour = (name: string) => (): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function stepsOf(trend: Trend, coverage: boolean): Step[] {
  return trend.at.map((at, i) => {
    const [line, low, high] = [trend.line[i] ?? null, trend.low[i] ?? null, trend.high[i] ?? null];
    const other = coverage ? high : low;
    return {
      at, text: time(at), figure: line === null ? say('not enough data') : ratio(line), between: other === null || other === line ? '' : ratio(other),
      observed: coverage ? '' : ratio(trend.observed[i] ?? null), stands: at >= trend.finalTo ? say('provisional') : say('final'),
    };
  });
}

// What it is called on the page and as a file.
export interface Words { file: string; title: string; figure: string; between: string; coverage: boolean }

const columnsOf = (words: Words): Column<Step>[] => [
  { title: say('from'), cell: (s) => s.text },
  { title: words.figure, cell: (s) => s.figure, number: true },
  { title: words.between, cell: (s) => s.between, number: true },
  ...(words.coverage ? [] : [{ title: say('observed'), cell: (s: Step) => s.observed, number: true }]),
  { title: say('stands'), cell: (s) => s.stands },
];

function tell(chart: Chart, words: Words): void {
  const step = chart.steps[chart.at];
  const parts = step ? [step.text, `${words.figure} ${step.figure}`, step.between ? `${words.between} ${step.between}` : '', step.observed ? `${say('observed')} ${step.observed}` : '', step.stands] : [];
  chart.says.textContent = step ? parts.filter(Boolean).join(' · ') : say('chart hint');
}

function planeOf(plot: uPlot) {
  const { left, top, width, height } = plot.bbox;
  return { context: plot.ctx, left, top, width, height, x: (ms: number) => Math.round(plot.valToPos(ms / 1000, 'x', true)), y: (v: number) => plot.valToPos(v, 'y', true) };
}

const dataOf = (trend: Trend): uPlot.AlignedData => [[...trend.at, trend.to].map((ms) => ms / 1000), [...trend.line, null]];

function axes(chart: Chart): uPlot.Axis[] {
  const look = { stroke: cssColour('quiet'), grid: { stroke: cssColour('line'), width: 1 }, ticks: { show: false } };
  const font = `${Math.round(0.75 * rem())}px "Be Vietnam Pro", sans-serif`;
  const hours = () => marks(chart.trend.at[0] ?? 0, chart.trend.to, offset(), innerWidth < NARROW_PX ? 4 : 10);
  return [
    { ...look, font, size: 1.9 * rem(), gap: 0.5 * rem(), splits: () => hours().map((mark) => mark.at / 1000), values: () => hours().map((mark) => mark.text) },
    { ...look, font, size: AXIS_REM * rem(), splits: () => {
      const [low, high] = rangeOf(chart.trend);
      return [low, (low + high) / 2, high];
    }, values: (_plot, splits) => splits.map((value) => ratio(value, axisDecimals(rangeOf(chart.trend)))) },
  ];
}

function optionsOf(chart: Chart, words: () => Words): uPlot.Options {
  return {
    width: 100, height: HEIGHT_REM * rem(), padding: [0.6 * rem(), 1.6 * rem(), 0, 0], legend: { show: false },
    scales: { x: { time: false, range: () => [(chart.trend.at[0] ?? 0) / 1000, chart.trend.to / 1000] }, y: { range: () => rangeOf(chart.trend) } },
    series: [{}, { paths: () => null, points: { show: false } }], axes: axes(chart),
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, dataIdx: (_plot, _series, _nearest, value) => stepAt(chart.trend, value * 1000) },
    hooks: {
      drawAxes: [(plot) => paintTrend(planeOf(plot), chart.trend)],
      setCursor: [(plot) => {
        chart.at = plot.cursor.left === undefined || plot.cursor.left < 0 ? -1 : plot.cursor.idxs?.[1] ?? -1;
        tell(chart, words());
      }],
    },
  };
}

// By arrows from step to step, by Home and End to the first and the last.
function onKey(chart: Chart, event: KeyboardEvent): void {
  const last = chart.steps.length - 1;
  const next: Record<string, number> = { ArrowLeft: chart.at < 0 ? last : Math.max(0, chart.at - 1), ArrowRight: Math.min(last, chart.at + 1), Home: 0, End: last };
  const at = next[event.key];
  if (at === undefined || !chart.plot || last < 0) return;
  event.preventDefault();
  const middle = (chart.trend.at[at]! + (chart.trend.at[at + 1] ?? chart.trend.to)) / 2;
  chart.plot.setCursor({ left: chart.plot.valToPos(middle / 1000, 'x'), top: 0 });
}

const wordsOf = new Map<string, Words>();

function made(name: string): Chart {
  const found = charts.get(name);
  if (found) return found;
  const stage = h('div', 'chart-stage');
  const says = h('p', 'chart-says quiet');
  says.setAttribute('aria-live', 'polite');
  const box = h('div', 'chart');
  const chart: Chart = { box, stage, says, plot: null, trend: { at: [], to: 0, line: [], low: [], high: [], top: [], observed: [], finalTo: 0 }, steps: [], look: '', at: -1 };
  stage.tabIndex = 0;
  stage.setAttribute('role', 'group');
  stage.addEventListener('keydown', (event) => onKey(chart, event));
  charts.set(name, chart);
  return chart;
}

// The file of the table that is hidden beside it.
function tables(chart: Chart, words: Words): HTMLElement[] {
  const hidden = h('div', 'visually-hidden', table(columnsOf(words), chart.steps));
  return [hidden, csvButton(words.file, columnsOf(words), chart.steps)];
}

function legend(words: Words): HTMLElement {
  return h('p', 'legend quiet', stateText('down', say('chart lost')), stateText('unknown', say('chart unsure')), ...(words.coverage ? [] : [h('span', 'state', h('i', 'swatch'), say('chart seen'))]));
}

async function paint(chart: Chart, name: string): Promise<void> {
  try {
    const Plot = await fetchLibrary();
    if (!chart.stage.isConnected || chart.stage.clientWidth === 0) return void (chart.look = '');
    if (!chart.plot) {
      chart.plot = new Plot(optionsOf(chart, () => wordsOf.get(name)!), dataOf(chart.trend), chart.stage);
      chart.plot.root.setAttribute('aria-hidden', 'true');
    }
    chart.plot.setSize({ width: chart.stage.clientWidth, height: HEIGHT_REM * rem() });
    chart.plot.setData(dataOf(chart.trend));
  } catch (error) {
    chart.look = '';
    chart.says.textContent = say('chart failed');
    console.warn(String(error));
  }
}

// The box of the chart of that name with a figure over time in it.
export function chartOf(name: string, trend: Trend, words: Words): HTMLElement {
  const chart = made(name);
  const look = [trend.at.join(), trend.to, trend.line.join(), trend.low.join(), trend.high.join(), trend.observed.join(), currentLanguage(), themeNow(), innerWidth, innerHeight, words.title].join('|');
  if (look === chart.look) return chart.box;
  Object.assign(chart, { look, trend, steps: stepsOf(trend, words.coverage) });
  wordsOf.set(name, words);
  chart.stage.setAttribute('aria-label', words.title);
  chart.box.replaceChildren(chart.stage, chart.says, legend(words), ...tables(chart, words));
  tell(chart, words);
  requestAnimationFrame(() => void paint(chart, name));
  return chart.box;
}
