// A small province for the chaos run: real probes on R1.., simulated ones on F01..; the collector
// knows all of them, the fleet only its own.

export const REAL = ['r1', 'r2', 'r3', 'r4'];
export const FLEET = Array.from({ length: 16 }, (_, i) => `f${String(i + 1).padStart(2, '0')}`);

const VILLAGES = ['v1', 'v2', 'v3', 'v4'];
const site = (probe) => probe.toUpperCase();
const table = (head, rows) => `${head}\n${rows.map((r) => `${r}\n`).join('')}`;

// Every other simulated station has a second unit that cannot live without the first.
const anchored = (probe) => probe.startsWith('f') && Number(probe.slice(1)) % 2 === 0;

export const siteOf = site;
export const unitOf = (probe) => `${site(probe)}/4g@a`;

// The inventory's tables with the stations of `probes`.
export function inventory(probes) {
  const village = (i) => VILLAGES[i % VILLAGES.length];
  return {
    areas: table('id,parent,level,name,population,households,year,lat,lon,valid_from,valid_to,successor', [
      '58,,province,Ninh Thuận,,,2019,,,,,',
      '22738,58,commune,Phường Đô Vinh,13257,4133,2019,11.63315,108.94815,,,',
      ...VILLAGES.map((v, i) => `${v},22738,village,Khu phố ${i + 1},${3000 + i},${900 + i},2019,,,,,`),
    ]),
    operators: table('id,name,noc_phone,contact', ['a,Nhà mạng A,,']),
    sites: table('id,code,name,kind,area,lat,lon,address,visibility,criticality,aliases,note',
      probes.map((p) => `${site(p)},NT-${site(p)},Trạm ${site(p)},bts,22738,,,,public,,,`)),
    units: table('site,service,operator,commissioned,decommissioned,anchor',
      probes.flatMap((p) => [`${site(p)},4g,a,,,`, ...(anchored(p) ? [`${site(p)},5g,a,,,4g@a`] : [])])),
    serves: table('site,service,operator,area,from,to', probes.map((p, i) => `${site(p)},4g,a,${village(i)},,`)),
    probes: table('probe,site,also,valid_to', probes.map((p) => `${p},${site(p)},,`)),
  };
}
