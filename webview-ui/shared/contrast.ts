export type Rgb = readonly [red: number, green: number, blue: number];

/** Relative luminance by WCAG, 0 (black) to 1 (white). */
export function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number): number => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Contrast by WCAG, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((one, other) => other - one);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** WCAG asks for 4.5; what is above it is for text on a line that is filled as an error. */
const READABLE = 5;
const STEPS = 20;

/**
 * The colour, moved towards white or black as far as text on the background needs, as VS Code's terminal does. A theme's
 * terminal colours may be meant for another background than that of the editor.
 */
export function readableOn(background: Rgb, colour: Rgb): Rgb {
  const end = luminance(background) < 0.18 ? 255 : 0;
  for (let step = 0; step < STEPS; step++) {
    const part = step / STEPS;
    const moved = colour.map((channel) => Math.round(channel + part * (end - channel))) as [number, number, number];
    if (contrast(moved, background) >= READABLE) {
      return moved;
    }
  }
  return [end, end, end];
}

/** The channels of `#rrggbb` or `rgb(…)`; black for what is neither. */
export function rgbOf(colour: string): Rgb {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})/i.exec(colour);
  const channels =
    hex === null ? (colour.match(/[\d.]+/g) ?? []).map(Number) : hex.slice(1).map((part) => Number.parseInt(part, 16));
  return [channels[0] ?? 0, channels[1] ?? 0, channels[2] ?? 0];
}
