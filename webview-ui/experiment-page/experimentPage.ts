import { html, LitElement, nothing } from 'lit';
import { mostComparedRuns } from '../../src/protocol/comparePage.ts';
import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import { type CurveSettings, defaultCurveSettings } from '../../src/protocol/series.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { statusLook } from '../shared/statusLook.ts';
import '../shared/contextMenu.ts';
import type { ContextMenu } from '../shared/contextMenu.ts';
import { formatCount } from '../shared/formatNumbers.ts';
import { FrameScheduler } from '../shared/frames.ts';
import { icon } from '../shared/icons.ts';
import { inlineStyle } from '../shared/inlineStyle.ts';
import type { MenuItem } from '../shared/menuItems.ts';
import '../shared/popoverButton.ts';
import { ThemeWatcher } from '../shared/theme.ts';
import { formatAge } from './cells.ts';
import './chartsArea.ts';
import '../charts/curveTools.ts';
import './columnPicker.ts';
import { experimentPageStyles } from './experimentPageStyles.ts';
import { ExperimentStore } from './experimentStore.ts';
import { fullLabel } from './fields.ts';
import './groupPicker.ts';
import { viewOf } from './layouts.ts';
import './queryBar.ts';
import { cellMenu, columnMenu } from './runMenus.ts';
import './runsTable.ts';
import type { CellMenuRequest, RunsTable } from './runsTable.ts';

const NARROW = '(max-width: 599px)';

/** The page of one experiment: charts above, the table of its runs below. */
export class ExperimentPage extends LitElement {
  static override properties = {
    version: { state: true },
    lit: { state: true },
    isNarrow: { state: true },
    announcement: { state: true },
  };
  /** Counts the changes of the store. */
  declare version: number;
  /** The run under the pointer, in the table or in a chart. */
  declare lit: number | undefined;
  declare isNarrow: boolean;
  declare announcement: string;

  readonly #theme = new ThemeWatcher();
  readonly #narrow = matchMedia(NARROW);
  /** Answers that come together are drawn together. */
  readonly #frame = new FrameScheduler(() => {
    this.version += 1;
    this.#announce();
  });
  readonly #store = new ExperimentStore(() => this.#frame.schedule());

  static override styles = [baseStyles, experimentPageStyles];

  constructor() {
    super();
    this.version = 0;
    this.lit = undefined;
    this.isNarrow = this.#narrow.matches;
    this.announcement = '';
    this.#narrow.addEventListener('change', (event) => {
      this.isNarrow = event.matches;
    });
    this.#theme.onChange(() => this.requestUpdate());
    this.addEventListener('run-hover', (event) => {
      if (event instanceof CustomEvent) {
        this.lit = typeof event.detail === 'number' ? event.detail : undefined;
      }
    });
    this.#store.client.start();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'main';
  }

  protected override render(): unknown {
    const store = this.#store;
    if (store.gone !== undefined) {
      return html`<div class="empty" role="alert">${icon('info')} ${store.gone}</div>`;
    }
    if (store.model === undefined) {
      return html`<p class="empty loading">Loading the experiment…</p>`;
    }
    return html`
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
      ${this.#header()}
      ${
        store.layout.showsCharts && store.listing !== undefined
          ? html`<runledger-charts-area
              .store=${store}
              .version=${this.version}
              .theme=${this.#theme}
              .lit=${this.lit}
              @run-open=${(event: CustomEvent<number>) => void this.#openRun(event.detail)}
            ></runledger-charts-area>`
          : nothing
      }
      ${this.#toolbar()}
      ${store.failure === undefined ? nothing : html`<p class="failure" role="alert">${icon('error', 'small')} ${store.failure}</p>`}
      ${this.#table()}
      <runledger-context-menu></runledger-context-menu>
    `;
  }

  #header(): unknown {
    const store = this.#store;
    const { model, listing } = store;
    const now = Date.now() / 1000;
    return html`<header>
      <div class="top">
        <h1 class="clip" title=${model?.experiment ?? ''}>${model?.experiment}</h1>
        <div class="actions">
          ${this.#views()}
          <button class="button primary" @click=${() => store.client.act({ action: 'submit' })}>
            ${icon('play', 'small')} Submit run
          </button>
        </div>
      </div>
      <div class="facts">
        <span class="fact" title="Workspace">${icon('folder', 'small')}${model?.workspace}</span>
        ${(listing?.statuses ?? []).map(({ status, count }) => {
          const look = statusLook(status);
          return html`<span class="fact">
            <span class="icon small status" aria-hidden="true" ${inlineStyle({ '--status': look.colour })}>${icon(look.icon, `small ${look.spins ? 'spin' : ''}`)}</span>
            ${formatCount(count)} ${look.label.toLowerCase()}
          </span>`;
        })}
        ${
          listing?.lastCreated === undefined
            ? nothing
            : html`<span class="fact">${icon('calendar', 'small')}last run ${formatAge(now - listing.lastCreated)} ago</span>`
        }
      </div>
      <div class="query">
        <runledger-query-bar .store=${store} .version=${this.version}></runledger-query-bar>
        <runledger-group-picker .store=${store} .version=${this.version}></runledger-group-picker>
        <button
          class="button"
          aria-pressed=${store.layout.withChildren}
          title="List child runs like any others"
          @click=${() => void store.change({ withChildren: !store.layout.withChildren })}
        >${icon('list-tree', 'small')} Child runs</button>
      </div>
    </header>`;
  }

  #views(): unknown {
    const store = this.#store;
    const views = store.model?.views ?? [];
    return html`${
      views.length === 0
        ? nothing
        : html`<select
              aria-label="Saved views"
              @change=${(event: Event) => {
                if (event.target instanceof HTMLSelectElement) {
                  const [action = '', name = ''] = event.target.value.split(/:(.*)/s);
                  event.target.value = '';
                  if (action === 'show') {
                    void store.showView(name);
                  } else if (action === 'delete') {
                    store.client.act({ action: 'deleteView', name });
                  }
                }
              }}
            >
              <option value="">Views</option>
              <optgroup label="Show">
                ${views.map((name) => html`<option value="show:${name}">${name}</option>`)}
              </optgroup>
              <optgroup label="Delete">
                ${views.map((name) => html`<option value="delete:${name}">${name}…</option>`)}
              </optgroup>
            </select>`
    }
      <button
        class="icon-button"
        title="Save as a view"
        aria-label="Save as a view"
        @click=${() => {
          store.client.act({ action: 'saveView', view: viewOf(store.layout, store.columns) });
        }}
      >${icon('save')}</button>`;
  }

  #toolbar(): unknown {
    const store = this.#store;
    const { listing, selected } = store;
    const matching = store.runs.length;
    const counts =
      listing === undefined
        ? 'Reading the runs…'
        : matching + store.hidden.size === listing.total
          ? `${formatCount(matching)} runs`
          : `${formatCount(matching)} of ${formatCount(listing.total)} runs match`;
    return html`<div class="toolbar">
      ${selected.size === 0 ? nothing : html`<b class="numbers">${formatCount(selected.size)} selected</b>`}
      <span class="secondary numbers">${counts}</span>
      ${store.layout.groupBy.length > 0 && store.groups !== undefined ? html`<span class="secondary">${store.groups.length} groups</span>` : nothing}
      ${store.hidden.size === 0 ? nothing : this.#hidden()}
      ${this.#pending()}
      ${selected.size === 0 ? nothing : this.#selectionActions()}
      <span class="rest"></span>
      <button
        class="icon-button"
        aria-pressed=${store.layout.showsCharts}
        title="Charts"
        aria-label="Charts"
        @click=${() => void store.change({ showsCharts: !store.layout.showsCharts })}
      >${icon('graph-line')}</button>
      ${this.#curveTools()}
      <runledger-column-picker .store=${store} .version=${this.version}></runledger-column-picker>
      <button class="icon-button" title="Export as CSV" aria-label="Export as CSV" @click=${() => this.#export()}>
        ${icon('export')}
      </button>
    </div>`;
  }

  #curveTools(): unknown {
    const { layout } = this.#store;
    return !layout.showsCharts
      ? nothing
      : html`<runledger-popover-button label="Axes and smoothing of the curves" .icon=${'settings'}>
          <runledger-curve-tools
            stacked
            .settings=${layout.curves ?? defaultCurveSettings}
            @change-curves=${(event: CustomEvent<CurveSettings>) => void this.#store.change({ curves: event.detail })}
          ></runledger-curve-tools>
        </runledger-popover-button>`;
  }

  #hidden(): unknown {
    const store = this.#store;
    return html`<button
        class="link"
        aria-pressed=${store.showsHidden}
        title=${store.showsHidden ? 'Leave the hidden runs out of the table' : 'Show the hidden runs in the table'}
        @click=${() => store.showHidden(!store.showsHidden)}
      >${formatCount(store.hidden.size)} hidden</button>
      ${
        store.showsHidden
          ? html`<button class="link" @click=${() => void store.toggleHidden([...store.hidden])}>Show all again</button>`
          : nothing
      }`;
  }

  #pending(): unknown {
    const { pending, listing } = this.#store;
    if (pending === undefined || listing === undefined) {
      return nothing;
    }
    const shown = new Set(listing.runs);
    const added = pending.runs.filter((run) => !shown.has(run)).length;
    const words = added === 0 ? 'The order has changed' : added === 1 ? '1 new run' : `${formatCount(added)} new runs`;
    return html`<button class="link pending" @click=${() => void this.#store.showPending()}>
      ${icon('refresh', 'small')} ${words}
    </button>`;
  }

  #selectionActions(): unknown {
    const store = this.#store;
    const runs = [...store.selected];
    const act = (action: 'cancel' | 'delete' | 'tag' | 'compare') => () => store.client.act({ action, runs });
    return html`<span class="bar" role="toolbar" aria-label="Selected runs">
      ${runs.length < 2 || runs.length > mostComparedRuns ? nothing : html`<button class="flat" @click=${act('compare')}>${icon('arrow-swap', 'small')} Compare</button>`}
      <button class="flat" @click=${act('tag')}>${icon('tag', 'small')} Tag…</button>
      <button
        class="flat"
        @click=${() => void store.drawOnly(runs)}
      >${icon('eye', 'small')} Show only</button>
      <button class="flat" title="Leave out of table and charts (H)" @click=${() => void store.toggleHidden(runs)}>
        ${icon('eye-closed', 'small')} ${runs.every((run) => store.hidden.has(run)) ? 'Show again' : 'Hide'}
      </button>
      <button class="flat" @click=${act('cancel')}>${icon('debug-stop', 'small')} Cancel</button>
      <button class="flat" @click=${act('delete')}>${icon('trash', 'small')} Delete</button>
    </span>`;
  }

  #table(): unknown {
    const store = this.#store;
    if (store.listing !== undefined && store.items.length === 0) {
      return html`<div class="empty">
        ${
          store.layout.filter === ''
            ? html`<p>No run yet. Submit a script, or run one yourself: whatever it logs appears here.</p>`
            : html`<p>No run matches the filter.</p>
                <button class="button" @click=${() => void store.change({ filter: '' })}>Clear filter</button>`
        }
      </div>`;
    }
    return html`<runledger-runs-table
      .store=${store}
      .version=${this.version}
      .colours=${this.#theme.current.series}
      .isNarrow=${this.isNarrow}
      @cell-menu=${(event: CustomEvent<CellMenuRequest>) => this.#openCellMenu(event.detail)}
      @head-menu=${(event: CustomEvent<{ x: number; y: number; field: FieldModel }>) => this.#openHeadMenu(event.detail)}
    ></runledger-runs-table>`;
  }

  #openCellMenu(request: CellMenuRequest): void {
    const { x, y, field } = request;
    const openColumn = (): void => this.#openHeadMenu({ x, y, field: field ?? { kind: 'attribute', name: 'name' } });
    this.#openMenu(x, y, cellMenu(this.#store, request, openColumn));
  }

  #openHeadMenu({ x, y, field }: { x: number; y: number; field: FieldModel }): void {
    const table = this.renderRoot.querySelector<RunsTable>('runledger-runs-table');
    if (table !== null) {
      this.#openMenu(x, y, columnMenu(table, field));
    }
  }

  #openMenu(x: number, y: number, items: readonly MenuItem[]): void {
    const menu = this.renderRoot.querySelector<ContextMenu>('runledger-context-menu');
    const table = this.renderRoot.querySelector<RunsTable>('runledger-runs-table');
    void menu?.open(x, y, items, () => table?.focusGrid());
  }

  #export(): void {
    const store = this.#store;
    const runs = store.selected.size > 0 ? [...store.selected] : store.runs;
    const fixed = (['id', 'name', 'status'] as const).map((name): FieldModel => ({ kind: 'attribute', name }));
    const columns = [...fixed, ...store.columns].map((field) => ({ label: fullLabel(field), field }));
    store.client.act({ action: 'exportCsv', runs, columns });
  }

  async #openRun(run: number): Promise<void> {
    const row =
      this.#store.rows.get(run) ?? (await this.#store.client.request('rows', { runs: [run], columns: [] }))[0];
    if (row !== undefined) {
      this.#store.client.act({ action: 'openRun', runId: row.id });
    }
  }

  /** How many runs match, once they are known: the table itself says nothing to a screen reader that is elsewhere. */
  #announce(): void {
    const { listing, problem } = this.#store;
    if (problem === undefined && listing !== undefined) {
      this.announcement = `${formatCount(listing.runs.length)} of ${formatCount(listing.total)} runs`;
    }
  }
}

customElements.define('runledger-experiment-page', ExperimentPage);
