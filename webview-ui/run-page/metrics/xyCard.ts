import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { TableModel } from '../../../src/protocol/runPage.ts';
import { CurvePoints } from '../../charts/chartPoints.ts';
import { Crosshair } from '../../charts/crosshair.ts';
import { type Curve, curveLook } from '../../charts/curves.ts';
import { XRange } from '../../charts/xRange.ts';
import { formatCount, scalarToNumber } from '../../shared/formatNumbers.ts';
import '../tables/dataTable.ts';
import { MetricCard, type Nearness } from './metricCard.ts';

/** A row or table with two columns of numbers: the second over the first, in the order of the first. */
export class XyCard extends MetricCard {
  static override properties: PropertyDeclarations = { table: { state: true } };
  declare table: TableModel | undefined;

  /** Its x is its own: it has nothing in common with the steps of the others. */
  readonly #crosshair = new Crosshair();
  readonly #range = new XRange();
  #points: CurvePoints | undefined;
  #curves: readonly Curve[] = [];
  #request: AbortController | undefined;
  /** Rows that there were when they were asked for. */
  #askedCount = 0;
  #stopFollowing: (() => void) | undefined;

  constructor() {
    super();
    this.table = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const stops = [
      this.#range.onChange(() => this.requestUpdate()),
      // The curve has its colour from here.
      this.theme.onChange(() => this.requestUpdate()),
      this.session.onReload(() => {
        this.#askedCount = 0;
        this.requestUpdate();
      }),
    ];
    this.#stopFollowing = () => {
      for (const stop of stops) {
        stop();
      }
    };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopFollowing?.();
    this.#request?.abort();
  }

  override setNearness(nearness: Nearness): void {
    super.setNearness(nearness);
    if (nearness === 'near') {
      this.#load();
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('metric') || this.#askedCount === 0) {
      this.#load();
    }
    if (changed.has('table') && this.table !== undefined) {
      this.#points = curvePoints(this.table);
      this.problem = this.#points === undefined ? 'The columns are not numbers. The Tables tab shows them.' : undefined;
    }
    const { name } = this.metric;
    const look = curveLook(0, this.theme.current.series);
    const [drawn] = this.#curves;
    if (drawn?.points !== this.#points || (drawn !== undefined && drawn.colour !== look.colour)) {
      this.#curves = this.#points === undefined ? [] : [{ id: name, label: name, ...look, points: this.#points }];
    }
  }

  protected override renderLast(): unknown {
    return html`<span>${formatCount(this.metric.count)} rows</span>`;
  }

  protected override renderPlot(): unknown {
    return html`<runledger-line-plot
      .name=${this.metric.name}
      .curves=${this.#curves}
      .view=${{ xKind: 'number' as const, xScale: 'linear' as const, yScale: 'linear' as const, range: this.#range.current }}
      .theme=${this.theme}
      .crosshair=${this.#crosshair}
      .range=${this.#range}
      .isNear=${this.nearness !== 'far' && !this.showsTable}
    ></runledger-line-plot>`;
  }

  protected override renderTable(): unknown {
    return this.table === undefined
      ? nothing
      : html`<runledger-data-table class="table" .data=${this.table} .label=${this.metric.name}></runledger-data-table>`;
  }

  protected override renderFooter(): unknown {
    const [x = '', y = ''] = this.metric.columns ?? [];
    return html`<span class="clip"><bdi>${y}</bdi> <span class="secondary">over</span> <bdi>${x}</bdi></span>`;
  }

  protected override describe(): string {
    const [x = '', y = ''] = this.metric.columns ?? [];
    return `${this.metric.name}, ${y} over ${x}, ${formatCount(this.metric.count)} rows`;
  }

  #load(): void {
    const { count, name } = this.metric;
    if (this.nearness !== 'near' || this.#askedCount === count) {
      return;
    }
    this.#askedCount = count;
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    this.session.request('table', { metric: name }, request.signal).then(
      (table) => {
        this.table = table;
      },
      (error: unknown) => {
        if (!request.signal.aborted) {
          this.problem = error instanceof Error ? error.message : String(error);
        }
      },
    );
  }
}

/** Undefined where a row has something else than two numbers. */
function curvePoints({ rows }: TableModel): CurvePoints | undefined {
  const points: (readonly [x: number, y: number])[] = [];
  for (const [x = null, y = null] of rows) {
    const [first, second] = [scalarToNumber(x), scalarToNumber(y)];
    if (first === undefined || second === undefined || !Number.isFinite(first)) {
      return undefined;
    }
    points.push([first, Number.isFinite(second) ? second : Number.NaN]);
  }
  points.sort(([a], [b]) => a - b);
  return CurvePoints.of(
    points.map(([x]) => x),
    points.map(([, y]) => y),
  );
}

customElements.define('runledger-xy-card', XyCard);
