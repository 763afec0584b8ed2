import { css, html, LitElement } from 'lit';
import type { XAxis } from '../../../src/protocol/series.ts';
import type { Bounds } from '../../charts/axes.ts';
import { describeX } from '../../charts/describeX.ts';
import type { XRange } from '../../charts/xRange.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { FrameScheduler } from '../../shared/frames.ts';
import { icon } from '../../shared/icons.ts';

/**
 * The part of the x axis that is shown, with the way back to all of it. In the place of its content, so that nothing moves when a range is
 * chosen. Follows the range itself: while it is dragged, nothing else of the page has to be rendered again.
 */
export class RangeButton extends LitElement {
  static override properties = { range: { attribute: false }, xAxis: { type: String } };
  declare range: XRange;
  declare xAxis: XAxis;

  readonly #frames = new FrameScheduler(() => this.requestUpdate());
  #stopFollowing: (() => void) | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: contents;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopFollowing = this.range.onChange(() => this.#frames.schedule());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopFollowing?.();
    this.#frames.cancel();
  }

  protected override render(): unknown {
    const { current } = this.range;
    return current === undefined ? html`<slot></slot>` : this.#button(current);
  }

  #button({ min, max }: Bounds): unknown {
    const { xAxis } = this;
    const whole = (x: number): number => (xAxis === 'step' ? Math.round(x) : x);
    const text = `${describeX(xAxis, whole(min))} to ${describeX(xAxis, whole(max)).replace(/^step /, '')}`;
    return html`<button
      class="button short numbers"
      title="Show everything (double click on a chart, or 0)"
      @click=${() => this.range.set(undefined)}
    >
      ${text} ${icon('close')}
    </button>`;
  }
}

customElements.define('runledger-range-button', RangeButton);
