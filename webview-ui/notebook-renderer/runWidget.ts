import { css, html, LitElement, nothing, unsafeCSS } from 'lit';
import { Crosshair } from '../charts/crosshair.ts';
import { XRange } from '../charts/xRange.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatCount, formatMetric, formatSeriesValue, scalarToNumber, scalarToText } from '../shared/formatNumbers.ts';
import { formatDuration } from '../shared/formatTimes.ts';
import { isTerminal, statusLook } from '../shared/statusLook.ts';
import { ThemeWatcher } from '../shared/theme.ts';
import variables from '../shared/variables.css';
import './metricPlot.ts';
import type { RunSummaryModel, ValueModel } from './runSummary.ts';

/** Opens the page of a run in the editor. */
export type OpenRun = (run: { readonly workspaceFolder: string; readonly runId: string }) => void;

const mostCharts = 24;
const mostRows = 100;

/** A run in the output of a notebook: its state, a chart of each metric, what has no curve, and its child runs. */
export class RunWidget extends LitElement {
  static override properties = { summary: { attribute: false }, openRun: { attribute: false } };
  declare summary: RunSummaryModel;
  /** Undefined where nobody could open it: names are no links then. */
  declare openRun: OpenRun | undefined;

  readonly #crosshair = new Crosshair();
  readonly #range = new XRange();
  #theme: ThemeWatcher | undefined;
  #unwatch: (() => void) | undefined;

  static override styles = [
    unsafeCSS(variables),
    baseStyles,
    css`
      :host {
        display: block;
        padding: 8px 2px;
        color: var(--vscode-foreground);
        font: 400 calc(13 * var(--rl-unit)) / calc(18 * var(--rl-unit)) var(--vscode-font-family, sans-serif);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        margin-bottom: 8px;
      }
      .title {
        min-width: 0;
        overflow-wrap: anywhere;
        unicode-bidi: isolate;
        font-weight: 600;
      }
      .status {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        height: calc(20 * var(--rl-unit));
        padding: 0 8px;
        font-size: calc(12 * var(--rl-unit));
        background: color-mix(in srgb, var(--status) var(--rl-status-fill), transparent);
        border: 1px solid var(--rl-chip-border);
        border-radius: var(--rl-radius);
      }
      .status::before {
        width: 8px;
        height: 8px;
        content: '';
        background: var(--status);
        border-radius: 50%;
      }
      .secondary {
        color: var(--rl-secondary);
        font-size: calc(12 * var(--rl-unit));
      }
      .error {
        margin: 0 0 8px;
        padding: 6px 10px;
        max-height: 200px;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font: calc(12 * var(--rl-unit)) / calc(16 * var(--rl-unit)) var(--rl-mono);
        background: var(--rl-error-fill);
        border-inline-start: 2px solid var(--vscode-charts-red);
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(260px, 100%), 1fr));
        gap: 12px;
        margin-bottom: 8px;
      }
      .rows {
        margin-bottom: 12px;
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font-size: calc(12 * var(--rl-unit));
      }
      th,
      td {
        max-width: 420px;
        padding: 2px 16px 2px 0;
        overflow: hidden;
        text-align: start;
        text-overflow: ellipsis;
        white-space: nowrap;
        border-bottom: 1px solid var(--rl-line);
      }
      th {
        font-weight: 400;
        color: var(--rl-secondary);
      }
      td.number,
      th.number {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme = new ThemeWatcher(this);
    this.#markContrast();
    this.#unwatch = this.#theme.onChange(() => this.#markContrast());
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unwatch?.();
    this.#theme?.dispose();
    this.#theme = undefined;
  }

  protected override render(): unknown {
    const { curves, values, children, error } = this.summary;
    return html`
      ${this.#header()} ${error === undefined ? nothing : html`<pre class="error">${error}</pre>`}
      ${curves.length === 0 ? nothing : this.#charts()} ${values.length === 0 ? nothing : this.#values(values)}
      ${children.length === 0 ? nothing : this.#children()}
    `;
  }

  #header(): unknown {
    const { displayName, number, experiment, status, duration, workspaceFolder, runId } = this.summary;
    const look = status === undefined ? undefined : statusLook(status);
    const numbered = number === undefined ? undefined : `run ${number}`;
    // A run without a name of its own is told by its number, as elsewhere, and not by its id.
    const isNamed = displayName !== runId || numbered === undefined;
    return html`<header>
      <span class="title">${this.#link(isNamed ? displayName : numbered, { workspaceFolder, runId })}</span>
      ${
        look === undefined
          ? nothing
          : html`<span class="status" role="status" style=${`--status: ${look.colour}`}>${look.label}</span>`
      }
      <span class="secondary">${isNamed && numbered !== undefined ? `${experiment}, ${numbered}` : experiment}</span>
      ${duration === undefined ? nothing : html`<span class="secondary">${formatDuration(duration)}</span>`}
    </header>`;
  }

  #charts(): unknown {
    const { curves, status, startTime } = this.summary;
    const isLive = status !== undefined && !isTerminal(status);
    const theme = this.#theme;
    const more = curves.length - mostCharts;
    return theme === undefined
      ? nothing
      : html`<div class="charts">
            ${curves.slice(0, mostCharts).map(
              (model) =>
                html`<runledger-metric-plot
                  .model=${model}
                  .origin=${startTime ?? model.series.times[0] ?? 0}
                  .isLive=${isLive}
                  .theme=${theme}
                  .crosshair=${this.#crosshair}
                  .range=${this.#range}
                ></runledger-metric-plot>`,
            )}
          </div>
          ${more > 0 ? html`<p class="secondary">And ${more} more on the run's page.</p>` : nothing}`;
  }

  #values(values: readonly ValueModel[]): unknown {
    return html`<div class="rows"><table>
      <tr><th>Metric</th><th class="number">Last value</th><th class="number">Values</th></tr>
      ${values.slice(0, mostRows).map(({ name, last, count }) => {
        const text = scalarToText(last);
        const number = typeof last === 'string' ? undefined : scalarToNumber(last);
        return html`<tr>
          <td title=${name}>${name}</td>
          <td class="number" title=${text}>${number === undefined ? text : formatSeriesValue(number, Number.isInteger(number))}</td>
          <td class="number">${formatCount(count)}</td>
        </tr>`;
      })}
    </table></div>`;
  }

  #children(): unknown {
    const { children, primaryMetric, workspaceFolder } = this.summary;
    return html`<div class="rows"><table>
      <tr>
        <th>Child run</th><th>State</th>
        ${primaryMetric === undefined ? nothing : html`<th class="number">${primaryMetric}</th>`}
        <th>Settings</th>
      </tr>
      ${children.slice(0, mostRows).map(({ runId, displayName, status, metric, note }) => {
        const number = metric === undefined ? undefined : scalarToNumber(metric);
        return html`<tr>
          <td>${this.#link(displayName, { workspaceFolder, runId })}</td>
          <td>${status}</td>
          ${
            primaryMetric === undefined
              ? nothing
              : html`<td class="number">${number === undefined ? 'none' : formatMetric(number)}</td>`
          }
          <td title=${note}>${note}</td>
        </tr>`;
      })}
    </table></div>`;
  }

  #link(text: string, run: Parameters<OpenRun>[0]): unknown {
    const { openRun } = this;
    return openRun === undefined || run.runId === ''
      ? text
      : html`<button class="link" title="Open the run's page" @click=${() => openRun(run)}>${text}</button>`;
  }

  /** The body's own class is out of reach of styles in here. */
  #markContrast(): void {
    const { classList } = document.body;
    const isHigh = classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
    this.classList.toggle('high-contrast', isHigh);
  }
}

customElements.define('runledger-run-widget', RunWidget);
