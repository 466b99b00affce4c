// What pages for printing share: a form above that stays while people use it, and a sheet below.
import { h } from '../dom.js';
import { say } from '../say.js';

export function printButton(): HTMLElement {
  const node = h('button', '', say('print'));
  node.type = 'button';
  node.addEventListener('click', () => print());
  return node;
}

export function labelled(text: string, input: HTMLElement): HTMLElement {
  return h('label', '', `${text} `, input);
}

export function tile(value: string, text: string, group: string): HTMLElement {
  return h('div', 'tile', h('b', `headline ${group}`, value), h('span', 'label', text));
}

export function part(title: string, ...children: (Node | string)[]): HTMLElement {
  return h('div', 'part', h('h3', '', title), ...children);
}

export function signatures(): HTMLElement {
  return h('div', 'signatures', h('p', '', say('signed writer')), h('p', '', say('signed leader')));
}

// The form is made once per language and place, so that nothing is taken from under somebody's fingers; the sheet whenever it changed.
export function drawPaper(root: HTMLElement, key: string, form: () => readonly HTMLElement[], sheetKey: string, sheet: () => readonly (Node | string)[]): void {
  const box = root.querySelector<HTMLElement>(':scope > form.paper-form');
  if (!box || box.dataset.key !== key) {
    const made = h('form', 'paper-form', ...form());
    made.dataset.key = key;
    made.addEventListener('submit', (event) => event.preventDefault());
    root.replaceChildren(made, h('section', 'list paper'));
  }
  const paper = root.querySelector<HTMLElement>(':scope > section.paper')!;
  if (paper.dataset.key === sheetKey) return;
  paper.dataset.key = sheetKey;
  paper.replaceChildren(...sheet());
}
