// Nguồn điện: who runs on mains, battery, generator. Nobody reports it yet, so the scene says so and leaves the rotation.
import { h, section } from '../dom.js';
import { say } from '../say.js';
import type { Scene } from '../scene.js';

function draw(root: HTMLElement): void {
  root.replaceChildren(section(say('scene power'), '', h('p', 'rest', say('nothing to show'))));
}

export const power: Scene = { id: 'power', title: 'scene power', empty: () => true, draw };
