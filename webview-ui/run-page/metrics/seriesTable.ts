import { VirtualizerController } from '@tanstack/lit-virtual';
import { css, html, LitElement, nothing } from 'lit';
import type { SeriesBuffer } from '../../charts/seriesBuffer.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount, formatMetric, formatMetricLong } from '../../shared/formatNumbers.ts';
import { formatDate, formatDuration } from '../../shared/formatTimes.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';

const ROW_HEIGHT = 20;

/** The points of a chart as rows, newest first: what the curve says, for eyes and for screen readers. Only rows in sight exist. */
export class SeriesTable extends LitElement {
  static override properties = {
    label: { type: String },
    buffer: { attribute: false },
    origin: { attribute: false },
    /** Another one tells that the buffer holds other points. */
    version: { attribute: false },
  };
  declare label: string;
  declare buffer: SeriesBuffer;
  declare origin: number;
  declare version: number;

  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.renderRoot?.querySelector<HTMLElement>('.scroll') ?? null,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        min-height: 0;
      }
      .scroll {
        height: 100%;
        overflow: auto;
      }
      table {
        width: 100%;
        border-collapse: separate;
        border-spacing: 0;
        font-size: calc(12 * var(--rl-unit));
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        height: ${ROW_HEIGHT}px;
        padding: 0 10px;
        line-height: ${ROW_HEIGHT}px;
        font-weight: 400;
        text-align: right;
        white-space: nowrap;
      }
      th {
        position: sticky;
        z-index: 1;
        top: 0;
        color: var(--rl-secondary);
        background: var(--rl-background);
        box-shadow: inset 0 -1px var(--rl-line);
      }
      .spacer td {
        padding: 0;
      }
    `,
  ];

  protected override willUpdate(): void {
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({ ...virtualizer.options, count: this.buffer.length });
  }

  protected override firstUpdated(): void {
    // The scrolling element exists only now, so the rows that fit can be told only now.
    this.requestUpdate();
  }

  protected override render(): unknown {
    const virtualizer = this.#virtual.getVirtualizer();
    const items = virtualizer.getVirtualItems();
    const last = this.buffer.length - 1;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Values of ${this.label}">
      <table aria-rowcount=${this.buffer.length + 1}>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">time</th>
            <th scope="col">value</th>
          </tr>
        </thead>
        <tbody>
          ${spacer(items[0]?.start ?? 0)} ${items.map(({ index }) => this.#row(last - index, index))}
          ${spacer(virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0))}
        </tbody>
      </table>
    </div>`;
  }

  #row(place: number, row: number): unknown {
    const x = this.buffer.x[place] ?? 0;
    const time = this.buffer.times[place] ?? 0;
    const value = this.buffer.values[place] ?? Number.NaN;
    return html`<tr aria-rowindex=${row + 2}>
      <td>${Number.isInteger(x) ? formatCount(x) : formatMetric(x)}</td>
      <td title=${formatDate(time)}>${formatDuration(time - this.origin)}</td>
      <td title=${String(value)}>${formatMetricLong(value)}</td>
    </tr>`;
  }
}

function spacer(height: number): unknown {
  return height <= 0
    ? nothing
    : html`<tr class="spacer" aria-hidden="true"><td ${inlineStyle({ height: `${height}px` })}></td></tr>`;
}

customElements.define('runledger-series-table', SeriesTable);
