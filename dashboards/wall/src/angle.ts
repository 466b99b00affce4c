// Sizes for eyes at a distance: how many pixels an angle takes on a wall of a known height.

const ARC_MINUTE = Math.PI / 180 / 60;
export const TEXT_ARC_MINUTES = 20;
const SCREEN_TEXT_PX = 16;
const LINES = 54; // of a desk's screen
const COLUMNS = 96;

// Pixels of the ordinary text: 20 arc minutes on a wall whose size is known, else what suits a desk or a phone.
export function textPixels(widthPx: number, heightPx: number, heightMm: number, distanceMm: number): number {
  if (heightMm <= 0 || distanceMm <= 0) return Math.max(SCREEN_TEXT_PX, Math.min(heightPx / LINES, widthPx / COLUMNS));
  const mm = 2 * distanceMm * Math.tan(TEXT_ARC_MINUTES * ARC_MINUTE / 2);
  return Math.max(SCREEN_TEXT_PX, mm / heightMm * heightPx);
}
