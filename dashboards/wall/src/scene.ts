// A scene of the wall or a page of the desk: drawn whole from the model whenever that changes.
import type { Word } from './words.js';

export interface Scene {
  id: string;
  title: Word;
  hidden?: boolean; // reached from others, no button of its own
  // Leaves the rotation while it has nothing to show.
  empty: () => boolean;
  // `about` is what the address names behind the scene: #site/bts-1.
  draw: (root: HTMLElement, about: string) => void;
}
