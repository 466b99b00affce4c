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
