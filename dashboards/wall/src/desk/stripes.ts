// A brush of stripes for canvases.
// Stripes tell what is unknown from what is known, also where there is no colour.
export function striped(context: CanvasRenderingContext2D, colour: string): string | CanvasPattern {
  const tile = document.createElement('canvas');
  const size = Math.max(4, Math.round(6 * (devicePixelRatio || 1)));
  tile.width = size;
  tile.height = size;
  const brush = tile.getContext('2d');
  if (!brush) return colour;
  brush.strokeStyle = colour;
  brush.lineWidth = size / 2.4;
  for (const from of [-size / 2, size / 2]) {
    brush.moveTo(from, size);
    brush.lineTo(from + size, 0);
  }
  brush.stroke();
  return context.createPattern(tile, 'repeat') ?? colour;
}
