// The pages of the desk, as the wall knows them: what draws them is a file of its own, fetched when somebody goes there.
import { h } from './dom.js';
import { changed } from './model.js';
import { say } from './say.js';
import type { Scene } from './scene.js';
import type { Word } from './words.js';

interface Page { id: string; title: Word; hidden?: boolean }

const PAGES: readonly Page[] = [
  { id: 'outages', title: 'outages word' },
  { id: 'handover', title: 'handover' },
  { id: 'areas', title: 'areas word' },
  { id: 'sites', title: 'sites' },
  { id: 'availability', title: 'availability word' },
  { id: 'trends', title: 'trends' },
  { id: 'report', title: 'flash report' },
  { id: 'monthly', title: 'monthly report' },
  { id: 'feeds', title: 'feeds' },
  { id: 'freshness', title: 'freshness' },
  { id: 'ledger', title: 'ledger' },
  { id: 'site', title: 'site', hidden: true },
  { id: 'outage', title: 'outage', hidden: true },
];

type Draw = (root: HTMLElement, about: string) => void;

let drawing: Record<string, Draw> | null = null;
let asked = false;

// A page that is older than its collector finds the file no more; it is about to begin anew, and asks again until then.
async function fetchPages(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    drawing = (await import('./desk/pages.js')).pages;
  } catch (error) {
    console.warn(String(error));
  }
  asked = false;
  changed();
}

function draw(id: string, root: HTMLElement, about: string): void {
  if (drawing) return drawing[id]!(root, about);
  root.replaceChildren(h('section', '', h('p', 'rest', say('loading'))));
  void fetchPages();
}

export const DESK: readonly Scene[] = PAGES.map((page) => ({ ...page, empty: () => false, draw: (root, about) => draw(page.id, root, about) }));
