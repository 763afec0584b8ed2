import { css, html, LitElement } from 'lit';
import { baseStyles } from '../../shared/baseStyles.ts';
import { contrast, type Rgb, rgbOf } from '../../shared/contrast.ts';
import { formatCount, formatMetric } from '../../shared/formatNumbers.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { segmented } from '../../shared/segmented.ts';
import { segmentedStyles } from '../../shared/segmentedStyles.ts';
import type { CanvasTheme, ThemeWatcher } from '../../shared/theme.ts';
import { type ConfusionCell, type ConfusionMatrix, type ConfusionRow, confusionRows } from './confusion.ts';

type Unit = 'counts' | 'share';

const units: readonly (readonly [Unit, string])[] = [
  ['counts', 'Counts'],
  ['share', 'Row %'],
];

/** A confusion matrix as a heat map, with the number in every cell. */
export class ConfusionMatrixView extends LitElement {
  static override properties = {
    name: { type: String },
    data: { attribute: false },
    theme: { attribute: false },
    unit: { state: true },
    pointed: { state: true },
  };
  declare name: string;
  declare data: ConfusionMatrix;
  declare theme: ThemeWatcher;
  declare unit: Unit;
  declare pointed: string;

  static override styles = [
    baseStyles,
    segmentedStyles,
    css`
      :host {
        display: inline-block;
        max-width: 100%;
        vertical-align: top;
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        min-height: calc(28 * var(--rl-unit));
        padding: 5px 10px;
        font-size: calc(12 * var(--rl-unit));
      }
      header .segmented {
        margin-inline-start: auto;
      }
      .segmented button {
        height: calc(20 * var(--rl-unit));
        font-size: calc(11 * var(--rl-unit));
      }
      .scroll {
        overflow: auto;
        padding: 0 10px;
      }
      table {
        border-spacing: 2px;
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(16 * var(--rl-unit));
        font-variant-numeric: tabular-nums;
      }
      th {
        font-weight: 400;
        color: var(--rl-secondary);
      }
      thead th {
        max-width: 72px;
        height: calc(24 * var(--rl-unit));
        padding: 0 2px;
      }
      tbody th {
        max-width: 120px;
        padding: 0 8px 0 0;
        text-align: right;
      }
      td {
        min-width: calc(42 * var(--rl-unit));
        height: calc(30 * var(--rl-unit));
        padding: 0 4px;
        text-align: center;
        border-radius: 2px;
      }
      td.cell:hover {
        outline: 1px solid var(--vscode-foreground);
        outline-offset: -1px;
      }
      td.zero {
        color: var(--rl-faint);
      }
      td.recall {
        color: var(--rl-secondary);
        padding-inline-start: 10px;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 16px;
        padding: 4px 12px 8px;
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(16 * var(--rl-unit));
        color: var(--rl-secondary);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  #stopWatching: (() => void) | undefined;

  constructor() {
    super();
    this.unit = 'share';
    this.pointed = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatching = this.theme.onChange(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopWatching?.();
  }

  protected override render(): unknown {
    const rows = confusionRows(this.data);
    const total = rows.reduce((sum, row) => sum + row.total, 0);
    return html`
      <header>
        <span>${this.name}</span><span class="count">${formatCount(total)} in total</span>
        ${segmented('Unit', units, this.unit, (unit) => {
          this.unit = unit;
        })}
      </header>
      <div class="scroll" tabindex="0" role="region" aria-label="${this.name}, confusion matrix">
        <table @pointerleave=${() => this.#point('')}>
          <thead>
            <tr>
              <td></td>
              ${this.data.labels.map((label) => html`<th scope="col" class="clip" title=${label}>${label}</th>`)}
              <th scope="col">recall</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row, index) => this.#row(row, index))}
          </tbody>
        </table>
      </div>
      <footer><span>rows: true class, columns: predicted class</span><span>${this.pointed}</span></footer>
    `;
  }

  #row(row: ConfusionRow, index: number): unknown {
    const label = this.data.labels[index] ?? '';
    return html`<tr>
      <th scope="row" class="clip" title=${label}>${label}</th>
      ${row.cells.map((cell, column) => this.#cell(row, cell, label, this.data.labels[column] ?? ''))}
      <td class="recall">${row.recall === undefined ? 'none' : formatMetric(row.recall)}</td>
    </tr>`;
  }

  #cell(row: ConfusionRow, cell: ConfusionCell, truth: string, predicted: string): unknown {
    const text =
      this.unit === 'counts' ? formatCount(cell.count) : cell.count === 0 ? '0' : (100 * cell.share).toFixed(1);
    const words = `${truth} predicted as ${predicted}: ${formatCount(cell.count)} of ${formatCount(row.total)}, ${(100 * cell.share).toFixed(1)} %`;
    return html`<td
      class="cell ${cell.count === 0 ? 'zero' : ''}"
      ${inlineStyle(cellColours(cell, this.theme.current))}
      title=${words}
      @pointerenter=${() => this.#point(words)}
    >${text}</td>`;
  }

  #point(words: string): void {
    this.pointed = words;
  }
}

/** The cell in the colour of right or of wrong answers, and its text in black or white, whichever can be read better there. */
function cellColours(cell: ConfusionCell, theme: CanvasTheme): Record<string, string> {
  if (cell.count === 0) {
    return { background: 'var(--rl-fill)' };
  }
  const percent = Math.round(cell.isDiagonal ? 12 + 83 * cell.strength : 10 + 45 * cell.strength);
  const colour = rgbOf(theme.series[cell.isDiagonal ? 0 : 1] ?? theme.secondary);
  const ground = rgbOf(theme.background);
  const mixed = colour.map((channel, place) =>
    Math.round((percent * channel + (100 - percent) * (ground[place] ?? 0)) / 100),
  );
  const background: Rgb = [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0];
  const isLight = contrast(background, [0, 0, 0]) > contrast(background, [255, 255, 255]);
  return { background: `rgb(${background.join(', ')})`, color: isLight ? '#000' : '#fff' };
}

customElements.define('runledger-confusion-matrix', ConfusionMatrixView);
