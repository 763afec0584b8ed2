import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { baseStyles } from '../../shared/baseStyles.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import { parallelStyles } from './parallelStyles.ts';
import { isInRanges, type PlaceRange, type TrialAxis, type TrialLine } from './trialAxes.ts';

const PLOT_HEIGHT = 150;
/** Room at the sides for the labels of the first and the last axis. */
const SIDE = 56;
/** A press that moves less than this many pixels is a click, which takes the range away. */
const CLICK_REACH = 4;
/** How far an arrow key moves the end of a range. */
const KEY_STEP = 0.05;

/** A line for each trial through its values. A drag along an axis chooses a stretch of it, told of with `choose-ranges`. */
export class ParallelCoordinates extends LitElement {
  static override properties = {
    axes: { attribute: false },
    lines: { attribute: false },
    ranges: { attribute: false },
    best: { attribute: false },
    colours: { attribute: false },
    theme: { attribute: false },
    dragged: { state: true },
  };
  declare axes: readonly TrialAxis[];
  declare lines: readonly TrialLine[];
  declare ranges: ReadonlyMap<number, PlaceRange>;
  /** The id of the best trial. */
  declare best: string | undefined;
  /** Of the lines, by their ids; undefined: all have one. A line that is not among them has no value to be coloured by. */
  declare colours: ReadonlyMap<string, string> | undefined;
  declare theme: ThemeWatcher;
  declare dragged: { readonly axis: number; readonly from: number; readonly to: number } | undefined;

  #stopWatching: (() => void) | undefined;
  readonly #resized = new ResizeObserver(() => this.requestUpdate());

  static override styles = [baseStyles, parallelStyles];

  constructor() {
    super();
    this.ranges = new Map();
    this.dragged = undefined;
    this.colours = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatching = this.theme.onChange(() => this.#paint());
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopWatching?.();
    this.#resized.disconnect();
  }

  protected override render(): unknown {
    return html`
      <div class="plot" ${inlineStyle({ height: `${PLOT_HEIGHT}px` })}>
        <canvas role="img" aria-label="${this.lines.length} trials on ${this.axes.length} axes; the table below has the same values"></canvas>
        ${this.axes.map((axis, index) => this.#axis(axis, index))}
      </div>
    `;
  }

  protected override updated(_changed: PropertyValues): void {
    this.#paint();
  }

  #axis(axis: TrialAxis, index: number): unknown {
    const range = this.#rangeOf(index);
    const text = range === undefined ? 'all' : `${axis.textAt(range.from)} to ${axis.textAt(range.to)}`;
    return html`<div
      class="axis ${index === this.axes.length - 1 ? 'last' : ''}"
      role="group"
      tabindex="0"
      aria-label="${axis.label}, chosen: ${text}. Arrow keys move the lower end, with Shift the upper end; Delete chooses all."
      @pointerdown=${(event: PointerEvent) => this.#press(event, index)}
      @pointermove=${(event: PointerEvent) => this.#move(event, index)}
      @pointerup=${() => this.#release()}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, index)}
      ${inlineStyle({ left: `${this.#x(index)}px` })}
    >
      <span class="name clip" title=${axis.name}>${axis.label}</span>
      ${axis.ticks.map(({ at, label }) => html`<span class="tick" title=${label} ${inlineStyle({ bottom: `${at * 100}%` })}>${label}</span>`)}
      ${index === this.axes.length - 1 ? this.#bestMark(index) : nothing}
      ${
        range === undefined
          ? nothing
          : html`<span class="range" ${inlineStyle({ bottom: `${range.from * 100}%`, height: `${(range.to - range.from) * 100}%` })}></span>
              <span class="text" ${inlineStyle({ bottom: `${range.to * 100}%` })}>${text}</span>`
      }
    </div>`;
  }

  /** The best trial by name, where its line ends. */
  #bestMark(axis: number): unknown {
    const best = this.lines.find(({ id }) => id === this.best);
    const place = best?.places[axis];
    return best === undefined || place === undefined
      ? nothing
      : html`<span class="best" title="The best: ${best.label}" ${inlineStyle({ bottom: `${place * 100}%` })}>${best.label}</span>`;
  }

  #rangeOf(axis: number): PlaceRange | undefined {
    const { dragged } = this;
    return dragged?.axis === axis ? ordered(dragged.from, dragged.to) : this.ranges.get(axis);
  }

  #x(index: number): number {
    const width = Math.max(0, this.clientWidth - 2 * SIDE);
    return SIDE + (this.axes.length <= 1 ? width / 2 : (width * index) / (this.axes.length - 1));
  }

  #placeAt(event: PointerEvent): number {
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.max(0, Math.min(1, 1 - (event.clientY - top) / height));
  }

  #press(event: PointerEvent, axis: number): void {
    if (event.button === 0) {
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      const place = this.#placeAt(event);
      this.dragged = { axis, from: place, to: place };
    }
  }

  #move(event: PointerEvent, axis: number): void {
    if (this.dragged?.axis === axis) {
      this.dragged = { ...this.dragged, to: this.#placeAt(event) };
    }
  }

  #release(): void {
    const { dragged } = this;
    if (dragged !== undefined) {
      this.dragged = undefined;
      const range = ordered(dragged.from, dragged.to);
      this.#choose(dragged.axis, (range.to - range.from) * PLOT_HEIGHT < CLICK_REACH ? undefined : range);
    }
  }

  #onKey(event: KeyboardEvent, axis: number): void {
    const { from, to } = this.ranges.get(axis) ?? { from: 0, to: 1 };
    const move = event.key === 'ArrowUp' ? KEY_STEP : event.key === 'ArrowDown' ? -KEY_STEP : 0;
    if (move !== 0) {
      const range = event.shiftKey
        ? { from, to: Math.min(1, Math.max(from + KEY_STEP, to + move)) }
        : { from: Math.max(0, Math.min(to - KEY_STEP, from + move)), to };
      this.#choose(axis, range.from === 0 && range.to === 1 ? undefined : range);
    } else if (event.key === 'Delete' || event.key === 'Backspace' || event.key === 'Escape') {
      this.#choose(axis, undefined);
    } else {
      return;
    }
    event.preventDefault();
  }

  #choose(axis: number, range: PlaceRange | undefined): void {
    const ranges = new Map(this.ranges);
    if (range === undefined) {
      ranges.delete(axis);
    } else {
      ranges.set(axis, range);
    }
    this.dispatchEvent(new CustomEvent('choose-ranges', { detail: ranges }));
  }

  #paint(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas?.getContext('2d');
    if (!canvas || !context) {
      return;
    }
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(this.clientWidth * ratio);
    canvas.height = Math.round(PLOT_HEIGHT * ratio);
    context.scale(ratio, ratio);
    const { series, axis } = this.theme.current;
    const chosen = this.lines.filter((line) => this.ranges.size > 0 && isInRanges(line, this.ranges));
    const isChosen = new Set(chosen);
    context.lineWidth = this.colours === undefined ? 1 : 1.5;
    const colourOf = ({ id }: TrialLine): string =>
      this.colours === undefined ? (series[0] ?? axis) : (this.colours.get(id) ?? axis);
    // Many lines over one another stay readable, few stay visible.
    context.globalAlpha = this.ranges.size === 0 ? Math.max(0.25, Math.min(0.8, 20 / this.lines.length)) : 0.6;
    for (const line of this.lines) {
      if (!isChosen.has(line)) {
        context.strokeStyle = this.ranges.size === 0 ? colourOf(line) : axis;
        this.#trace(context, line);
      }
    }
    context.globalAlpha = 0.85;
    for (const line of chosen) {
      context.strokeStyle = colourOf(line);
      this.#trace(context, line);
    }
    const best = this.lines.find(({ id }) => id === this.best);
    if (best !== undefined) {
      context.globalAlpha = 1;
      context.lineWidth = 2;
      context.strokeStyle = getComputedStyle(this).getPropertyValue('--rl-best');
      this.#trace(context, best);
    }
  }

  /** From axis to axis; a value that is missing leaves a gap. */
  #trace(context: CanvasRenderingContext2D, { places }: TrialLine): void {
    context.beginPath();
    let before: { readonly x: number; readonly y: number } | undefined;
    places.forEach((place, index) => {
      const at = place === undefined ? undefined : { x: this.#x(index), y: (1 - place) * (PLOT_HEIGHT - 2) + 1 };
      if (at !== undefined && before !== undefined) {
        const middle = (before.x + at.x) / 2;
        context.bezierCurveTo(middle, before.y, middle, at.y, at.x, at.y);
      } else if (at !== undefined) {
        context.moveTo(at.x, at.y);
      }
      before = at;
    });
    context.stroke();
  }
}

function ordered(a: number, b: number): PlaceRange {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

customElements.define('runledger-parallel-coordinates', ParallelCoordinates);
