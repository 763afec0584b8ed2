import { html, LitElement, type PropertyValues } from 'lit';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatMetricLong } from '../shared/formatNumbers.ts';
import { motion } from '../shared/motion.ts';
import type { ThemeWatcher } from '../shared/theme.ts';
import { ChartGestures } from './chartGestures.ts';
import { ChartOverlay } from './chartOverlay.ts';
import { nearestPlace, nearestX } from './chartPoints.ts';
import type { Crosshair } from './crosshair.ts';
import { type CurveHit, focusedHit, hitsAt, tipRows, valueInBrief } from './curveHits.ts';
import type { Curve } from './curves.ts';
import { describePoint, describeX } from './describeX.ts';
import type { Drawable } from './drawQueue.ts';
import { type ChartSize, type ChartView, LineChart } from './lineChart.ts';
import { drawQueue } from './pageDrawQueue.ts';
import { plotStyles } from './plotStyles.ts';
import { type XRange, zoomed } from './xRange.ts';

/**
 * A plot of curves with crosshair, tooltip, zoom and keys, without what stands around it. The canvas exists only while
 * `isNear`. Crosshair and range are shared by the plots of a page that have the same x.
 *
 * Fires `curve-focus` with the id of the curve under the pointer or undefined, `announce` with words for screen readers, and
 * `plot-drawn` when the curves lie elsewhere on the canvas than before, or may.
 */
export class LinePlot extends LitElement {
  static override properties = {
    name: { type: String },
    curves: { attribute: false },
    view: { attribute: false },
    origin: { type: Number },
    theme: { attribute: false },
    crosshair: { attribute: false },
    range: { attribute: false },
    isNear: { attribute: false },
    isSeen: { attribute: false },
    isWhole: { attribute: false },
    focused: { attribute: false },
  };
  declare name: string;
  declare curves: readonly Curve[];
  declare view: ChartView;
  /** Where relative time begins, for the words of the tooltip. */
  declare origin: number;
  declare theme: ThemeWatcher;
  declare crosshair: Crosshair;
  declare range: XRange;
  declare isNear: boolean;
  /** Else the chart is made, and what changes is drawn, when the page rests. */
  declare isSeen: boolean;
  /** The values are written without decimals. */
  declare isWhole: boolean;
  /** The curve that stands out; the others fade. */
  declare focused: string | undefined;

  #chart: LineChart | undefined;
  /** The chart does not show what it was given last. */
  #isOutdated = false;
  /** Undefined until the page was laid out. */
  #size: ChartSize | undefined;
  readonly #create = (): void => this.#createChart();
  readonly #creation: Drawable = {
    draw: () => {
      this.#create();
      return false;
    },
  };
  readonly #resized = new ResizeObserver(([entry]) => this.#resize(entry?.contentRect));
  #overlay: ChartOverlay | undefined;
  #gestures: ChartGestures | undefined;
  #pointerY: number | undefined;
  readonly #stops: (() => void)[] = [];

  static override styles = [baseStyles, plotStyles];

  constructor() {
    super();
    this.name = '';
    this.curves = [];
    this.origin = 0;
    this.isNear = true;
    this.isSeen = true;
    this.isWhole = false;
    this.focused = undefined;
  }

  /** The chart on the canvas, while there is one. */
  get chart(): LineChart | undefined {
    return this.#chart;
  }

  /** Points were added to or replaced in the curves. */
  pointsChanged(): void {
    if (this.#chart === undefined) {
      this.#ensureChart();
    } else if (this.isSeen) {
      this.#chart.redraw();
    } else {
      this.#isOutdated = true;
      motion.atRest(this.#update);
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      this.theme.onChange(() => this.#chart?.setTheme(this.theme.current)),
      this.crosshair.onMove(() => this.#drawOverlay()),
    );
    // Also where the window comes to a screen with other pixels.
    this.#resized.observe(this, { box: 'device-pixel-content-box' });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.#resized.disconnect();
    this.#dropChart();
  }

  protected override updated(changed: PropertyValues): void {
    if (!this.isNear) {
      this.#dropChart();
      return;
    }
    this.#ensureChart();
    this.#isOutdated ||= changed.has('curves') || changed.has('view');
    if (this.isSeen) {
      this.#update();
    } else if (this.#isOutdated) {
      motion.atRest(this.#update);
    }
    if (changed.has('isSeen')) {
      this.#drawOverlay();
    }
    if (changed.has('focused')) {
      this.#chart?.focus(this.focused);
    }
  }

  protected override render(): unknown {
    return html`
      <canvas
        aria-hidden="true"
        ?data-away=${!this.isSeen}
        @pointermove=${this.#onPointer}
        @pointerleave=${this.#onLeave}
        @click=${this.#onClick}
      ></canvas>
      <div class="selection" hidden></div>
      <div class="line" hidden></div>
      <div class="tip" hidden></div>
    `;
  }

  readonly #update = (): void => {
    if (this.#isOutdated && this.isNear) {
      this.#isOutdated = false;
      // The one under the pointer goes first.
      this.#chart?.show(this.curves, this.view, this.#pointerY !== undefined);
    }
  };

  /**
   * Arrows move the crosshair by a point (with Shift by ten), Home and End go to the ends, + and - zoom, 0 shows everything,
   * Esc lets go. @returns whether the key meant something
   */
  pressKey(event: KeyboardEvent): boolean {
    const chart = this.#chart;
    if (event.ctrlKey || event.metaKey || event.altKey || chart === undefined) {
      return false;
    }
    switch (event.key) {
      case 'Escape': {
        const wasDragging = this.#gestures?.cancel() === true;
        const isShown = this.crosshair.place !== undefined;
        this.crosshair.clear();
        return wasDragging || isShown;
      }
      case '+':
      case '=':
      case '-': {
        const { min, max } = chart.bounds.x;
        const factor = event.key === '-' ? 1.5 : 1 / 1.5;
        this.range.set(zoomed(chart.bounds.x, chart.view.xScale, factor, this.crosshair.place?.x ?? (min + max) / 2));
        return true;
      }
      case '0':
        this.range.set(undefined);
        return true;
      default:
        return this.#moveCrosshair(chart, event);
    }
  }

  #moveCrosshair(chart: LineChart, event: KeyboardEvent): boolean {
    const curve = this.curves.find(({ id }) => id === this.focused) ?? this.curves[0];
    const { min, max } = chart.bounds.x;
    const x = curve?.points.x ?? [];
    const first = x.findIndex((value) => value >= min);
    const last = x.findLastIndex((value) => value <= max);
    if (curve === undefined || first === -1 || last < first) {
      return false;
    }
    const place = this.crosshair.place;
    const current = place === undefined ? undefined : nearestPlace(x, place.x);
    const stride = event.shiftKey ? 10 : 1;
    const moves: Record<string, number> = {
      ArrowRight: current === undefined ? first : Math.min(last, current + stride),
      ArrowLeft: current === undefined ? last : Math.max(first, current - stride),
      Home: first,
      End: last,
    };
    const target = moves[event.key];
    if (target === undefined) {
      return false;
    }
    this.#pointerY = undefined;
    this.crosshair.move({ x: x[target] ?? 0, source: this });
    const hits = this.#hits(chart);
    const words = hits.slice(0, 5).map(({ curve: { label }, value }) => {
      const text = formatMetricLong(value);
      return hits.length === 1 ? text : `${label} ${text}`;
    });
    this.dispatchEvent(
      new CustomEvent('announce', {
        bubbles: true,
        composed: true,
        detail: [this.#where(hits, x[target] ?? 0), ...words].join(', '),
      }),
    );
    return true;
  }

  /** Makes the chart where there can be one; while the page moves, when there is time in a frame, or when it rests again. */
  #ensureChart(): void {
    if (this.#chart === undefined && !this.isSeen) {
      motion.atRest(this.#create);
    } else if (this.#chart === undefined && motion.isMoving) {
      drawQueue.add(this.#creation);
    } else {
      this.#createChart();
    }
  }

  #createChart(): void {
    const canvas = this.renderRoot?.querySelector('canvas');
    const selection = this.renderRoot?.querySelector<HTMLElement>('.selection');
    const hasPoints = this.curves.some(({ points }) => points.length > 0);
    const size = this.#size;
    if (this.#chart !== undefined || !this.isNear || !this.isConnected || !canvas || !selection || !hasPoints) {
      return;
    }
    if (size === undefined) {
      return;
    }
    this.#chart = new LineChart(canvas, {
      name: this.name,
      curves: this.curves,
      theme: this.theme.current,
      view: this.view,
      size,
      onDrawn: () => this.#onDrawn(),
    });
    this.#isOutdated = false;
    this.#tellDrawn();
    this.#chart.focus(this.focused);
    this.#overlay = this.shadowRoot === null ? undefined : new ChartOverlay(this.shadowRoot, this.#chart);
    this.#gestures = new ChartGestures({ canvas, selection, chart: () => this.#chart, range: this.range });
  }

  #resize(box: DOMRectReadOnly | undefined): void {
    if (box !== undefined && box.width > 0 && box.height > 0) {
      this.#size = { width: box.width, height: box.height };
      if (!this.isSeen) {
        this.#dropChart();
      }
      if (this.#chart === undefined) {
        this.#ensureChart();
      } else {
        this.#chart.resize(this.#size);
      }
    }
  }

  #dropChart(): void {
    drawQueue.delete(this.#creation);
    this.#overlay?.remove();
    this.#gestures?.dispose();
    this.#chart?.destroy();
    this.#chart = undefined;
    this.#overlay = undefined;
    this.#gestures = undefined;
  }

  #onDrawn(): void {
    this.#drawOverlay();
    this.#tellDrawn();
  }

  #tellDrawn(): void {
    this.dispatchEvent(new CustomEvent('plot-drawn'));
  }

  #onPointer = (event: PointerEvent): void => {
    const chart = this.#chart;
    if (chart === undefined) {
      return;
    }
    this.#pointerY = event.offsetY;
    if (this.#gestures?.isDragging === true) {
      this.crosshair.hover(undefined);
      return;
    }
    const x = nearestX(
      this.curves.map(({ points }) => points),
      chart.xAt(event.offsetX),
    );
    this.crosshair.hover(x === undefined ? undefined : { x, source: this });
    this.#drawOverlay();
  };

  #onLeave = (): void => {
    this.#pointerY = undefined;
    this.crosshair.hover(undefined);
    this.#tellFocus(undefined);
  };

  #onClick = (event: PointerEvent): void => {
    if (this.#gestures?.hasDragged === true) {
      return;
    }
    this.crosshair.toggleKept();
    this.#onPointer(event);
  };

  #hits(chart: LineChart): readonly CurveHit[] {
    const place = this.crosshair.place;
    return place === undefined ? [] : hitsAt(this.curves, place.x, chart.plot());
  }

  #drawOverlay(): void {
    const chart = this.#chart;
    const shared = this.crosshair.place;
    const hits = chart === undefined ? [] : this.#hits(chart);
    const [first] = hits;
    if (chart === undefined || shared === undefined || first === undefined || !(this.isNear && this.isSeen)) {
      this.#overlay?.hide();
      return;
    }
    const isSource = shared.source === this;
    const focus = isSource && this.curves.length > 1 ? focusedHit(hits, this.#pointerY) : undefined;
    if (isSource) {
      this.#tellFocus(focus?.curve.id);
    }
    const dots = hits.flatMap(({ pixel, curve }) => (pixel === undefined ? [] : [{ ...pixel, colour: curve.colour }]));
    const x = this.curves.length === 1 ? (dots[0]?.x ?? first.x) : chart.plot().x.toPixel(shared.x);
    this.#overlay?.show(
      x,
      dots,
      isSource
        ? { kind: 'full', where: this.#where(hits, shared.x), ...tipRows(hits, focus) }
        : { kind: 'value', value: valueInBrief(hits, this.isWhole) },
    );
  }

  #where([first]: readonly CurveHit[], x: number): string {
    return this.curves.length === 1 && first !== undefined
      ? describePoint(this.view.xKind, first.curve.points, first.place, this.origin)
      : describeX(this.view.xKind, x);
  }

  #tellFocus(curveId: string | undefined): void {
    if (this.curves.length > 1 && this.focused !== curveId) {
      this.focused = curveId;
      this.dispatchEvent(new CustomEvent('curve-focus', { bubbles: true, composed: true, detail: curveId }));
    }
  }
}

customElements.define('runledger-line-plot', LinePlot);
