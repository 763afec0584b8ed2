/** Many charts have the same labels, and a chart that moves has the same for many frames. */
const MOST_WIDTHS = 5_000;
const widths = new Map<string, number>();

/**
 * How wide a text is, in CSS pixels: measured once for all charts.
 *
 * @param font as a canvas takes it; that of the context may be another one afterwards
 */
export function textWidth(context: CanvasRenderingContext2D, font: string, text: string): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) {
    return known;
  }
  if (widths.size >= MOST_WIDTHS) {
    widths.clear();
  }
  context.font = font;
  const { width } = context.measureText(text);
  widths.set(key, width);
  return width;
}
