// The inventory of the bench: N masts B00000.. with five units of two operators, one probe each, in
// 65 communes of one province with villages they serve. What load.c says fits it.
import fs from 'node:fs';
import path from 'node:path';

const COMMUNES = 65;
const VILLAGES = 6; // of a commune
const UNITS = ['2g,a', '3g,a', '4g,a', '4g,b', 'fibre,b'];

const five = (n) => String(n).padStart(5, '0');
const lines = (rows) => rows.join('\n') + '\n';

function areas() {
  const rows = ['id,parent,level,name,population,households,year', 'p,,province,Tỉnh,,,2019'];
  for (let c = 0; c < COMMUNES; c++) {
    rows.push(`c${c},p,commune,Xã ${c},9000,2400,2019`);
    for (let v = 0; v < VILLAGES; v++) rows.push(`v${c}-${v},c${c},village,Thôn ${v},1200,300,2019`);
  }
  return lines(rows);
}

export function writeInventory(folder, sites) {
  const tables = { sites: ['id,code,name,kind,area,visibility'], units: ['site,service,operator'], serves: ['site,service,operator,area'], probes: ['probe,site,also,valid_to'] };
  for (let n = 0; n < sites; n++) {
    const commune = n % COMMUNES;
    const village = Math.floor(n / COMMUNES) % VILLAGES;
    tables.sites.push(`B${five(n)},NT-${five(n)},Trạm ${n},bts,c${commune},public`);
    tables.probes.push(`p${five(n)},B${five(n)},,`);
    for (const unit of UNITS) {
      tables.units.push(`B${five(n)},${unit}`);
      for (const v of [village, (village + 1) % VILLAGES]) tables.serves.push(`B${five(n)},${unit},v${commune}-${v}`);
    }
  }
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'areas.csv'), areas());
  fs.writeFileSync(path.join(folder, 'operators.csv'), 'id,name,noc_phone,contact\na,Nhà mạng A,,\nb,Nhà mạng B,,\n');
  for (const [name, rows] of Object.entries(tables)) fs.writeFileSync(path.join(folder, `${name}.csv`), lines(rows));
}
