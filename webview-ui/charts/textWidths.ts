/** Many charts have the same labels, and a chart that moves has the same for many frames. */
const MOST_WIDTHS = 5_000;
const widths = new Map<string, Map<string, number>>();
let count = 0;

/**
 * How wide a text is, in CSS pixels: measured once for all charts.
 *
 * @param font as a canvas takes it, which has it set when this returns
 */
export function textWidth(context: CanvasRenderingContext2D, font: string, text: string): number {
  let known = widths.get(font);
  const width = known?.get(text);
  if (width !== undefined) {
    return width;
  }
  if (count >= MOST_WIDTHS || known === undefined) {
    if (count >= MOST_WIDTHS) {
      widths.clear();
      count = 0;
    }
    known = new Map();
    widths.set(font, known);
  }
  context.font = font;
  const measured = context.measureText(text).width;
  known.set(text, measured);
  count += 1;
  return measured;
}
