import { css, html, LitElement } from 'lit';
import type { AxisScale, CurveSettings, XAxis } from '../../src/protocol/series.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { segmented } from '../shared/segmented.ts';
import { segmentedStyles } from '../shared/segmentedStyles.ts';

const xAxes: readonly (readonly [XAxis, string])[] = [
  ['step', 'Step'],
  ['time', 'Time'],
  ['relative', 'Relative'],
];
const scales: readonly (readonly [AxisScale, string])[] = [
  ['linear', 'Linear'],
  ['log', 'Log'],
];

/** How curves that lie over one another are drawn. Fires `change-curves` with the settings that are wanted. */
export class CurveTools extends LitElement {
  static override properties = {
    settings: { attribute: false },
  };
  declare settings: CurveSettings;

  static override styles = [
    baseStyles,
    segmentedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        font-size: calc(12 * var(--rl-unit));
      }
      label,
      .labelled {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      input[type='range'] {
        width: 92px;
      }
      output {
        min-width: 2.4em;
      }
      /* One under the other, with the labels in a column. */
      :host([stacked]) {
        flex-direction: column;
        align-items: stretch;
      }
      :host([stacked]) .name {
        width: 72px;
      }
    `,
  ];

  protected override render(): unknown {
    const { xAxis, xScale, yScale, smoothing } = this.settings;
    return html`
      <div class="labelled">
        <span class="name">X axis</span>
        ${segmented('X axis', xAxes, xAxis, (value) =>
          this.#change({ xAxis: value, xScale: value === 'time' ? 'linear' : xScale }),
        )}
      </div>
      ${
        // The clock has no zero to take a logarithm from.
        xAxis === 'time'
          ? ''
          : html`<div class="labelled">
              <span class="name">X scale</span>
              ${segmented('X scale', scales, xScale, (value) => this.#change({ xScale: value }))}
            </div>`
      }
      <div class="labelled">
        <span class="name">Y scale</span>
        ${segmented('Y scale', scales, yScale, (value) => this.#change({ yScale: value }))}
      </div>
      <label>
        <span class="name">Smoothing</span>
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          .value=${String(smoothing)}
          aria-valuetext=${smoothing === 0 ? 'none' : smoothing.toFixed(2)}
          @input=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) {
              this.#change({ smoothing: Number(event.target.value) });
            }
          }}
          @dblclick=${() => this.#change({ smoothing: 0 })}
        />
        <output class="numbers">${smoothing.toFixed(2)}</output>
      </label>
    `;
  }

  #change(change: Partial<CurveSettings>): void {
    this.dispatchEvent(new CustomEvent<CurveSettings>('change-curves', { detail: { ...this.settings, ...change } }));
  }
}

customElements.define('runledger-curve-tools', CurveTools);
