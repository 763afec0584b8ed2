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
import {
  type ColourRange,
  type ColourSource,
  colourAt,
  colourSources,
  type TrialColours,
  trialColours,
} from './trialColours.ts';

/** Categories that the legend names; the axis has all. */
const MOST_SWATCHES = 6;

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
    colouredBy: { state: true },
  };
  declare trials: readonly ChildRunModel[];
  declare primary: PrimaryMetricModel | undefined;
  declare best: string | undefined;
  declare theme: ThemeWatcher;
  declare session: RunSession;
  declare ranges: ReadonlyMap<number, PlaceRange>;

  /** What the lines are coloured by; undefined: all have one colour. */
  declare colouredBy: ColourSource | undefined;

  #axes: readonly TrialAxis[] = [];
  #lines: readonly TrialLine[] = [];
  #scatters: readonly Scatter[] = [];
  #stopTheme: (() => void) | undefined;

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
      select {
        height: calc(22 * var(--rl-unit));
        max-width: 140px;
        font: inherit;
        font-size: calc(11 * var(--rl-unit));
        color: var(--vscode-dropdown-foreground, inherit);
        background: var(--vscode-dropdown-background, transparent);
        border: 1px solid var(--vscode-dropdown-border, var(--rl-line));
        border-radius: var(--rl-radius);
      }
      .legend {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        overflow: hidden;
        font-size: calc(11 * var(--rl-unit));
        color: var(--rl-secondary);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .swatch {
        flex: none;
        width: 10px;
        height: 10px;
        border-radius: 2px;
        background: var(--swatch);
      }
      .scale {
        flex: none;
        width: 64px;
        height: 6px;
        border-radius: 2px;
        background: linear-gradient(to right in oklab, var(--low), var(--high));
        forced-color-adjust: none;
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
    this.colouredBy = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopTheme = this.theme.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopTheme?.();
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
    const { colouredBy } = this;
    const colours = colouredBy && trialColours(this.trials, colouredBy, this.#range);
    const width = `${Math.max(0, this.#axes.length * 110 + 40)}px`;
    return html`
      <div class="card">
        <header>
          <span>Parallel coordinates</span>
          <span class="count">${this.ranges.size === 0 ? 'drag along an axis to choose trials' : nothing}</span>
          ${this.ranges.size === 0 ? nothing : this.#selection()}
          ${colours === undefined ? nothing : this.#legend(colours)} ${this.#colourChoice(colours !== undefined)}
        </header>
        <div class="wide">
          <runledger-parallel-coordinates
            .axes=${this.#axes}
            .lines=${this.#lines}
            .ranges=${this.ranges}
            .best=${this.best}
            .colours=${colours?.colours}
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

  /** Two ends that differ in lightness as well as in hue. */
  get #range(): ColourRange {
    const { series, secondary } = this.theme.current;
    return { low: series[5] ?? secondary, high: series[6] ?? secondary, series };
  }

  #colourChoice(hasLegend: boolean): unknown {
    const sources = colourSources(this.trials);
    const keyOf = (source: ColourSource | undefined): string =>
      source === undefined ? '' : `${source.kind} ${source.name}`;
    return html`<select
      class=${hasLegend ? '' : 'end'}
      aria-label="Colour by"
      @change=${(event: Event) => {
        const key = event.target instanceof HTMLSelectElement ? event.target.value : '';
        this.colouredBy = sources.find((source) => keyOf(source) === key);
      }}
    >
      <option value="" ?selected=${this.colouredBy === undefined}>One colour</option>
      ${(['parameter', 'metric'] as const).map(
        (kind) => html`<optgroup label=${kind === 'parameter' ? 'Hyperparameters' : 'Metrics'}>
          ${sources
            .filter((source) => source.kind === kind)
            .map(
              (source) => html`<option value=${keyOf(source)} ?selected=${keyOf(source) === keyOf(this.colouredBy)}>
                ${source.name.replace(/^--?/, '')}
              </option>`,
            )}
        </optgroup>`,
      )}
    </select>`;
  }

  #legend({ axis }: TrialColours): unknown {
    if (axis.kind === 'category') {
      return html`<span class="legend end">
        ${axis.ticks.slice(0, MOST_SWATCHES).map(
          ({
            at,
            label,
          }) => html`<span class="swatch" ${inlineStyle({ '--swatch': colourAt(axis, at, this.#range) })}></span
            ><span class="clip" title=${label}>${label}</span>`,
        )}
      </span>`;
    }
    const { low, high } = this.#range;
    return html`<span class="legend end">
      ${axis.textAt(0)}
      <span class="scale" ${inlineStyle({ '--low': low, '--high': high })}></span>
      ${axis.textAt(1)}${axis.kind === 'log' ? ', log' : ''}
    </span>`;
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
