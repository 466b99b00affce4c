// A table that people may take away: with a link that saves all its rows as a file for spreadsheets.
import { csvText } from './csv.js';
import { h, table, type Child, type Column } from './dom.js';
import { currentLanguage, say } from './say.js';
import { settings } from './settings.js';

const textOf = (child: Child): string => (typeof child === 'string' ? child : [...child.childNodes].length > 0
  ? [...child.childNodes].filter((node) => !(node instanceof Element && node.getAttribute('aria-hidden') === 'true')).map(textOf).join('')
  : child.textContent ?? '');

export function csvOf<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  return csvText([columns.map((column) => column.title), ...rows.map((row) => columns.map((column) => textOf(column.cell(row))))], currentLanguage());
}

// The file is made when somebody wants it.
function save(name: string, text: string): void {
  const link = h('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

// A button may outlive the rows it was made with (refill.ts): the file is of those drawn last.
const makers = new Map<string, () => string>();

export function csvButton<T>(name: string, columns: readonly Column<T>[], rows: readonly T[]): HTMLElement {
  const node = h('button', 'csv', say('save csv'));
  node.type = 'button';
  makers.set(name, () => csvOf(columns, rows));
  node.addEventListener('click', () => save(name, makers.get(name)!()));
  return node;
}

// The same for a table of the wall: in the corner of its box, seen by whoever points or tabs there.
export function takeaway<T>(box: HTMLElement, name: string, columns: readonly Column<T>[], rows: readonly T[]): HTMLElement {
  if (rows.length === 0 || settings.guest) return box;
  const node = csvButton(name, columns, rows);
  node.classList.add('corner');
  box.append(node);
  return box;
}

// shown: how many rows the page has; the file has all.
export function listing<T>(name: string, columns: readonly Column<T>[], rows: readonly T[], shown = rows.length): HTMLElement {
  if (rows.length === 0) return h('p', 'rest', say('none'));
  return h('div', 'listing', table(columns, rows.slice(0, shown), 'cards'), csvButton(name, columns, rows));
}
