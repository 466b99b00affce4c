// What tests of the page share: a browser, and a province large enough to fail in style.
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const PATIENCE_MS = 60000; // for whatever is awaited: a loaded machine is slow

export async function openBrowser(more = []) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...more] });
  const plain = browser.newContext.bind(browser);
  browser.newContext = async (...options) => { // newPage() makes one, too
    const context = await plain(...options);
    context.setDefaultTimeout(PATIENCE_MS);
    return context;
  };
  return browser;
}

export const COMMUNES = 20;
export const SITES = 400;
const VOICE_SITES = 400; // whose list of checks fits a pack
const LONG = 'Trạm viễn thông có tên dài đúng sáu mươi chữ cái để thử màn hình';

const lines = (count, row) => Array.from({ length: count }, (_, i) => row(i)).join('');
const grid = (i) => [11.5 + 0.05 * (i % 5), 108.8 + 0.05 * Math.floor(i / 5)];
const place = (i, communes) => [(grid(i % communes)[0] + 0.002 * (i % 7)).toFixed(4), (grid(i % communes)[1] + 0.002 * (i % 9)).toFixed(4)].join();
const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => `S${from + i}`);

// Which sites a voice speaks of; the first one of the link, too.
const spoken = (voice, sites) => [...(voice === 0 ? ['L1'] : []), ...range(voice * VOICE_SITES, Math.min(sites, (voice + 1) * VOICE_SITES))];
const voices = (sites) => Math.ceil(sites / VOICE_SITES);

function probeRow(voice, sites) {
  const [own, ...also] = spoken(voice, sites);
  return `p${voice + 1},${own},${also.join(' ')},\n`;
}

// Each site serves a village of its own and hangs on one link; the last commune has no people counted.
export function province(communes, sites) {
  const commune = (i) => `c${i % communes}`;
  return {
    areas: `id,parent,level,name,population,households,year,lat,lon,valid_from,valid_to,successor\n58,,province,Ninh Thuận,,,2019,,,,,\n`
      + lines(communes, (i) => `c${i},58,commune,Xã số ${i},${i === communes - 1 ? 0 : 100 * sites},${25 * sites},2019,${grid(i).map((v) => v.toFixed(4)).join()},,,\n`)
      + lines(sites, (i) => `v${i},${commune(i)},village,Thôn ${i},${i % communes === communes - 1 ? 0 : 100},25,2019,,,,,\n`),
    operators: 'id,name,noc_phone,contact\na,Nhà mạng A,,\n',
    sites: 'id,code,name,kind,area,lat,lon,address,visibility,criticality,aliases,note\n'
      + lines(sites, (i) => `S${i},NT-${i},${i === 0 ? LONG : `Trạm số ${i}`},bts,${commune(i)},${place(i, communes)},,public,,,\n`)
      + 'L1,TR-1,Tuyến cáp quang trục,link,c0,,,,public,,,\n',
    units: 'site,service,operator,commissioned,decommissioned,anchor\n' + lines(sites, (i) => `S${i},4g,a,,,\n`) + 'L1,link,,,,\n',
    serves: 'site,service,operator,area,from,to\n' + lines(sites, (i) => `S${i},4g,a,v${i},,\n`),
    depends: 'child,on,kind,group\n' + lines(sites, (i) => `S${i},L1,transport,\n`),
    probes: `probe,site,also,valid_to\n${lines(voices(sites), (i) => probeRow(i, sites))}`,
  };
}

export const PROVINCE = province(COMMUNES, SITES);

const seconds = (us) => `${us / 1000000n}.${String(us % 1000000n).padStart(6, '0')}`;

// One probe speaks for many sites: what it says of each, in packs that fit.
export class Voice {
  constructor(probe, voice = 0, sites = SITES) {
    this.probe = probe;
    this.sites = spoken(voice, sites);
  }

  list(us) {
    const list = this.sites.map((site) => ({ name: `icmp/${site.toLowerCase()}`, site, units: [site === 'L1' ? 'link' : '4g@a'], interval_ms: 200000, timeout_ms: 500, ttl_ms: 600000, role: 'required', cause: site === 'L1' ? 'transport' : 'fault' }));
    this.probe.pack(`{"checks":${JSON.stringify(list)},"t":${seconds(us)}}`);
  }

  // verdicts: {site: 0..3}
  say(us, verdicts) {
    const rows = Object.entries(verdicts).map(([site, verdict]) => `{"n":"${site}/icmp/${site.toLowerCase()}/state","t":${seconds(us)},"v":${verdict}}`);
    this.probe.pack(`[${rows.join(',')}]`);
  }

  sayAll(us, verdict) {
    this.say(us, Object.fromEntries(this.sites.map((site) => [site, verdict])));
  }
}

export const all = (verdict) => Object.fromEntries([['L1', verdict], ...range(0, SITES).map((site) => [site, verdict])]);

// Screenshots stay for people to look at.
export function album(folder) {
  const shots = path.join(folder, 'screenshots');
  fs.mkdirSync(shots, { recursive: true });
  return (page, name, more = {}) => page.screenshot({ path: path.join(shots, `${name}.png`), ...more });
}
