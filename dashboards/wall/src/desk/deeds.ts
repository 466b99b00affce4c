// What an operator can do about an outage, and what goes with it; pure.
export type Deed = 'acknowledge' | 'assign' | 'progress' | 'expect' | 'shelve' | 'unshelve' | 'comment' | 'close';
export type Field = 'by' | 'to' | 'ticket' | 'waiting' | 'until' | 'comment';
export type Values = Partial<Record<Field, string>>;

// Which fields go with a deed.
export const FIELDS: Readonly<Record<Deed, readonly Field[]>> = {
  acknowledge: ['by', 'comment'],
  assign: ['to', 'ticket', 'comment', 'by'],
  progress: ['waiting', 'comment', 'by'],
  expect: ['until', 'comment', 'by'],
  shelve: ['until', 'comment', 'by'],
  unshelve: ['comment', 'by'],
  comment: ['comment', 'by'],
  close: ['comment', 'by'],
};

export const DEEDS = Object.keys(FIELDS) as Deed[];

// The body of the request: only what goes with the deed and was filled in; a local time becomes an instant.
export function bodyOf(deed: Deed, values: Values): Values {
  const given = FIELDS[deed].filter((field) => values[field]);
  return Object.fromEntries(given.map((field) => [field, field === 'until' ? new Date(values.until!).toISOString() : values[field]!]));
}
