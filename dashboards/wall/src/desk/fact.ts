// Facts: a word above its value, as many beside one another as there is room for.
import { h, type Child } from '../dom.js';

export const fact = (title: string, value: Child, className = ''): HTMLElement => h('div', className, h('dt', '', title), h('dd', '', value));

export const facts = (...all: HTMLElement[]): HTMLElement => h('dl', 'facts', ...all);
