/** The order and the reasons are in the project's colour specification: the neighbours stay apart in every kind of vision. */
const SERIES_ON_DARK = ['#59a4f9', '#e78a21', '#88c98b', '#c994b9', '#4cd9ec', '#f0c43e', '#9d66ca', '#d2575f'];
const SERIES_ON_LIGHT = ['#0063d3', '#b5560b', '#025640', '#95537f', '#4d9caa', '#9e9547', '#552e73', '#901b0a'];

export type Rgb = readonly [red: number, green: number, blue: number];

/** Relative luminance by WCAG, 0 (black) to 1 (white). */
export function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number): number => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** Which set of colours suits a background. */
export function seriesColours(background: Rgb): readonly string[] {
  return luminance(background) < 0.35 ? SERIES_ON_DARK : SERIES_ON_LIGHT;
}

/** What a canvas needs to know of the theme: plain colours and font names. */
export interface CanvasTheme {
  readonly series: readonly string[];
  readonly background: string;
  readonly secondary: string;
  readonly grid: string;
  readonly axis: string;
  readonly fontFamily: string;
  readonly fontSize: number;
}

/** Reads the theme from the page, and tells when it changes. */
export class ThemeWatcher {
  readonly #listeners = new Set<() => void>();
  readonly #probe = document.createElement('span');
  readonly #pixel: CanvasRenderingContext2D | null;
  #current: CanvasTheme;

  constructor() {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    this.#pixel = canvas.getContext('2d', { willReadFrequently: true });
    this.#probe.hidden = true;
    document.body.append(this.#probe);
    this.#current = this.#read();
    const observer = new MutationObserver(() => {
      this.#current = this.#read();
      for (const listener of this.#listeners) {
        listener();
      }
    });
    // VS Code changes the classes of body and the variables on html.
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  }

  get current(): CanvasTheme {
    return this.#current;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read(): CanvasTheme {
    const background = this.#resolve('--vscode-editor-background');
    const series = seriesColours([background[0], background[1], background[2]]);
    const sheet = document.body.style;
    series.forEach((colour, index) => {
      const name = `--rl-series-${index + 1}`;
      if (sheet.getPropertyValue(name) !== colour) {
        sheet.setProperty(name, colour);
      }
    });
    const style = getComputedStyle(document.body);
    return {
      series,
      background: this.#css('--vscode-editor-background'),
      secondary: this.#css('--rl-secondary'),
      grid: this.#css('--rl-grid'),
      axis: this.#css('--rl-axis'),
      fontFamily: style.fontFamily,
      fontSize: Number.parseFloat(style.fontSize),
    };
  }

  #css(variable: string): string {
    const [red, green, blue, alpha] = this.#resolve(variable);
    return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
  }

  /** Draws the colour, since a computed `color-mix` is not a form that every reader of colours knows. */
  #resolve(variable: string): [number, number, number, number] {
    this.#probe.style.setProperty('color', `var(${variable})`);
    const pixel = this.#pixel;
    if (pixel === null) {
      return [128, 128, 128, 255];
    }
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = getComputedStyle(this.#probe).color;
    pixel.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 255] = pixel.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha];
  }
}
