import { css, html, LitElement, type PropertyValues, svg } from 'lit';
import type { SeriesBuffer } from '../../charts/seriesBuffer.ts';
import { SeriesFeed } from '../../charts/seriesFeed.ts';
import type { SeriesView } from '../../charts/seriesView.ts';
import { FrameScheduler } from '../../shared/frames.ts';
import { runSeries } from '../metrics/runSeries.ts';
import type { RunSession } from '../runSession.ts';

const WIDTH = 145;
const HEIGHT = 20;
const EDGE = 2;

/** The course of a series in one line of text. Its numbers stand beside it. */
export class Sparkline extends LitElement {
  static override properties = { session: { attribute: false }, metric: { type: String } };
  declare session: RunSession;
  declare metric: string;

  #feed: SeriesFeed | undefined;
  readonly #frames = new FrameScheduler(() => this.requestUpdate());

  static override styles = css`
    :host {
      display: block;
      width: ${WIDTH}px;
      height: ${HEIGHT}px;
    }
    svg {
      display: block;
      overflow: visible;
    }
    path {
      fill: none;
      stroke: var(--rl-series-1);
      stroke-width: 1.25;
      stroke-linejoin: round;
      stroke-linecap: round;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#feed?.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#feed?.stop();
    this.#frames.cancel();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('metric') && this.metric !== undefined) {
      this.#feed?.stop();
      this.#feed = new SeriesFeed(runSeries(this.session, this.metric), sparkView(), () => this.#frames.schedule());
      this.#feed.start();
    }
  }

  protected override render(): unknown {
    const path = this.#feed === undefined ? '' : sparkPath(this.#feed.buffer);
    return html`<svg width=${WIDTH} height=${HEIGHT} viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true">
      ${svg`<path d=${path}></path>`}
    </svg>`;
  }
}

function sparkView(): SeriesView {
  return {
    axis: 'step',
    xScale: 'linear',
    yScale: 'linear',
    origin: 0,
    smoothing: 0,
    range: undefined,
    width: WIDTH * window.devicePixelRatio,
  };
}

function sparkPath(buffer: SeriesBuffer): string {
  const finite = buffer.values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  const first = buffer.x[0] ?? 0;
  const span = (buffer.x.at(-1) ?? 0) - first || 1;
  let path = '';
  let isDrawing = false;
  buffer.values.forEach((value, index) => {
    if (!Number.isFinite(value)) {
      isDrawing = false;
      return;
    }
    const x = EDGE + (((buffer.x[index] ?? 0) - first) / span) * (WIDTH - 2 * EDGE);
    const y = high === low ? HEIGHT / 2 : EDGE + ((high - value) / (high - low)) * (HEIGHT - 2 * EDGE);
    path += `${isDrawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    isDrawing = true;
  });
  return path;
}

customElements.define('runledger-sparkline', Sparkline);
