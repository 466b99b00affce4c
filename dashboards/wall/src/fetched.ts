// Figures that no event carries: asked for while somebody looks at them, and again after a while.
import { ApiError } from './api.js';
import { changed } from './model.js';

export interface Fetched<T> {
  data: T | null;
  missing: boolean; // the collector knows no such thing
  told: number; // when it was last answered, ms
}

interface Kept<T> extends Fetched<T> {
  about: string;
  at: number;
  busy: boolean;
}

const AGAIN_MS = 5000;

export function fetched<T>(load: (about: string) => Promise<T>, againMs = AGAIN_MS): (about: string) => Fetched<T> {
  let kept: Kept<T> = { about: '', at: -Infinity, busy: false, data: null, missing: false, told: 0 };

  async function ask(mine: Kept<T>): Promise<void> {
    mine.busy = true;
    let next = againMs;
    try {
      mine.data = await load(mine.about);
      mine.told = Date.now();
    } catch (error) {
      mine.missing = error instanceof ApiError && error.status === 404;
      if (!mine.missing) next = Math.min(againMs, AGAIN_MS); // however long an answer would have stood
      console.warn(String(error));
    }
    mine.busy = false;
    mine.at = Date.now() + next - againMs;
    changed();
    setTimeout(changed, next);
  }

  return (about) => {
    if (kept.about !== about) kept = { about, at: -Infinity, busy: false, data: null, missing: false, told: 0 };
    if (!kept.busy && Date.now() - kept.at >= againMs) void ask(kept);
    return kept;
  };
}
