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

const BACKGROUND = '--vscode-editor-background';
const BEST = '--vscode-charts-green';

const TERMINAL_COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Colours of the theme that text is drawn in, by the variable that has them as they can be read on the page. */
const TEXT_COLOURS: readonly (readonly [name: string, source: string])[] = [
  ['--rl-best', BEST],
  ['--rl-line-number', '--vscode-editorLineNumber-foreground'],
  ...TERMINAL_COLOURS.flatMap((name) => {
    const capitalised = name.slice(0, 1).toUpperCase() + name.slice(1);
    return [
      [`--rl-ansi-${name}`, `--vscode-terminal-ansi${capitalised}`],
      [`--rl-ansi-bright-${name}`, `--vscode-terminal-ansiBright${capitalised}`],
    ] as const;
  }),
];

/** Variables whose colours are looked at. */
const RESOLVED: readonly string[] = [
  BACKGROUND,
  '--rl-secondary',
  '--rl-grid',
  '--rl-axis',
  ...TEXT_COLOURS.map(([, source]) => source),
];

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** Reads the theme from the page, and tells when it changes. */
export class ThemeWatcher {
  readonly #listeners = new Set<() => void>();
  readonly #probe = document.createElement('span');
  readonly #pixels: CanvasRenderingContext2D | null;
  readonly #host: HTMLElement;
  readonly #observer: MutationObserver;
  #current: CanvasTheme;

  /** @param host where the page's own variables are declared, and what is read from the theme is kept */
  constructor(host: HTMLElement = document.body) {
    this.#host = host;
    const canvas = document.createElement('canvas');
    canvas.width = RESOLVED.length;
    canvas.height = 1;
    this.#pixels = canvas.getContext('2d', { willReadFrequently: true });
    for (const variable of RESOLVED) {
      const colour = document.createElement('span');
      colour.style.setProperty('color', `var(${variable})`);
      this.#probe.append(colour);
    }
    this.#probe.hidden = true;
    (host.shadowRoot ?? host).append(this.#probe);
    this.#current = this.#read();
    this.#observer = new MutationObserver(() => {
      this.#current = this.#read();
      for (const listener of this.#listeners) {
        listener();
      }
    });
    // VS Code changes the classes of body and the variables on html.
    this.#observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    this.#observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  }

  get current(): CanvasTheme {
    return this.#current;
  }

  /** Reads the theme no more. */
  dispose(): void {
    this.#observer.disconnect();
    this.#probe.remove();
    this.#listeners.clear();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read(): CanvasTheme {
    const resolved = this.#resolve();
    const of = (variable: string): Rgba => resolved.get(variable) ?? [128, 128, 128, 255];
    const [r, g, b] = of(BACKGROUND);
    const ground: Rgb = [r, g, b];
    const series = seriesColours(ground);
    const sheet = this.#host.style;
    const set = (name: string, colour: string): void => {
      if (sheet.getPropertyValue(name) !== colour) {
        sheet.setProperty(name, colour);
      }
    };
    series.forEach((colour, index) => {
      set(`--rl-series-${index + 1}`, colour);
    });
    const readable = ([red, green, blue]: Rgba): string => `rgb(${readableOn(ground, [red, green, blue]).join(', ')})`;
    for (const [name, source] of TEXT_COLOURS) {
      set(name, readable(of(source)));
    }
    const style = getComputedStyle(this.#host);
    return {
      series,
      background: css(of(BACKGROUND)),
      secondary: css(of('--rl-secondary')),
      grid: css(of('--rl-grid')),
      axis: css(of('--rl-axis')),
      best: readable(of(BEST)),
      fontFamily: style.fontFamily,
      fontSize: Number.parseFloat(style.fontSize),
    };
  }

  /**
   * Draws the colours, since a computed `color-mix` is not a form that every reader of colours knows; all of them at once, since
   * each look at a style or a canvas takes the browser as long as the next.
   */
  #resolve(): ReadonlyMap<string, Rgba> {
    const pixels = this.#pixels;
    if (pixels === null) {
      return new Map();
    }
    pixels.clearRect(0, 0, RESOLVED.length, 1);
    for (const [place, colour] of [...this.#probe.children].entries()) {
      pixels.fillStyle = getComputedStyle(colour).color;
      pixels.fillRect(place, 0, 1, 1);
    }
    const { data } = pixels.getImageData(0, 0, RESOLVED.length, 1);
    return new Map(
      RESOLVED.map((variable, place) => {
        const [red = 0, green = 0, blue = 0, alpha = 255] = data.subarray(4 * place, 4 * place + 4);
        return [variable, [red, green, blue, alpha]];
      }),
    );
  }
}

function css([red, green, blue, alpha]: Rgba): string {
  return `rgba(${red}, ${green}, ${blue}, ${alpha / 255})`;
}
