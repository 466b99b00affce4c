// A scene of the wall or a page of the desk: drawn whole from the model whenever that changes.
import type { Word } from './words.js';

export interface Scene {
  id: string;
  title: Word;
  // Leaves the rotation while it has nothing to show.
  empty: () => boolean;
  draw: (root: HTMLElement) => void;
}
