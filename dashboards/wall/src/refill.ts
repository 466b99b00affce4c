// Draws a page anew without taking anything from under eyes and hands: what is the same stays the same element, and whoever had the
// focus has it again at the same place.
const FOCUSABLE = 'a, button, input, select, textarea, [tabindex]';

const isColumn = (node: Element): boolean => node.tagName === 'DIV' && node.classList.contains('column');

// Which of the things one can be at within the root: its place among them and what it says.
interface Place { index: number; text: string }

const nameOf = (node: Element): string => node.getAttribute('aria-label') ?? node.textContent ?? '';

function placeOf(root: HTMLElement): Place | null {
  const at = document.activeElement;
  if (!at || at === root || !root.contains(at)) return null;
  return { index: [...root.querySelectorAll(FOCUSABLE)].indexOf(at), text: nameOf(at) };
}

// The thing of the same name nearest to where it was, else whatever is there now.
function goBack(root: HTMLElement, place: Place): void {
  const all = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const same = all.filter((node) => nameOf(node) === place.text);
  const far = (node: HTMLElement): number => Math.abs(all.indexOf(node) - place.index);
  const found = same.sort((a, b) => far(a) - far(b))[0] ?? all[place.index];
  found?.focus({ preventScroll: true });
}

function fill(root: HTMLElement, fresh: readonly HTMLElement[]): void {
  fresh.forEach((node, i) => {
    const old = root.children[i];
    if (!old) root.append(node);
    else if (old instanceof HTMLElement && isColumn(old) && isColumn(node)) fill(old, [...node.children] as HTMLElement[]);
    else if (old !== node && !old.isEqualNode(node)) old.replaceWith(node);
  });
  while (root.childNodes.length > fresh.length) root.lastChild!.remove();
}

export function refill(root: HTMLElement, ...fresh: readonly HTMLElement[]): void {
  const place = placeOf(root);
  fill(root, fresh);
  if (place && !root.contains(document.activeElement)) goBack(root, place);
}
