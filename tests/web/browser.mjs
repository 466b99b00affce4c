// What tests of the page share: a browser, and a province large enough to fail in style.
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const openBrowser = (more = []) => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...FLAGS, ...more] });

export const COMMUNES = 20;
export const SITES = 400;
const LONG = 'Trạm viễn thông có tên dài đúng sáu mươi chữ cái để thử màn hình';

const commune = (i) => `c${i % COMMUNES}`;
const lines = (count, row) => Array.from({ length: count }, (_, i) => row(i)).join('');
const grid = (i) => [11.5 + 0.05 * (i % 5), 108.8 + 0.05 * Math.floor(i / 5)];

// Each site serves a village of its own and hangs on one link; the last commune has no people counted.
export const PROVINCE = {
  areas: `id,parent,level,name,population,households,year,lat,lon,valid_from,valid_to,successor\n58,,province,Ninh Thuận,,,2019,,,,,\n`
    + lines(COMMUNES, (i) => `c${i},58,commune,Xã số ${i},${i === COMMUNES - 1 ? 0 : 2000},500,2019,${grid(i).map((v) => v.toFixed(4)).join()},,,\n`)
    + lines(SITES, (i) => `v${i},${commune(i)},village,Thôn ${i},${i % COMMUNES === COMMUNES - 1 ? 0 : 100},25,2019,,,,,\n`),
  operators: 'id,name,noc_phone,contact\na,Nhà mạng A,,\n',
  sites: 'id,code,name,kind,area,lat,lon,address,visibility,criticality,aliases,note\n'
    + lines(SITES, (i) => `S${i},NT-${i},${i === 0 ? LONG : `Trạm số ${i}`},bts,${commune(i)},${(grid(i % COMMUNES)[0] + 0.002 * (i % 7)).toFixed(4)},${(grid(i % COMMUNES)[1] + 0.002 * (i % 9)).toFixed(4)},,public,,,\n`)
    + 'L1,TR-1,Tuyến cáp quang trục,link,c0,,,,public,,,\n',
  units: 'site,service,operator,commissioned,decommissioned,anchor\n' + lines(SITES, (i) => `S${i},4g,a,,,\n`) + 'L1,link,,,,\n',
  serves: 'site,service,operator,area,from,to\n' + lines(SITES, (i) => `S${i},4g,a,v${i},,\n`),
  depends: 'child,on,kind,group\n' + lines(SITES, (i) => `S${i},L1,transport,\n`),
  probes: `probe,site,also,valid_to\np1,L1,${Array.from({ length: SITES }, (_, i) => `S${i}`).join(' ')},\n`,
};

const seconds = (us) => `${us / 1000000n}.${String(us % 1000000n).padStart(6, '0')}`;

// One probe speaks for all sites: what it says of each, in packs that fit.
export class Voice {
  constructor(probe) {
    this.probe = probe;
  }

  list(us) {
    const list = [['L1', 'link'], ...Array.from({ length: SITES }, (_, i) => [`S${i}`, '4g@a'])]
      .map(([site, unit]) => ({ name: `icmp/${site.toLowerCase()}`, site, units: [unit], interval_ms: 200000, timeout_ms: 500, ttl_ms: 600000, role: 'required', cause: site === 'L1' ? 'transport' : 'fault' }));
    this.probe.pack(`{"checks":${JSON.stringify(list)},"t":${seconds(us)}}`);
  }

  // verdicts: {site: 0..3}
  say(us, verdicts) {
    const rows = Object.entries(verdicts).map(([site, verdict]) => `{"n":"${site}/icmp/${site.toLowerCase()}/state","t":${seconds(us)},"v":${verdict}}`);
    this.probe.pack(`[${rows.join(',')}]`);
  }
}

export const all = (verdict) => Object.fromEntries([['L1', verdict], ...Array.from({ length: SITES }, (_, i) => [`S${i}`, verdict])]);

// Screenshots stay for people to look at.
export function album(folder) {
  const shots = path.join(folder, 'screenshots');
  fs.mkdirSync(shots, { recursive: true });
  return (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
}
