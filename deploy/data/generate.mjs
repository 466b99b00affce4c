#!/usr/bin/env node
// Makes the inventory of the demo, deploy/data/ninh-thuan/*.csv, from communes-2019.csv: always the
// same bytes, so that a test can hold the committed files against it.
//
//   node deploy/data/generate.mjs [FOLDER]
//
// Names, codes, populations and centroids of communes are facts (census of 2019, boundaries before
// 2025-07-01). Villages, sites, units, links and feeders are invented; their note says so.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const NOTE = 'SỐ LIỆU MÔ PHỎNG';
const SOURCE = 'Báo cáo chuyển đổi số năm 2022';
const YEAR = 2019;
const BTS = 375;
const BTS_5G = 75;
const BAC_AI = '584';
const PHUOC_KHANG = '22843';
const OPERATORS = ['a', 'b', 'c'];

// Communes whose number of base stations the story of the demo gives.
const BTS_GIVEN = {
  22783: 4, 22786: 2, 22789: 2, 22792: 3, 22795: 3, 22798: 3, 22801: 4, 22804: 1, // on lk-ns-ba
  22837: 3, 22840: 4, 22843: 2, 22849: 5, // on pw-tb
};
const LINKS = [
  { id: 'lk-ns-ba', name: 'Tuyến cáp quang Tân Sơn - Phước Đại', at: '22810', communes: ['22783', '22786', '22789', '22792', '22795', '22798', '22801', '22804'] },
  { id: 'lk-kh-pt', name: 'Tuyến cáp quang Khánh Hải - Phước Trung', at: '22834', communes: ['22807'] },
];
const FEEDERS = [{ id: 'pw-tb', name: 'Lộ điện trung thế Thuận Bắc', at: '22849', communes: ['22837', '22840', '22843', '22849'], nodes: ['22843'] }];
// Sites seen by the node of their commune as well.
const SEEN_BY_NODE = ['22910'];
const HOST = { id: 'ioc-host', code: 'MAY-CHU', name: 'Máy chủ trình diễn (đo thật)', area: '22780' };

export function readCommunes() {
  const [header, ...rows] = fs.readFileSync(path.join(HERE, 'communes-2019.csv'), 'utf8').trim().split('\n');
  const names = header.split(',');
  return rows.map((row) => {
    const c = Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell]));
    return { ...c, population: +c.population, households: +c.households, lat: +c.lat, lon: +c.lon };
  });
}

// Shares of `total` in proportion to `weights`, each at least `least`: whole numbers by largest remainder.
function apportion(total, weights, least) {
  const sum = weights.reduce((a, b) => a + b, 0);
  const free = total - least * weights.length;
  const exact = weights.map((w) => (free * w) / sum);
  const shares = exact.map(Math.floor);
  const order = exact.map((x, i) => [x - shares[i], i]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (let left = free - shares.reduce((a, b) => a + b, 0), i = 0; left > 0; left--, i++) shares[order[i][1]]++;
  return shares.map((n) => n + least);
}

const urban = (commune) => !commune.name.startsWith('Xã');
const round = (degrees) => degrees.toFixed(5);

// A place near the middle of the commune: the k-th point of a sunflower.
function near(commune, k) {
  const turn = 2.399963 * k;
  const radius = 0.006 * Math.sqrt(k);
  return { lat: round(commune.lat + radius * Math.sin(turn)), lon: round(commune.lon + radius * Math.cos(turn)) };
}

function villagesOf(commune) {
  const count = Math.max(2, Math.round(commune.population / 1450));
  const weights = Array.from({ length: count }, (_, k) => 10 + ((k * 7 + Number(commune.code)) % 9));
  const people = apportion(commune.population, weights, 1);
  const homes = apportion(commune.households, weights, 1);
  const word = urban(commune) ? 'Khu phố' : 'Thôn';
  return people.map((population, k) => ({ id: `${commune.code}-${String(k + 1).padStart(2, '0')}`, name: `${word} ${k + 1}`, population, households: homes[k] }));
}

// Base stations per commune: as given, the rest by population, at least two each.
function stationCounts(communes) {
  const rest = communes.filter((c) => !BTS_GIVEN[c.code]);
  const given = Object.values(BTS_GIVEN).reduce((a, b) => a + b, 0);
  const shares = apportion(BTS - given, rest.map((c) => c.population), 2);
  return new Map([...Object.entries(BTS_GIVEN), ...rest.map((c, i) => [c.code, shares[i]])]);
}

// How many stations of a commune have 5G: the first ones, none in Bác Ái and Phước Kháng.
function counts5g(communes) {
  const having = communes.filter((c) => c.district !== BAC_AI && c.code !== PHUOC_KHANG);
  const shares = apportion(BTS_5G, having.map((c) => c.population), 1);
  return new Map(having.map((c, i) => [c.code, shares[i]]));
}

// Every village has two stations where the commune has them, and every station a village.
function served(station, stations, villages) {
  const mine = villages.filter((_, k) => k % stations === station || (k + 1) % stations === station);
  return mine.length ? mine : [villages[station % villages.length]];
}

function addAreas(t, communes) {
  const sum = (list, key) => list.reduce((a, c) => a + c[key], 0);
  const area = (id, parent, level, name, population, households, lat = '', lon = '') =>
    t.areas.push([id, parent, level, name, population, households, YEAR, lat, lon, '', '', '']);
  area('58', '', 'province', 'Ninh Thuận', sum(communes, 'population'), sum(communes, 'households'), '11.67000', '108.86000');
  for (const district of new Set(communes.map((c) => c.district))) {
    const below = communes.filter((c) => c.district === district);
    area(district, '58', 'district', below[0].district_name, sum(below, 'population'), sum(below, 'households'));
  }
  for (const c of communes) area(c.code, c.district, 'commune', c.name, c.population, c.households, round(c.lat), round(c.lon));
  for (const c of communes) for (const v of c.villages) area(v.id, c.code, 'village', v.name, v.population, v.households);
}

function addSite(t, id, code, name, kind, area, place, note = NOTE) {
  t.sites.push([id, code, name, kind, area, place.lat, place.lon, '', 'public', kind === 'bts' ? '' : 'high', '', note]);
}

function addStation(t, commune, station, stations, with5g, number) {
  const id = `bts-${commune.code}-${station + 1}`;
  const operator = OPERATORS[number % OPERATORS.length];
  addSite(t, id, `NTN${String(number + 1).padStart(3, '0')}`, `Trạm BTS ${commune.name.replace(/^(Xã|Phường|Thị trấn) /, '')} ${station + 1}`, 'bts', commune.code, near(commune, station + 1));
  t.units.push([id, '4g', operator, '', '', '']);
  if (with5g) t.units.push([id, '5g', operator, '', '', `4g@${operator}`]);
  for (const village of served(station, stations, commune.villages)) {
    t.serves.push([id, '4g', operator, village.id, '', '']);
    if (with5g) t.serves.push([id, '5g', operator, village.id, '', '']);
  }
  t.probes.push([id, id, '', '']);
  return id;
}

function addStations(t, communes) {
  const counts = stationCounts(communes);
  const having5g = counts5g(communes);
  let number = 0;
  for (const c of communes) {
    c.stations = [];
    for (let k = 0; k < counts.get(c.code); k++, number++)
      c.stations.push(addStation(t, c, k, counts.get(c.code), k < (having5g.get(c.code) ?? 0), number));
  }
}

// What the probe of a commune's node sees beside its own site.
function seenFrom(commune) {
  const ends = [...LINKS, ...FEEDERS].filter((x) => x.at === commune.code).map((x) => x.id);
  return [...ends, ...(SEEN_BY_NODE.includes(commune.code) ? commune.stations : [])].join(' ');
}

function addNodes(t, communes) {
  for (const c of communes) {
    const id = `node-${c.code}`;
    addSite(t, id, `DC-${c.code}`, `Điểm cầu ${c.name}`, 'network', c.code, near(c, 0));
    t.units.push([id, 'conference', '', '', '', '']);
    t.probes.push([id, id, seenFrom(c), '']);
  }
}

function addDependence(t, communes) {
  const by = new Map(communes.map((c) => [c.code, c]));
  for (const link of LINKS) {
    addSite(t, link.id, link.id.toUpperCase(), link.name, 'link', link.at, near(by.get(link.at), 0));
    t.units.push([link.id, 'link', '', '', '', '']);
    for (const code of link.communes) for (const id of [`node-${code}`, ...by.get(code).stations]) t.depends.push([id, link.id, 'transport', '']);
  }
  for (const feeder of FEEDERS) {
    addSite(t, feeder.id, feeder.id.toUpperCase(), feeder.name, 'feeder', feeder.at, near(by.get(feeder.at), 0));
    t.units.push([feeder.id, 'mains', '', '', '', '']);
    for (const code of feeder.communes) for (const id of by.get(code).stations) t.depends.push([id, feeder.id, 'power', '']);
    for (const code of feeder.nodes) t.depends.push([`node-${code}`, feeder.id, 'power', '']);
  }
}

// The machine the demo runs on: the one site that is measured, not simulated.
function addHost(t, communes) {
  const commune = communes.find((c) => c.code === HOST.area);
  addSite(t, HOST.id, HOST.code, HOST.name, 'service', HOST.area, near(commune, 0), 'đo thật trên máy chạy trình diễn');
  for (const service of ['network', 'broker', 'database', 'portal', 'host']) t.units.push([HOST.id, service, '', '', '', '']);
  t.probes.push([HOST.id, HOST.id, '', '']);
}

const HEADERS = {
  areas: 'id,parent,level,name,population,households,year,lat,lon,valid_from,valid_to,successor',
  operators: 'id,name,noc_phone,contact',
  sites: 'id,code,name,kind,area,lat,lon,address,visibility,criticality,aliases,note',
  units: 'site,service,operator,commissioned,decommissioned,anchor',
  serves: 'site,service,operator,area,from,to',
  depends: 'child,on,kind,group',
  declarations: 'target,kind,from,to,reason',
  probes: 'probe,site,also,valid_to',
  declared: 'area,indicator,numerator,denominator,as_of,source',
};

// {file name: text}
export function generate() {
  const t = Object.fromEntries(Object.keys(HEADERS).map((name) => [name, []]));
  const communes = readCommunes();
  for (const c of communes) c.villages = villagesOf(c);
  t.operators = OPERATORS.map((id) => [id, `Nhà mạng ${id.toUpperCase()}`, '', '']);
  addAreas(t, communes);
  addStations(t, communes);
  addNodes(t, communes);
  addDependence(t, communes);
  addHost(t, communes);
  t.declared = [
    ['58', '4g_villages', 100, 100, '2022-12-31', SOURCE],
    ['58', 'fibre_households', 75, 100, '2022-12-31', SOURCE],
    ['58', '5g_bts', BTS_5G, BTS, '2022-12-31', SOURCE],
    ['58', 'conference', 65, 65, '2022-12-31', SOURCE],
    ['58', 'documents_online', 98.65, 100, '2022-12-31', SOURCE],
  ];
  return Object.fromEntries(Object.entries(t).map(([name, rows]) => [`${name}.csv`, [HEADERS[name], ...rows.map((row) => row.join(','))].join('\n') + '\n']));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? path.join(HERE, 'ninh-thuan');
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(generate())) fs.writeFileSync(path.join(folder, name), text);
}
