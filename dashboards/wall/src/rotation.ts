// Which scene shows when: rotation, jumps to a new major outage and back, hold. Pure: the instant is an argument.

export const HOLD_MS = 30 * 60 * 1000;

export interface Rotation {
  order: readonly string[];
  dwellMs: number;
  current: string;
  since: number;
  heldUntil: number; // 0 = not held
  back: string; // where a jump came from, '' = none
}

export function rotationNew(order: readonly string[], dwellMs: number, now: number): Rotation {
  return { order, dwellMs, current: order[0] ?? '', since: now, heldUntil: 0, back: '' };
}

export const isHeld = (r: Rotation, now: number): boolean => now < r.heldUntil;

export function hold(r: Rotation, now: number): Rotation {
  return { ...r, heldUntil: isHeld(r, now) ? 0 : now + HOLD_MS };
}

export function goTo(r: Rotation, scene: string, now: number): Rotation {
  return { ...r, current: scene, since: now, back: '' };
}

// To the scene of a new major outage, for one dwell; then back to where it came from.
export function jump(r: Rotation, scene: string, now: number): Rotation {
  if (isHeld(r, now) || r.current === scene) return r;
  return { ...r, current: scene, since: now, back: r.back || r.current };
}

function next(r: Rotation, empty: (scene: string) => boolean): string {
  const at = r.order.indexOf(r.current);
  for (let i = 1; i <= r.order.length; i++) {
    const scene = r.order[(at + i) % r.order.length]!;
    if (!empty(scene)) return scene;
  }
  return r.current;
}

export function tick(r: Rotation, now: number, empty: (scene: string) => boolean): Rotation {
  if (isHeld(r, now) || now - r.since < r.dwellMs || r.order.length === 0) return r;
  const back = r.back && !empty(r.back) ? r.back : '';
  return { ...r, current: back || next(r, empty), since: now, back: '' };
}
