// Sizes for eyes at a distance: how many pixels an angle takes on a wall of a known height.

const ARC_MINUTE = Math.PI / 180 / 60;
export const TEXT_ARC_MINUTES = 20;
const SCREEN_TEXT_PX = 16;

// Pixels of the ordinary text: 20 arc minutes on a wall whose size is known, else what suits a desk or a phone.
export function textPixels(viewportHeightPx: number, heightMm: number, distanceMm: number): number {
  if (heightMm <= 0 || distanceMm <= 0) return Math.max(SCREEN_TEXT_PX, viewportHeightPx / 54);
  const mm = 2 * distanceMm * Math.tan(TEXT_ARC_MINUTES * ARC_MINUTE / 2);
  return Math.max(SCREEN_TEXT_PX, mm / heightMm * viewportHeightPx);
}
