// Answers held against the collector's own description of its API (/api/v1/openapi.json).

const TYPES = { string: (v) => typeof v === 'string', integer: Number.isInteger, number: (v) => typeof v === 'number', boolean: (v) => typeof v === 'boolean',
  object: (v) => v !== null && typeof v === 'object' && !Array.isArray(v) };

// What is wrong with a value, as texts; seen: schemas that some value had.
export function faultsIn(api, value, schema, at, seen = new Set()) {
  const faults = (...more) => faultsIn(api, ...more, seen);
  const named = (schema.$ref ?? schema.allOf?.[0].$ref)?.split('/').pop();
  if (value === null) return schema.nullable ? [] : [`${at}: null`];
  if (named) {
    seen.add(named);
    return faults(value, api.components.schemas[named], at);
  }
  if (schema.type === 'array') return Array.isArray(value) ? value.flatMap((item, i) => faults(item, schema.items, `${at}[${i}]`)) : [`${at}: no list`];
  if (!TYPES[schema.type](value)) return [`${at}: no ${schema.type}: ${JSON.stringify(value)}`];
  if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) return [`${at}: no instant: ${value}`];
  if (!schema.properties) return [];
  const missing = schema.required.filter((key) => !(key in value)).map((key) => `${at}.${key}: missing`);
  const unknown = Object.keys(value).filter((key) => !(key in schema.properties)).map((key) => `${at}.${key}: not described (collector/codec/api_schema.c)`);
  return [...missing, ...unknown, ...Object.keys(value).filter((key) => key in schema.properties).flatMap((key) => faults(value[key], schema.properties[key], `${at}.${key}`))];
}

// Every operation: {method, path, role, params, body, responses}.
export function operationsOf(api) {
  return Object.entries(api.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, m]) => (
    { method: method.toUpperCase(), path, role: m['x-role'], params: m.parameters.filter((p) => p.in === 'query').map((p) => p.name), body: Boolean(m.requestBody), responses: m.responses })));
}

// The description of an operation's answer of a status.
export function responseOf(api, responses, status) {
  const found = responses[status];
  return found?.$ref ? api.components.responses[found.$ref.split('/').pop()] : found;
}
