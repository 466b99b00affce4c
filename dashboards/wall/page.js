// The plain page: overview, areas and sites, live over server-sent events. Whatever it shows, it says how old it is.
import { words } from '/words.js';

const STALE_AFTER_MS = 5000;
const SITES_SHOWN = 200;
const GROUP = { down: 'down', silent: 'unknown', unobserved: 'unknown', degraded: 'degraded', maintenance: 'maintenance',
  asleep: 'maintenance', planned: 'maintenance', up: 'up' };

const model = { overview: null, areas: new Map(), sites: new Map(), heard: 0, listening: true, ledger: true, why: '', server: null };
let language = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem('language') ?? 'vi';
const area = new URLSearchParams(location.search).get('area') ?? '';
const token = new URLSearchParams(location.search).get('token') ?? '';

const byId = (id) => document.getElementById(id);
const say = (key, ...values) => values.reduce((text, value, i) => text.replace(`{${i}}`, value), words[key]?.[language] ?? key);
const locale = () => (language === 'vi' ? 'vi-VN' : 'en-GB');
const number = (n) => new Intl.NumberFormat(locale()).format(n);
const percent = (part, whole) => (whole > 0
  ? new Intl.NumberFormat(locale(), { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(Math.floor(part / whole * 1e4) / 1e4)
  : '–');
const time = (text) => (text ? new Date(text).toLocaleString(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric' }) : '–');
const duration = (ms) => {
  const minutes = Math.floor(ms / 60000);
  if (minutes < 1) return say('seconds', Math.floor(ms / 1000));
  return minutes < 60 ? say('minutes', minutes) : say('hours', Math.floor(minutes / 60), minutes % 60);
};

const technologyName = (t) => (words[`technology ${t}`] ? say(`technology ${t}`) : t.toUpperCase());

function element(tag, text, className) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function table(id, heads, rows) {
  const head = element('tr');
  for (const [text, className] of heads) head.append(element('th', text, className));
  const body = rows.map((cells) => {
    const row = element('tr');
    for (const [text, className] of cells) row.append(element('td', text, className));
    return row;
  });
  byId(id).replaceChildren(head, ...body);
}

function tile(title, value, lines, className) {
  const box = element('div', undefined, 'tile');
  box.append(element('span', title), element('b', value, className), ...lines.map((line) => element('small', line)));
  return box;
}

function drawCoverage(overview) {
  const live = overview.area[0]?.live ?? {};
  byId('coverage').replaceChildren(...Object.entries(live).map(([technology, f]) => {
    const missing = f.villages_nominal - f.villages - f.villages_unknown;
    const lines = [`${say('population')}: ${percent(f.population, f.population_total)}`];
    if (f.villages_nominal < f.villages_total) lines.push(say('villages nominal', number(f.villages_nominal)));
    if (f.villages_unknown) lines.push(say('villages unknown', number(f.villages_unknown)));
    return tile(`${technologyName(technology)} · ${say('villages live')}`, `${number(f.villages)}/${number(f.villages_total)}`, lines,
      missing ? 'down' : f.villages_unknown ? 'unknown' : '');
  }));
}

// Never more decimals than the uncertainty of the outages supports; the floor, so that 100 % means all of it.
function availability(figure) {
  if (!figure?.enough_data) return `${say('availability 24h')}: ${say('not enough data')}`;
  const decimals = Math.min(2, figure.decimals);
  const show = (ratio) => new Intl.NumberFormat(locale(), { style: 'percent', minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .format(Math.floor(ratio * 10 ** (decimals + 2)) / 10 ** (decimals + 2));
  const lowest = figure.lower < figure.confirmed ? ` (${say('lowest', show(figure.lower))})` : '';
  return `${say('availability 24h')}: ${show(figure.confirmed)}${lowest}`;
}

function drawKinds(overview) {
  byId('kinds').replaceChildren(...Object.entries(overview.sites).map(([kind, s]) => {
    const lines = ['down', 'silent', 'unobserved', 'degraded', 'maintenance', 'asleep', 'planned']
      .filter((state) => s[state]).map((state) => `${say(state)}: ${number(s[state])}`);
    const silent = s.silent + s.unobserved;
    lines.unshift(availability(overview.availability_24h.find((figure) => figure.kind === kind)));
    return tile(say(`kind ${kind}`), `${number(s.up)}/${number(s.total)}`, lines, s.down ? 'down' : silent ? 'unknown' : '');
  }));
}

function drawOutages(overview) {
  table('outages', [[say('outage')], [say('place')], [say('cause')], [say('since')], [say('duration'), 'number'], [say('sites'), 'number'],
    [say('without service'), 'number']],
  overview.outages.map((o) => [
    [o.outage, `state ${o.group_verified ? 'down' : 'unknown'}`],
    [o.root_name ?? '–'],
    [o.verified ? say(`cause ${o.cause}`) : say('unverified')],
    [time(o.from)],
    [duration(o.duration_ms), 'number'],
    [number(o.sites), 'number'],
    [number(Math.max(o.mobile.without_service.population, o.fibre.without_service.population)), 'number'],
  ]));
  const rest = overview.outages_total - overview.outages.length;
  byId('outages-rest').textContent = overview.outages_total === 0 ? say('no outages') : rest > 0 ? say('more outages', rest) : '';
}

function drawAreas() {
  const technologies = [...new Set([...model.areas.values()].flatMap((a) => Object.keys(a.live)))];
  const collator = new Intl.Collator('vi');
  const rows = [...model.areas.values()].sort((a, b) => collator.compare(a.name, b.name));
  table('areas', [[say('area')], ...technologies.map((t) => [technologyName(t), 'number'])], rows.map((a) => [
    [a.name],
    ...technologies.map((t) => {
      const f = a.live[t];
      if (!f) return ['–', 'number'];
      const dark = f.villages_nominal - f.villages - f.villages_unknown;
      return [`${number(f.villages)}/${number(f.villages_total)}`, `number ${dark ? 'down' : f.villages_unknown ? 'unknown' : ''}`];
    }),
  ]));
}

function drawSites() {
  const all = byId('all').checked;
  const list = [...model.sites.values()].filter((s) => all || (s.state !== 'up' && s.state !== 'planned'));
  const order = Object.keys(GROUP);
  list.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.id.localeCompare(b.id));
  table('sites', [[say('state')], [say('site code')], [say('name')], [say('cause')], [say('since')]], list.slice(0, SITES_SHOWN).map((s) => [
    [say(s.state), `state ${GROUP[s.state]}`],
    [s.code || s.id],
    [s.name],
    [s.cause ? say(`cause ${s.cause}`) : ''],
    [time(s.since)],
  ]));
  byId('sites-rest').textContent = list.length === 0 ? say('all sites up', number(model.sites.size))
    : list.length > SITES_SHOWN ? say('more sites', number(list.length - SITES_SHOWN)) : '';
}

function drawLabels() {
  document.documentElement.lang = language;
  for (const [id, key] of [['coverage-title', 'coverage'], ['kinds-title', 'sites by state'], ['outages-title', 'outages'],
    ['areas-title', 'areas'], ['sites-title', 'sites'], ['all-label', 'show all']]) byId(id).textContent = say(key);
  byId('language').textContent = language === 'vi' ? 'English' : 'Tiếng Việt';
}

function draw() {
  drawLabels();
  if (!model.overview) return;
  byId('centre').textContent = model.overview.centre;
  document.title = model.overview.centre;
  byId('simulated').hidden = !model.overview.simulated;
  byId('simulated').textContent = say('simulated');
  byId('as-of').textContent = say('data until', time(model.overview.as_of));
  drawCoverage(model.overview);
  drawKinds(model.overview);
  drawOutages(model.overview);
  drawAreas();
  drawSites();
}

let drawing = false;
function drawSoon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

// The banner hangs on the page's own timer: a server that stopped with the socket open cannot keep it away.
function watch() {
  const age = Date.now() - model.heard;
  const stale = age > STALE_AFTER_MS;
  const banner = byId('banner');
  const since = model.overview ? time(model.overview.as_of) : '–';
  let text = '';
  if (stale) text = say('connection lost', since);
  else if (!model.listening) text = say('not listening', since);
  else if (!model.ledger) text = say('ledger broken');
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = text === '';
  document.body.classList.toggle('stale', text !== '' && text !== say('ledger broken'));
}

function tick() {
  byId('clock').textContent = new Date().toLocaleString(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric' });
  requestAnimationFrame(tick);
}

const query = (values) => new URLSearchParams(Object.entries({ ...values, token }).filter(([, v]) => v !== '')).toString();

async function get(path, values = {}) {
  const response = await fetch(`/api/v1/${path}?${query(values)}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function getAll(path, key, values) {
  const items = [];
  for (;;) {
    const page = await get(path, { ...values, offset: items.length, limit: 1000 });
    items.push(...page[key]);
    if (page[key].length === 0 || items.length >= page.total) return items;
  }
}

async function loadAll() {
  const overview = await get('overview', { area });
  const own = overview.area[0]?.id ?? '';
  const [areas, sites] = await Promise.all([getAll('areas', 'areas', { parent: own }), getAll('sites', 'sites', { area: own })]);
  model.overview = overview;
  model.areas = new Map(areas.map((a) => [a.id, a]));
  model.sites = new Map(sites.map((s) => [s.id, s]));
  drawSoon();
}

function resync() {
  loadAll().catch((error) => {
    console.warn(error.message);
    setTimeout(resync, 2000);
  });
}

function listen() {
  const source = new EventSource(`/api/v1/events?${query({})}`);
  const on = (name, take) => source.addEventListener(name, (event) => {
    model.heard = Date.now();
    take(JSON.parse(event.data));
  });
  on('hb', (data) => { model.listening = data.listening; model.ledger = data.ledger; });
  on('resync', resync);
  on('overview', (data) => {
    if (area === '') model.overview = data;
    else resync();
    drawSoon();
  });
  on('areas', (list) => {
    for (const a of list) if (model.areas.has(a.id)) model.areas.set(a.id, a);
    drawSoon();
  });
  on('sites', (list) => {
    for (const s of list) if (area === '' || model.sites.has(s.id)) model.sites.set(s.id, s);
    drawSoon();
  });
}

byId('language').addEventListener('click', () => {
  language = language === 'vi' ? 'en' : 'vi';
  localStorage.setItem('language', language);
  draw();
});
byId('all').addEventListener('change', draw);
draw();
listen();
setInterval(watch, 500);
requestAnimationFrame(tick);
