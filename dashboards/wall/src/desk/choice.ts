// One of a few: buttons of which one is pressed.
import { h } from '../dom.js';

export function choices<T extends string>(all: readonly T[], chosen: T, name: (one: T) => string, choose: (one: T) => void): HTMLElement {
  return h('p', 'choices', ...all.map((one) => {
    const node = h('button', '', name(one));
    node.type = 'button';
    node.setAttribute('aria-pressed', String(one === chosen));
    node.addEventListener('click', () => choose(one));
    return node;
  }));
}
