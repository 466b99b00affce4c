// A thin bar of shares: what a figure says in words, for the eye that passes. Hidden from readers of the text.
import { h } from './dom.js';
import type { Group } from './states.js';

export interface Part { group: Group; value: number }

// What `total` leaves over stays empty.
export function bar(parts: readonly Part[], total: number): HTMLElement {
  const node = h('span', 'bar');
  node.setAttribute('aria-hidden', 'true');
  for (const { group, value } of parts) {
    if (value <= 0 || total <= 0) continue;
    const piece = h('i', group);
    piece.style.width = `${100 * value / total}%`;
    node.append(piece);
  }
  return node;
}

const NARROW = 0.65; // of a digit: what stands between them

const widthOf = (text: string): number => [...text].reduce((width, letter) => width + (/[\d%]/.test(letter) ? 1 : NARROW), 0);

// A bar before its figure. `figures` is all that stand in the column: as wide as the longest of them, so that the bars begin and end
// beneath one another.
export function withBar(parts: readonly Part[], total: number, figure: string, figures: readonly string[]): HTMLElement {
  const text = h('span', '', figure);
  text.style.minWidth = `${Math.max(...figures.map(widthOf))}ch`;
  return h('span', 'with-bar', bar(parts, total), text);
}
