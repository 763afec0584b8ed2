import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { AggregateModel, FieldModel } from '../../src/protocol/experimentPage.ts';
import { defaultCurveSettings, type XAxis } from '../../src/protocol/series.ts';
import { fromWire, type WireNumber } from '../../src/protocol/wire.ts';
import { Crosshair } from '../charts/crosshair.ts';
import '../charts/overlaidChart.ts';
import type { OverlaidRun, RequestSeries } from '../charts/overlaidChart.ts';
import { XRange } from '../charts/xRange.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatCount, formatTile } from '../shared/formatNumbers.ts';
import { isTerminal } from '../shared/statusLook.ts';
import type { ThemeWatcher } from '../shared/theme.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { bestField, curveMetrics, fieldKey, resultMetrics } from './fields.ts';
import './runsChart.ts';
import type { RunDot } from './runsChart.ts';

const MOST_TILES = 8;
const aggregates: readonly AggregateModel[] = ['max', 'min', 'mean'];

/** What stands above the table: an aggregate of each metric, a metric of all runs, and curves of those that are drawn. */
export class ChartsArea extends LitElement {
  static override properties = {
    store: { attribute: false },
    version: { attribute: false },
    theme: { attribute: false },
    lit: { attribute: false },
    dots: { state: true },
  };
  declare store: ExperimentStore;
  declare version: number;
  declare theme: ThemeWatcher;
  declare lit: number | undefined;
  declare dots: readonly RunDot[];

  readonly #crosshair = new Crosshair();
  readonly #range = new XRange();
  readonly #request: RequestSeries = (runId, metric, range, signal) =>
    this.store.client.request('series', { runId, metric, ...range }, signal);
  readonly #runs = new Unchanged<OverlaidRun>();
  readonly #slots = new Unchanged<readonly [run: number, slot: number]>();
  #slotsByRun: { readonly of: unknown; readonly map: ReadonlyMap<number, number> } | undefined;
  #xAxis: XAxis | undefined;
  /** What the dots were asked for. */
  #asked = '';

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        flex: none;
        padding: 0 var(--rl-pad);
      }
      .tiles {
        display: flex;
        align-items: stretch;
        margin-top: 10px;
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
        overflow: hidden;
      }
      .strip {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
        min-width: 0;
        max-height: calc(48 * var(--rl-unit));
        overflow: hidden;
      }
      .tile {
        flex: 1 1 calc(120 * var(--rl-unit));
        min-width: calc(96 * var(--rl-unit));
        height: calc(48 * var(--rl-unit));
        padding: 4px 12px;
        border-inline-end: 1px solid var(--rl-line);
      }
      .label {
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(16 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .value {
        font-size: calc(18 * var(--rl-unit));
        line-height: calc(22 * var(--rl-unit));
        font-variant-numeric: tabular-nums;
      }
      .value .unit {
        font-size: calc(11 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .aggregate {
        display: flex;
        align-items: center;
        padding: 0 10px;
      }
      select {
        height: calc(22 * var(--rl-unit));
        max-width: 100%;
        font: inherit;
        font-size: calc(11 * var(--rl-unit));
        color: var(--vscode-dropdown-foreground, inherit);
        background: var(--vscode-dropdown-background, transparent);
        border: 1px solid var(--vscode-dropdown-border, var(--rl-line));
        border-radius: var(--rl-radius);
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(260px, 80%), 1fr));
        grid-auto-flow: column;
        grid-auto-columns: minmax(260px, 1fr);
        gap: 12px;
        height: calc(180 * var(--rl-unit));
        margin: 10px 0 4px;
        overflow-x: auto;
        overflow-y: hidden;
      }
      .chart {
        position: relative;
        display: grid;
        min-width: 0;
      }
      .chart select {
        position: absolute;
        z-index: 5;
        top: 3px;
        inset-inline-end: 6px;
        max-width: 60%;
        opacity: 0;
      }
      .chart:hover select,
      .chart select:focus {
        opacity: 1;
      }
      @media (max-width: 599px) {
        .charts {
          grid-template-columns: none;
          grid-auto-columns: 84%;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.dots = [];
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const xAxis = this.store.layout.curves?.xAxis;
    if (xAxis !== this.#xAxis) {
      // A stretch of steps is none of seconds.
      this.#range.set(undefined);
      this.#crosshair.clear();
      this.#xAxis = xAxis;
    }
    this.#readDots();
  }

  protected override render(): unknown {
    const { store } = this;
    const [first, ...curves] = store.charts;
    const slots = this.#slots.of(store.drawn.map(({ run, slot }) => [run, slot] as const));
    const runs = this.#runs.of(this.#overlaidRuns());
    const focused = this.lit === undefined ? undefined : store.rows.get(this.lit)?.id;
    const metrics = curveMetrics(store.known).map(({ name }) => name);
    const field = this.#dotsField();
    return html`
      ${this.#tiles()}
      ${
        first === undefined || field === undefined
          ? nothing
          : html`<div class="charts" role="group" aria-label="Charts">
              <div class="chart">
                <runledger-runs-chart
                  .metric=${first}
                  .shownPart=${field.kind === 'metric' ? field.part : ''}
                  .dots=${this.dots}
                  .slots=${this.#slotMap(slots)}
                  .theme=${this.theme}
                  .lit=${this.lit}
                  .label=${(run: number) => store.rows.get(run)?.label ?? 'run'}
                ></runledger-runs-chart>
                ${this.#choice(0, metrics)}
              </div>
              ${curves.map(
                (metric, place) => html`<div class="chart">
                  <runledger-overlaid-chart
                    .metric=${metric}
                    .runs=${runs}
                    .request=${this.#request}
                    .theme=${this.theme}
                    .crosshair=${this.#crosshair}
                    .range=${this.#range}
                    .settings=${store.layout.curves ?? defaultCurveSettings}
                    .focused=${focused}
                    .dataVersion=${store.dataVersion}
                    @curve-focus=${(event: CustomEvent<string | undefined>) => this.#hover(event.detail)}
                  ></runledger-overlaid-chart>
                  ${this.#choice(place + 1, metrics)}
                </div>`,
              )}
            </div>`
      }
    `;
  }

  #tiles(): unknown {
    const { store } = this;
    const { aggregate } = store.layout;
    const metrics = new Set(resultMetrics(store.known).map(({ name }) => name));
    const tiles = store.columns.flatMap((field, place) => {
      const statistics = store.totals?.statistics[place];
      return field.kind === 'metric' && metrics.has(field.name) && statistics !== null && statistics !== undefined
        ? [{ field, statistics }]
        : [];
    });
    if (tiles.length === 0) {
      return nothing;
    }
    return html`<div class="tiles">
      <div class="strip" role="list" aria-label="Metrics over all runs that match">
        ${tiles.slice(0, MOST_TILES).map(({ field, statistics }) => {
          const { text, unit } = formatTile(statistics[aggregate]);
          const title = `${aggregate} of ${field.name} over ${formatCount(statistics.count)} runs: ${statistics[aggregate]}`;
          return html`<div class="tile" role="listitem" title=${title}>
            <div class="label clip">${field.name}</div>
            <div class="value clip">${text}<span class="unit"> ${unit}</span></div>
          </div>`;
        })}
      </div>
      <div class="aggregate">
        <select
          aria-label="What the tiles show of each metric"
          @change=${(event: Event) => {
            const chosen = aggregates.find(
              (name) => event.target instanceof HTMLSelectElement && name === event.target.value,
            );
            void store.change({ aggregate: chosen ?? 'max' });
          }}
        >
          ${aggregates.map((name) => html`<option value=${name} ?selected=${name === aggregate}>${name}</option>`)}
        </select>
      </div>
    </div>`;
  }

  #choice(place: number, metrics: readonly string[]): unknown {
    const current = this.store.charts[place];
    return html`<select
      aria-label="Metric of this chart"
      @change=${(event: Event) => {
        if (event.target instanceof HTMLSelectElement) {
          const chosen = event.target.value;
          const charts = this.store.charts.map((metric, at) => (at === place ? chosen : metric));
          void this.store.change({ charts });
        }
      }}
    >
      ${metrics.map((name) => html`<option value=${name} ?selected=${name === current}>${name}</option>`)}
    </select>`;
  }

  #slotMap(slots: readonly (readonly [run: number, slot: number])[]): ReadonlyMap<number, number> {
    if (this.#slotsByRun?.of !== slots) {
      this.#slotsByRun = { of: slots, map: new Map(slots) };
    }
    return this.#slotsByRun.map;
  }

  #overlaidRuns(): readonly OverlaidRun[] {
    const { store } = this;
    const drawn = store.drawn;
    const missing = drawn.filter(({ run }) => store.rows.get(run) === undefined).map(({ run }) => run);
    if (missing.length > 0) {
      store.rows.keep(missing);
    }
    return drawn.flatMap(({ run, slot }) => {
      const row = store.rows.get(run);
      return row === undefined
        ? []
        : [
            {
              id: row.id,
              label: row.label,
              slot,
              origin: row.started ?? row.created,
              isLive: !isTerminal(row.status),
            } satisfies OverlaidRun,
          ];
    });
  }

  #dotsField(): FieldModel | undefined {
    const metric = this.store.known.metrics.find(({ name }) => name === this.store.charts[0]);
    return metric && bestField(metric);
  }

  #readDots(): void {
    const { listing, dataVersion, client } = this.store;
    const field = this.#dotsField();
    if (listing === undefined || field === undefined) {
      return;
    }
    const asked = `${fieldKey(field)} ${dataVersion}`;
    if (asked === this.#asked) {
      return;
    }
    this.#asked = asked;
    const { runs } = this.store;
    const number: FieldModel = { kind: 'attribute', name: 'number' };
    Promise.all([client.request('values', { runs, field }), client.request('values', { runs, field: number })]).then(
      ([values, numbers]) => {
        if (asked === this.#asked) {
          this.dots = runs
            .map((run, index) => ({ run, x: numberOf(numbers[index]), value: numberOf(values[index]) }))
            .filter(({ value }) => Number.isFinite(value))
            .sort((a, b) => a.x - b.x);
        }
      },
      () => {
        this.#asked = '';
      },
    );
  }

  #hover(runId: string | undefined): void {
    const run = runId === undefined ? undefined : this.store.rows.keyOf(runId);
    this.dispatchEvent(new CustomEvent('run-hover', { bubbles: true, composed: true, detail: run }));
  }
}

/** Hands on the same list for as long as it holds the same: charts draw anew for another. */
class Unchanged<T> {
  #last: readonly T[] = [];
  #key = '';

  of(list: readonly T[]): readonly T[] {
    const key = JSON.stringify(list);
    if (key !== this.#key) {
      this.#key = key;
      this.#last = list;
    }
    return this.#last;
  }
}

function numberOf(value: WireNumber | null | undefined): number {
  return value === null || value === undefined ? Number.NaN : fromWire(value);
}

customElements.define('runledger-charts-area', ChartsArea);
