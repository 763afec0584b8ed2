import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ChildRunModel, PrimaryMetricModel } from '../../../src/protocol/runPage.ts';
import '../../charts/basicChart.ts';
import type { BasicChartModel, BasicPoint } from '../../charts/basicChart.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount, formatMetric, scalarToNumber } from '../../shared/formatNumbers.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import type { RunSession } from '../runSession.ts';
import './parallelCoordinates.ts';
import { rankCorrelation } from './rankCorrelation.ts';
import { isInRanges, type PlaceRange, type TrialAxis, type TrialLine, trialAxes, trialLines } from './trialAxes.ts';

interface Scatter {
  readonly axis: TrialAxis;
  readonly chart: BasicChartModel;
  readonly note: string;
}

/** What a sweep tried and what came of it. Tells of the trials in the chosen stretches with a `choose-trials` event. */
export class SweepPlots extends LitElement {
  static override properties = {
    trials: { attribute: false },
    primary: { attribute: false },
    best: { attribute: false },
    theme: { attribute: false },
    session: { attribute: false },
    ranges: { state: true },
  };
  declare trials: readonly ChildRunModel[];
  declare primary: PrimaryMetricModel | undefined;
  declare best: string | undefined;
  declare theme: ThemeWatcher;
  declare session: RunSession;
  declare ranges: ReadonlyMap<number, PlaceRange>;

  #axes: readonly TrialAxis[] = [];
  #lines: readonly TrialLine[] = [];
  #scatters: readonly Scatter[] = [];

  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 12px;
      }
      .card {
        min-width: 0;
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(28 * var(--rl-unit));
        padding: 0 10px;
        font-size: calc(12 * var(--rl-unit));
      }
      header .end {
        margin-inline-start: auto;
      }
      .wide {
        overflow-x: auto;
      }
      .scatters {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
        gap: 12px;
      }
      runledger-basic-chart {
        height: 118px;
        margin: 0 8px 6px 6px;
      }
    `,
  ];

  constructor() {
    super();
    this.ranges = new Map();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('trials') || changed.has('primary')) {
      const names = this.#axes.map(({ name }) => name).join('\n');
      this.#axes = trialAxes(this.trials, this.primary);
      this.#lines = trialLines(this.trials, this.#axes, this.primary);
      if (names !== '' && names !== this.#axes.map(({ name }) => name).join('\n')) {
        // The axes are others now, so what was chosen on them means nothing any more.
        this.#choose(new Map());
      }
    }
    this.#scatters = this.#readScatters();
  }

  protected override render(): unknown {
    if (this.#axes.length < 2) {
      return nothing;
    }
    const width = `${Math.max(0, this.#axes.length * 110 + 40)}px`;
    return html`
      <div class="card">
        <header>
          <span>Parallel coordinates</span>
          <span class="count">${this.ranges.size === 0 ? 'drag along an axis to choose trials' : nothing}</span>
          ${this.ranges.size === 0 ? nothing : this.#selection()}
        </header>
        <div class="wide">
          <runledger-parallel-coordinates
            .axes=${this.#axes}
            .lines=${this.#lines}
            .ranges=${this.ranges}
            .best=${this.best}
            .theme=${this.theme}
            @choose-ranges=${(event: CustomEvent<ReadonlyMap<number, PlaceRange>>) => this.#choose(event.detail)}
            ${inlineStyle({ 'min-width': width })}
          ></runledger-parallel-coordinates>
        </div>
      </div>
      <div class="scatters">
        ${repeat(
          this.#scatters,
          ({ axis }) => axis.name,
          ({ axis, chart, note }) =>
            html`<div class="card">
              <header><span class="clip" title=${axis.name}>${axis.label}</span><span class="count end">${note}</span></header>
              <runledger-basic-chart .model=${chart} .theme=${this.theme}></runledger-basic-chart>
            </div>`,
        )}
      </div>
    `;
  }

  #selection(): unknown {
    const count = this.#lines.filter((line) => isInRanges(line, this.ranges)).length;
    return html`<span class="count" role="status">
        ${formatCount(count)} of ${formatCount(this.#lines.length)} trials in the selection
      </span>
      <button class="link" @click=${() => this.#choose(new Map())}>Clear</button>
      <button class="link" ?hidden=${count === 0} @click=${this.#compare}>Compare</button>`;
  }

  #compare = (): void => {
    const runIds = this.#lines.filter((line) => isInRanges(line, this.ranges)).map(({ id }) => id);
    this.session.act({ action: 'compareRuns', runIds });
  };

  /** The metric over each hyperparameter that has more than one value. */
  #readScatters(): readonly Scatter[] {
    const metricAxis = this.#axes.length - 1;
    if (this.primary === undefined) {
      return [];
    }
    const { name } = this.primary;
    return this.#axes.slice(0, -1).flatMap((axis, index) => {
      const points = this.#lines.flatMap((line) => {
        const y = scalarToNumber(line.values[metricAxis] ?? null);
        const x = axis.kind === 'category' ? placeIn(axis, line, index) : scalarToNumber(line.values[index] ?? null);
        return x === undefined || y === undefined || !Number.isFinite(x) || !Number.isFinite(y) ? [] : [{ line, x, y }];
      });
      if (new Set(points.map(({ x }) => x)).size < 2) {
        return [];
      }
      const correlation =
        axis.kind === 'category' ? undefined : rankCorrelation(points.map(({ x, y }) => [x, y] as const));
      const isChosen = ({ line }: (typeof points)[number]): boolean =>
        this.ranges.size === 0 || isInRanges(line, this.ranges);
      const bare = (list: typeof points): BasicPoint[] => list.map(({ x, y }) => ({ x, y }));
      const chart: BasicChartModel = {
        label: `${name} over ${axis.label}, ${points.length} trials`,
        xTitle: axis.label,
        yTitle: name,
        isBare: true,
        xScale: axis.kind === 'log' ? 'log' : 'linear',
        xTicks: axis.ticks.map((tick) => ({ x: tick.value, label: tick.label })),
        x: paddedRange(axis),
        series: [
          { label: 'best', look: 'best', colour: 0, points: bare(points.filter(({ line }) => line.id === this.best)) },
          { label: name, look: 'points', colour: 0, points: bare(points.filter(isChosen)) },
          { label: 'others', look: 'points', colour: 'faint', points: bare(points.filter((each) => !isChosen(each))) },
        ],
      };
      return [{ axis, chart, note: correlation === undefined ? '' : `rank corr. ${formatMetric(correlation)}` }];
    });
  }

  #choose(ranges: ReadonlyMap<number, PlaceRange>): void {
    this.ranges = ranges;
    const chosen =
      ranges.size === 0
        ? undefined
        : new Set(this.#lines.filter((line) => isInRanges(line, ranges)).map(({ id }) => id));
    this.dispatchEvent(new CustomEvent<ReadonlySet<string> | undefined>('choose-trials', { detail: chosen }));
  }
}

/** The range of an axis with some air, so that no point lies on the edge. */
function paddedRange({ kind, ticks }: TrialAxis): { readonly min: number; readonly max: number } {
  const [low, high] = [ticks[0]?.value ?? 0, ticks.at(-1)?.value ?? 1];
  if (kind === 'log') {
    const air = (high / low) ** 0.06;
    return { min: low / air, max: high * air };
  }
  const air = kind === 'category' ? 0.5 : (high - low) * 0.06;
  return { min: low - air, max: high + air };
}

/** The number of a category, from 0. */
function placeIn(axis: TrialAxis, line: TrialLine, index: number): number | undefined {
  const place = line.places[index];
  return place === undefined ? undefined : Math.round(place * (axis.ticks.length - 1));
}

customElements.define('runledger-sweep-plots', SweepPlots);
