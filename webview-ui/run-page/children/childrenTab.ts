import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { ChildRunModel, RunPageModel, RunStateModel } from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { formatDuration } from '../../shared/formatTimes.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import type { RunSession } from '../runSession.ts';
import { SecondTicker } from '../secondTicker.ts';
import { isTerminal, statusLook } from '../statusLook.ts';
import '../tables/dataTable.ts';
import type { SortKey } from '../tables/sortRows.ts';
import { bestChild, type ChildTable, childTable } from './childTable.ts';

/** The child runs of a run: trials of a sweep, steps of a pipeline, runs that a script started. */
export class ChildrenTab extends LitElement {
  static override properties = { model: { attribute: false }, session: { attribute: false } };
  declare model: RunPageModel;
  declare session: RunSession;

  readonly #ticker = new SecondTicker(this, () => this.#clock());
  #byId = new Map<string, ChildRunModel>();
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
        --rl-table-height: 100%;
      }
      runledger-data-table {
        flex: 1;
        min-height: 0;
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

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('model')) {
      const { children, primaryMetric } = this.model;
      this.#byId = new Map(children.map((child) => [child.id, child]));
      this.#best = bestChild(children, primaryMetric);
    }
  }

  protected override render(): unknown {
    const { children, primaryMetric, state } = this.model;
    if (children.length === 0) {
      const isOver = isTerminal(state.status);
      return html`<p class="empty">${isOver ? 'This run has no child runs.' : 'No child run has started yet.'}</p>`;
    }
    const table = childTable(children, primaryMetric, this.#ticker.now);
    const ended = children.filter((child) => isTerminal(child.state.status)).length;
    return html`
      <div class="heading">
        <span>${formatCount(ended)} of ${formatCount(children.length)} ended</span>
        ${
          primaryMetric === undefined
            ? nothing
            : html`<span class="secondary">${primaryMetric.goal} ${primaryMetric.name}</span>`
        }
      </div>
      <runledger-data-table
        .data=${table}
        .cells=${this.#cells(table)}
        .sort=${this.#initialSort(table)}
        label="Child runs"
      ></runledger-data-table>
    `;
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

customElements.define('runledger-children-tab', ChildrenTab);
