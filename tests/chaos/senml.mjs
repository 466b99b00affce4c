// Packs as anybody would read RFC 8428, apart from the product's code, and the names that the sink
// gives to their readings (DESIGN section 6).

// {key: "measurement,check=,probe=,site= ns", field, value} of each reading in a pack; [] for lists
// of checks and other objects.
export function readings(body, probe) {
  const pack = JSON.parse(body);
  if (!Array.isArray(pack)) return [];
  const base = { bn: '', bt: 0, bv: 0 };
  return pack.map((record) => {
    for (const label of Object.keys(base)) if (label in record) base[label] = record[label];
    const us = Math.round(base.bt * 1e6) + Math.round((record.t ?? 0) * 1e6);
    const [site, type, ...rest] = (base.bn + (record.n ?? '')).split('/');
    const metric = rest.pop();
    return { key: key(type, rest.join('/'), probe, site, `${us}000`), ...valued(metric, record, base.bv) };
  });
}

export const key = (type, check, probe, site, ns) => `chk_${type},check=${type}/${check},probe=${probe},site=${site} ${ns}`;

function valued(metric, record, base) {
  if ('vb' in record) return { field: `${metric}_flag`, value: record.vb ? 1 : 0 };
  if ('vs' in record) return { field: `${metric}_text`, value: record.vs };
  return { field: metric, value: base + (record.v ?? 0) };
}
