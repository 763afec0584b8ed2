import { css, html, LitElement, nothing } from 'lit';
import { type CurveSettings, defaultCurveSettings } from '../../src/protocol/series.ts';
import { Crosshair } from '../charts/crosshair.ts';
import '../charts/curveTools.ts';
import '../charts/overlaidChart.ts';
import type { OverlaidRun, RequestSeries } from '../charts/overlaidChart.ts';
import { XRange } from '../charts/xRange.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import type { ThemeWatcher } from '../shared/theme.ts';

/** Charts that are there before the reader asks for all: each asks for the points of every run. */
export const chartsAtFirst = 6;

/** Curves of several runs, a chart for each metric. Fires `curve-focus` and `show-all`. */
export class ComparedCurves extends LitElement {
  static override properties = {
    metrics: { attribute: false },
    showsAll: { attribute: false },
    runs: { attribute: false },
    request: { attribute: false },
    theme: { attribute: false },
    focused: { attribute: false },
    dataVersion: { attribute: false },
    settings: { state: true },
  };
  declare metrics: readonly string[];
  declare showsAll: boolean;
  declare runs: readonly OverlaidRun[];
  declare request: RequestSeries;
  declare theme: ThemeWatcher;
  /** Id of the run whose curves stand out. */
  declare focused: string | undefined;
  declare dataVersion: number;
  declare settings: CurveSettings;

  readonly #crosshair = new Crosshair();
  readonly #range = new XRange();

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
        gap: 12px;
        margin-top: 8px;
      }
      runledger-overlaid-chart {
        height: calc(180 * var(--rl-unit));
      }
    `,
  ];

  constructor() {
    super();
    this.settings = defaultCurveSettings;
    this.focused = undefined;
  }

  protected override render(): unknown {
    const shown = this.showsAll ? this.metrics : this.metrics.slice(0, chartsAtFirst);
    const left = this.metrics.length - shown.length;
    return html`<runledger-curve-tools
        .settings=${this.settings}
        @change-curves=${(event: CustomEvent<CurveSettings>) => {
          if (event.detail.xAxis !== this.settings.xAxis) {
            // A stretch of steps is none of seconds.
            this.#range.set(undefined);
            this.#crosshair.clear();
          }
          this.settings = event.detail;
        }}
      ></runledger-curve-tools>
      <div class="charts">
        ${shown.map(
          (metric) => html`<runledger-overlaid-chart
            .metric=${metric}
            .runs=${this.runs}
            .request=${this.request}
            .theme=${this.theme}
            .crosshair=${this.#crosshair}
            .range=${this.#range}
            .settings=${this.settings}
            .focused=${this.focused}
            .dataVersion=${this.dataVersion}
          ></runledger-overlaid-chart>`,
        )}
        ${
          left === 0
            ? nothing
            : html`<button class="link" @click=${() => this.dispatchEvent(new CustomEvent('show-all'))}>Show ${left} more</button>`
        }
      </div>`;
  }
}

customElements.define('runledger-compared-curves', ComparedCurves);
