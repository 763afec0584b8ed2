import { css, html, LitElement, nothing, type PropertyValues, svg } from 'lit';
import type { ChildRunModel, StepModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatDuration } from '../../shared/formatTimes.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { statusLook } from '../../shared/statusLook.ts';
import type { RunSession } from '../runSession.ts';
import { elapsedSeconds } from '../secondTicker.ts';
import { layoutSteps, pathThrough, type StepLayout, type StepPlace, stepHeight, stepWidth } from './stepLayout.ts';

/** The steps of a pipeline and what each waits for; those that have started with their state. */
export class StepGraph extends LitElement {
  static override properties = {
    steps: { attribute: false },
    runs: { attribute: false },
    now: { attribute: false },
    session: { attribute: false },
  };
  declare steps: readonly StepModel[];
  /** By the id of their step. */
  declare runs: ReadonlyMap<string, ChildRunModel>;
  declare now: number;
  declare session: RunSession;

  #layout: StepLayout | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      .graph {
        position: relative;
        margin: 0 auto;
      }
      svg {
        position: absolute;
        inset: 0;
        overflow: visible;
        pointer-events: none;
      }
      path {
        fill: none;
        stroke: var(--rl-faint);
        stroke-width: 1;
      }
      marker path {
        fill: var(--rl-faint);
        stroke: none;
      }
      .step {
        position: absolute;
        top: 0;
        left: 0;
        display: grid;
        grid-template-columns: 16px minmax(0, 1fr);
        align-content: center;
        gap: 2px 8px;
        width: ${stepWidth}px;
        height: ${stepHeight}px;
        padding: 0 10px;
        font-size: calc(12 * var(--rl-unit));
        line-height: calc(18 * var(--rl-unit));
        text-align: start;
        color: var(--vscode-foreground);
        background: var(--rl-background);
        border: 1px solid var(--vscode-contrastBorder, var(--rl-line-hover));
        border-radius: var(--rl-radius);
      }
      button.step:hover {
        background: var(--rl-fill);
        outline: var(--rl-hover-outline);
      }
      button.step:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
      }
      .waiting {
        color: var(--rl-secondary);
        border-style: dashed;
      }
      .state {
        display: flex;
        align-items: center;
      }
      .detail {
        grid-column: 2;
        display: flex;
        justify-content: space-between;
        gap: 8px;
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(16 * var(--rl-unit));
        color: var(--rl-secondary);
        font-variant-numeric: tabular-nums;
      }
      .detail > :last-child {
        flex: none;
        white-space: nowrap;
      }
    `,
  ];

  constructor() {
    super();
    this.runs = new Map();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('steps') || this.#layout === undefined) {
      this.#layout = layoutSteps(this.steps);
    }
  }

  protected override render(): unknown {
    const layout = this.#layout;
    if (layout === undefined) {
      return nothing;
    }
    const { width, height, lines, steps } = layout;
    return html`<div class="graph" role="group" aria-label="Steps of the pipeline" ${inlineStyle({ width: `${width}px`, height: `${height}px` })}>
      <svg aria-hidden="true" width=${width} height=${height}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0,0.5 L8,4 L0,7.5 Z"></path>
          </marker>
        </defs>
        ${lines.map((points) => svg`<path d=${pathThrough(points)} marker-end="url(#arrow)"></path>`)}
      </svg>
      ${steps.map((place) => this.#step(place))}
    </div>`;
  }

  #step({ step, x, y }: StepPlace): unknown {
    const run = this.runs.get(step.id);
    const place = inlineStyle({ transform: `translate(${x}px, ${y}px)` });
    if (run === undefined) {
      return html`<div class="step waiting" title=${step.name} ${place}>
        <span class="state">${icon('circle-large', 'small')}</span><span class="clip">${step.name}</span>
        <span class="detail"><span class="clip">${step.target ?? step.type}</span><span>not started</span></span>
      </div>`;
    }
    const look = statusLook(run.state.status);
    const seconds = elapsedSeconds(run.state, this.now);
    const time = run.reusedFrom !== undefined ? 'reused' : seconds === undefined ? look.label : formatDuration(seconds);
    return html`<button
      class="step"
      title=${run.state.failure?.message ?? `${step.name}: ${look.label}`}
      @click=${() => this.session.act({ action: 'openRun', runId: run.id })}
      ${place}
    >
      <span class="state" ${inlineStyle({ color: look.colour })}>${icon(look.icon, look.spins ? 'spin small' : 'small')}<span class="visually-hidden">${look.label}</span></span>
      <span class="clip">${step.name}</span>
      <span class="detail"><span class="clip">${step.target ?? step.type}</span><span>${time}</span></span>
    </button>`;
  }
}

customElements.define('runledger-step-graph', StepGraph);
