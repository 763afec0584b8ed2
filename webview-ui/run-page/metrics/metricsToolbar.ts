import { css, html, LitElement } from 'lit';
import { defaultMetricsLayout, type MetricsLayout } from '../../../src/protocol/metricsLayout.ts';
import type { MetricModel } from '../../../src/protocol/runPage.ts';
import type { AxisScale, XAxis } from '../../../src/protocol/series.ts';
import type { XRange } from '../../charts/xRange.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import type { MenuItem } from '../../shared/menuItems.ts';
import '../../shared/menuButton.ts';
import { segmented } from '../../shared/segmented.ts';
import { segmentedStyles } from '../../shared/segmentedStyles.ts';
import { hide, show } from './arrangement.ts';
import './metricChooser.ts';
import type { ChartChoice } from './metricChooser.ts';
import './rangeButton.ts';

const xAxes: readonly (readonly [XAxis, string])[] = [
  ['step', 'Step'],
  ['time', 'Time'],
  ['relative', 'Relative'],
];
const yScales: readonly (readonly [AxisScale, string])[] = [
  ['linear', 'Linear'],
  ['log', 'Log'],
];

/** Search, axes, smoothing and what is shown. Fires `search` and `layout` with the layout that is wanted. */
export class MetricsToolbar extends LitElement {
  static override properties = {
    layout: { attribute: false },
    search: { type: String },
    shown: { type: Number },
    total: { type: Number },
    charts: { attribute: false },
    range: { attribute: false },
    groupKeys: { attribute: false },
  };
  declare layout: MetricsLayout;
  declare search: string;
  declare shown: number;
  declare total: number;
  declare charts: readonly MetricModel[];
  declare range: XRange;
  /** Names under which the groups are folded. */
  declare groupKeys: readonly string[];

  static override styles = [
    baseStyles,
    segmentedStyles,
    css`
      :host {
        position: sticky;
        z-index: 5;
        top: 0;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        padding: 7px 0 8px;
        background: var(--rl-background);
        font-size: calc(12 * var(--rl-unit));
      }
      .search {
        position: relative;
        flex: 1 1 120px;
        max-width: 212px;
      }
      .search .icon {
        position: absolute;
        top: calc(5 * var(--rl-unit));
        left: 6px;
        color: var(--rl-secondary);
        pointer-events: none;
      }
      input[type='search'] {
        width: 100%;
        height: calc(26 * var(--rl-unit));
        padding: 0 8px 0 28px;
        font: inherit;
        color: var(--vscode-input-foreground);
        background: var(--vscode-input-background);
        border: 1px solid var(--vscode-input-border, var(--rl-line));
        border-radius: var(--rl-radius);
      }
      input[type='search']::placeholder {
        color: var(--vscode-input-placeholderForeground);
        opacity: 1;
      }
      input[type='search']:focus {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      input[type='range'] {
        width: 92px;
      }
      .controls,
      .labelled,
      .end {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .controls {
        flex-wrap: wrap;
        gap: 6px 12px;
      }
      output {
        min-width: 2.4em;
      }
      .end {
        margin-inline-start: auto;
        gap: 4px;
      }
      .end .secondary {
        margin-inline-end: 4px;
      }
      @media (max-width: 999px) {
        .labelled > .optional {
          display: none;
        }
      }
      @media (max-width: 599px) {
        .search {
          max-width: none;
        }
        .controls {
          order: 1;
          flex-basis: 100%;
        }
      }
    `,
  ];

  protected override render(): unknown {
    const { layout } = this;
    return html`
      <div class="search">
        ${icon('search')}
        <input
          type="search"
          placeholder="Search metrics"
          aria-label="Search metrics"
          .value=${this.search}
          @input=${(event: InputEvent) => this.#tell('search', textOf(event))}
        />
      </div>
      <div class="controls">
        <div class="labelled">
          <span class="optional">X axis</span>
          ${segmented('X axis', xAxes, layout.xAxis, (xAxis) => this.#change({ xAxis }))}
        </div>
        ${segmented('Y scale', yScales, layout.yScale, (yScale) => this.#change({ yScale }))}
        <label class="labelled">
          Smoothing
          <input
            type="range"
            min="0"
            max="0.99"
            step="0.01"
            .value=${String(layout.smoothing)}
            aria-valuetext=${layout.smoothing === 0 ? 'none' : layout.smoothing.toFixed(2)}
            @input=${(event: InputEvent) => this.#change({ smoothing: Number(textOf(event)) })}
            @dblclick=${() => this.#change({ smoothing: 0 })}
          />
          <output class="numbers">${layout.smoothing.toFixed(2)}</output>
        </label>
      </div>
      <div class="end">
        <runledger-range-button .range=${this.range} .xAxis=${layout.xAxis}>
          <span class="secondary numbers">${this.#count()}</span>
        </runledger-range-button>
        <runledger-metric-chooser
          .charts=${this.charts}
          .hiddenNames=${layout.hidden}
          .search=${this.search}
          @choose-charts=${(event: CustomEvent<ChartChoice>) => {
            const { names, isShown } = event.detail;
            this.#tell('layout', isShown ? show(layout, names) : hide(layout, names));
          }}
        ></runledger-metric-chooser>
        <runledger-menu-button .label=${'More about charts'} .items=${this.#items()}></runledger-menu-button>
      </div>
    `;
  }

  #count(): string {
    return this.shown === this.total
      ? `${formatCount(this.total)} shown`
      : `${formatCount(this.shown)} of ${formatCount(this.total)} shown`;
  }

  #items(): MenuItem[] {
    const { layout } = this;
    return [
      ...(layout.xAxis === 'time'
        ? []
        : [
            {
              label: 'Logarithmic x axis',
              isChecked: layout.xScale === 'log',
              run: () => this.#change({ xScale: layout.xScale === 'log' ? 'linear' : 'log' }),
            },
          ]),
      {
        label: 'Fold all groups',
        separatorBefore: layout.xAxis !== 'time',
        run: () => this.#change({ folded: this.groupKeys }),
      },
      { label: 'Unfold all groups', run: () => this.#change({ folded: [] }) },
      {
        label: `Show hidden charts (${formatCount(layout.hidden.length)})`,
        separatorBefore: true,
        run: () => this.#change({ hidden: [] }),
      },
      { label: 'Reset arrangement', run: () => this.#tell('layout', defaultMetricsLayout) },
    ];
  }

  #change(change: Partial<MetricsLayout>): void {
    this.#tell('layout', { ...this.layout, ...change });
  }

  #tell(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function textOf(event: Event): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}

customElements.define('runledger-metrics-toolbar', MetricsToolbar);
