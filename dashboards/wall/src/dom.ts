// Small helpers to make elements; text only ever enters as text.
import { isOld } from './age.js';
import { say, time } from './say.js';
import { settings } from './settings.js';
import { SHAPE, type Group } from './states.js';

export type Child = Node | string;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function byId(id: string): HTMLElement {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no element #${id}`);
  return node;
}

// Touches the page only if it is different: a class set anew is looked at anew.
export function toggleClass(node: Element, name: string, on: boolean): void {
  if (node.classList.contains(name) !== on) node.classList.toggle(name);
}

export function link(to: string, text: string): HTMLAnchorElement {
  const node = h('a', '', text);
  node.href = `#${to}`;
  return node;
}

export function section(title: string, className: string, ...children: Child[]): HTMLElement {
  return h('section', className, h('h2', '', title), ...children);
}

// What was not asked or told for longer than it may be is hatched and says since when.
export function aged(node: HTMLElement, at: number): HTMLElement {
  if (settings.at !== null || !isOld(at, Date.now())) return node;
  node.classList.add('old');
  node.append(h('p', 'old-since', say('stale since', time(at || null, true))));
  return node;
}

// Shape, colour and text: never the colour alone.
export function stateText(group: Group, text: string): HTMLElement {
  const shape = h('i', `shape ${group}`, SHAPE[group]);
  shape.setAttribute('aria-hidden', 'true');
  return h('span', 'state', shape, text);
}

export interface Column<T> {
  title: string;
  cell: (row: T) => Child;
  number?: boolean;
  long?: boolean; // may take several lines
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function table<T>(columns: readonly Column<T>[], rows: readonly T[], className = ''): HTMLTableElement {
  const align = (column: Column<T>) => (column.number ? 'number' : column.long ? 'long' : '');
  const head = h('tr', '', ...columns.map((column) => {
    const cell = h('th', align(column), column.title);
    cell.scope = 'col';
    return cell;
  }));
  // A phone shows a row as a card, each value that there is behind the name of its column (css/desk.css).
  const cellOf = (column: Column<T>, row: T): HTMLElement => {
    const cell = h('td', align(column), column.cell(row));
    cell.dataset.title = capital(column.title);
    cell.classList.toggle('none', cell.textContent === '' || cell.textContent === '–');
    return cell;
  };
  const body = rows.map((row) => h('tr', '', ...columns.map((column) => cellOf(column, row))));
  return h('table', className, h('thead', '', head), h('tbody', '', ...body));
}
