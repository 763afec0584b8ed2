import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type {
  ChildRunModel,
  OrchestrationModel,
  RunPageModel,
  RunStateModel,
  StepModel,
} from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { countOf } from '../../shared/formatSizes.ts';
import { formatDuration } from '../../shared/formatTimes.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { isTerminal, statusLook } from '../../shared/statusLook.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import type { RunSession } from '../runSession.ts';
import { SecondTicker } from '../secondTicker.ts';
import '../tables/dataTable.ts';
import type { SortKey } from '../tables/sortRows.ts';
import './stepGraph.ts';
import './sweepPlots.ts';
import { bestChild, type ChildTable, childTable } from './childTable.ts';

/** The child runs of a run: trials of a sweep, steps of a pipeline, runs that a script started. */
export class ChildrenTab extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    theme: { attribute: false },
    chosen: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare theme: ThemeWatcher;
  /** Ids of the trials that were chosen in the plots; undefined: all. */
  declare chosen: ReadonlySet<string> | undefined;

  readonly #ticker = new SecondTicker(this, () => this.#clock());
  #byId = new Map<string, ChildRunModel>();
  #byStep = new Map<string, ChildRunModel>();
  #best: string | undefined;
  /** As long as nobody has chosen another: the best trial comes first. */
  #firstSort: SortKey | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        padding: 12px var(--rl-pad) 0;
        overflow: auto;
        --rl-table-height: 100%;
      }
      runledger-data-table {
        flex: 1 0 0;
        min-height: min(420px, 70vh);
      }
      runledger-step-graph {
        flex: none;
        max-height: 55%;
        margin-bottom: 4px;
        border-bottom: 1px solid var(--rl-line);
      }
      runledger-sweep-plots {
        flex: none;
        margin-bottom: 12px;
      }
      @media (max-width: 599px) {
        .wide-only {
          display: none;
        }
      }
      .heading {
        display: flex;
        flex: none;
        align-items: center;
        gap: 8px;
        height: calc(32 * var(--rl-unit));
      }
    `,
  ];

  constructor() {
    super();
    this.chosen = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('model')) {
      const { children, primaryMetric } = this.model;
      this.#byId = new Map(children.map((child) => [child.id, child]));
      this.#best = bestChild(children, primaryMetric);
      this.#byStep = new Map(children.flatMap((child) => (child.stepId === undefined ? [] : [[child.stepId, child]])));
    }
  }

  protected override render(): unknown {
    const { children, primaryMetric, state, orchestration } = this.model;
    const graph = orchestration?.kind === 'pipeline' ? this.#graph(orchestration.steps) : nothing;
    if (children.length === 0) {
      const isOver = isTerminal(state.status);
      return html`${graph}<p class="empty">${isOver ? 'This run has no child runs.' : 'No child run has started yet.'}</p>`;
    }
    const { chosen } = this;
    const shown = chosen === undefined ? children : children.filter(({ id }) => chosen.has(id));
    const table = childTable(children, primaryMetric, this.#ticker.now);
    const rows = chosen === undefined ? table.rows : table.rows.filter((row) => chosen.has(String(row.at(-1))));
    const ended = children.filter((child) => isTerminal(child.state.status)).length;
    return html`
      ${graph}
      <div class="heading">
        <span>${formatCount(ended)} of ${formatCount(children.length)} ended</span>
        ${
          primaryMetric === undefined
            ? nothing
            : html`<span class="secondary">${primaryMetric.goal} ${primaryMetric.name}</span>`
        }
        ${
          orchestration?.kind === 'sweep'
            ? html`<span class="secondary wide-only">${sweepText(orchestration)}</span>`
            : nothing
        }
        ${shown.length === children.length ? nothing : html`<span class="count">${formatCount(shown.length)} shown</span>`}
      </div>
      ${this.model.identity.type === 'Sweep' ? this.#plots() : nothing}
      <runledger-data-table
        .data=${{ ...table, rows }}
        .cells=${this.#cells(table)}
        .sort=${this.#initialSort(table)}
        label="Child runs"
      ></runledger-data-table>
    `;
  }

  #graph(steps: readonly StepModel[]): unknown {
    return html`<runledger-step-graph
      .steps=${steps}
      .runs=${this.#byStep}
      .now=${this.#ticker.now}
      .session=${this.session}
    ></runledger-step-graph>`;
  }

  #plots(): unknown {
    return html`<runledger-sweep-plots
      .trials=${this.model.children}
      .primary=${this.model.primaryMetric}
      .best=${this.#best}
      .session=${this.session}
      .theme=${this.theme}
      @choose-trials=${(event: CustomEvent<ReadonlySet<string> | undefined>) => {
        this.chosen = event.detail;
      }}
    ></runledger-sweep-plots>`;
  }

  /** Given once: from then on the table sorts as the person chooses. */
  #initialSort(table: ChildTable): SortKey | undefined {
    const { primaryMetric } = this.model;
    const column = primaryMetric === undefined ? -1 : table.columns.indexOf(primaryMetric.name);
    if (this.#firstSort === undefined && column !== -1) {
      this.#firstSort = { column, isDescending: primaryMetric?.goal === 'maximize' };
    }
    return this.#firstSort;
  }

  #cells({ places, columns }: ChildTable): ReadonlyMap<number, (row: readonly WireScalar[]) => unknown> {
    const childOf = (row: readonly WireScalar[]): ChildRunModel | undefined =>
      this.#byId.get(String(row[columns.length]));
    return new Map<number, (row: readonly WireScalar[]) => unknown>([
      [
        places.name,
        (row) => {
          const child = childOf(row);
          return child === undefined
            ? nothing
            : html`<button
                  class="link"
                  title=${child.id}
                  @click=${() => this.session.act({ action: 'openRun', runId: child.id })}
                >${child.label}</button
                >${child.id === this.#best ? html` <span class="best">best</span>` : nothing}`;
        },
      ],
      [
        places.status,
        (row) => {
          const child = childOf(row);
          if (child === undefined) {
            return nothing;
          }
          const look = statusLook(child.state.status);
          const failure = child.state.failure?.message;
          return html`<span class="with-icon" title=${failure ?? look.label}
            ><span ${inlineStyle({ display: 'flex', color: look.colour })}
              >${icon(look.icon, look.spins ? 'spin small' : 'small')}</span
            >${look.label}</span
          >`;
        },
      ],
      [
        places.duration,
        (row) => {
          const seconds = row[places.duration];
          return typeof seconds === 'number' ? formatDuration(seconds) : nothing;
        },
      ],
    ]);
  }

  /** Goes on while a child does. */
  #clock(): RunStateModel {
    const going = this.model.children.find(({ state }) => state.startTime !== undefined && !isTerminal(state.status));
    return going?.state ?? this.model.state;
  }
}

/** How a sweep goes about it. */
function sweepText({ sampling, policy, trialLimit }: Extract<OrchestrationModel, { kind: 'sweep' }>): string {
  const name = sampling === 'bayesian' ? 'Bayesian' : sampling;
  const early = policy === 'none' ? '' : `, ${policy.replaceAll('_', ' ')} policy`;
  return `${name} sampling${early}, at most ${countOf(trialLimit, 'trial')}`;
}

customElements.define('runledger-children-tab', ChildrenTab);
