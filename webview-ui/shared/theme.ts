import { luminance, type Rgb, readableOn } from './contrast.ts';

/** The order and the reasons are in the project's colour specification: the neighbours stay apart in every kind of vision. */
const SERIES_ON_DARK = ['#59a4f9', '#e78a21', '#88c98b', '#c994b9', '#4cd9ec', '#f0c43e', '#9d66ca', '#d2575f'];
const SERIES_ON_LIGHT = ['#0063d3', '#b5560b', '#025640', '#95537f', '#4d9caa', '#9e9547', '#552e73', '#901b0a'];

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
  /** Of the best value. */
  readonly best: string;
  readonly fontFamily: string;
  readonly fontSize: number;
}

const TERMINAL_COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Colours of the theme that text is drawn in, by the variable that has them as they can be read on the page. */
const TEXT_COLOURS: readonly (readonly [name: string, source: string])[] = [
  ['--rl-best', '--vscode-charts-green'],
  ['--rl-line-number', '--vscode-editorLineNumber-foreground'],
  ...TERMINAL_COLOURS.flatMap((name) => {
    const capitalised = name.slice(0, 1).toUpperCase() + name.slice(1);
    return [
      [`--rl-ansi-${name}`, `--vscode-terminal-ansi${capitalised}`],
      [`--rl-ansi-bright-${name}`, `--vscode-terminal-ansiBright${capitalised}`],
    ] as const;
  }),
];

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
    const ground: Rgb = [background[0], background[1], background[2]];
    const series = seriesColours(ground);
    const sheet = document.body.style;
    const set = (name: string, colour: string): void => {
      if (sheet.getPropertyValue(name) !== colour) {
        sheet.setProperty(name, colour);
      }
    };
    series.forEach((colour, index) => {
      set(`--rl-series-${index + 1}`, colour);
    });
    for (const [name, source] of TEXT_COLOURS) {
      const [red, green, blue] = this.#resolve(source);
      set(name, `rgb(${readableOn(ground, [red, green, blue]).join(', ')})`);
    }
    const style = getComputedStyle(document.body);
    return {
      series,
      background: this.#css('--vscode-editor-background'),
      secondary: this.#css('--rl-secondary'),
      grid: this.#css('--rl-grid'),
      axis: this.#css('--rl-axis'),
      best: this.#css('--rl-best'),
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
