import { html, LitElement, nothing } from 'lit';
import type {
  ComparedValuesModel,
  CompareModel,
  ComparePageAction,
  ComparePageRequests,
  ComparePageState,
  ComparePageToHost,
  HostToComparePage,
} from '../../src/protocol/comparePage.ts';
import { curveLook } from '../charts/curves.ts';
import type { OverlaidRun, RequestSeries } from '../charts/overlaidChart.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { icon } from '../shared/icons.ts';
import { RequestClient } from '../shared/requests.ts';
import { isTerminal } from '../shared/statusLook.ts';
import { ThemeWatcher } from '../shared/theme.ts';
import { acquireApi } from '../shared/vscodeApi.ts';
import { durationCell, metricLine, runHead, valueCell } from './compareCells.ts';
import './comparedCurves.ts';
import { chartsAtFirst } from './comparedCurves.ts';
import { ComparedParts } from './comparedParts.ts';
import { changedPaths, codeRows } from './compareFiles.ts';
import { imageRows, imageSteps, placeOfStep, stepSlider } from './compareImages.ts';
import { differs, metricRow, wantedRows } from './compareRows.ts';
import { compareStyles } from './compareStyles.ts';
import { RunDrop } from './runDrop.ts';

/** With more runs, what has to be asked for run by run waits until a section is unfolded. */
const RUNS_AT_ONCE = 6;

type Section = 'parameters' | 'metrics' | 'curves' | 'images' | 'tables' | 'code' | 'attributes' | 'tags';

/** Runs side by side: what they were given, what came of it, their curves and images. */
export class ComparePage extends LitElement {
  static override properties = {
    model: { state: true },
    gone: { state: true },
    baseline: { state: true },
    onlyDifferences: { state: true },
    search: { state: true },
    folded: { state: true },
    step: { state: true },
    showsAllCharts: { state: true },
    focused: { state: true },
    dataVersion: { state: true },
  };
  declare model: CompareModel | undefined;
  declare gone: string | undefined;
  /** Id of the run that the others are held against; undefined: the first. */
  declare baseline: string | undefined;
  declare onlyDifferences: boolean;
  declare search: string;
  declare folded: ReadonlySet<Section>;
  declare step: number;
  declare showsAllCharts: boolean;
  declare focused: string | undefined;
  declare dataVersion: number;

  readonly #api = acquireApi<ComparePageState>();
  readonly #requests = new RequestClient<ComparePageRequests>((message) => this.#api.postMessage(message));
  readonly #drop = new RunDrop(() => this.#act({ action: 'dropRuns' }));
  readonly #theme = new ThemeWatcher();
  readonly #parts = new ComparedParts(this.#requests, () => this.requestUpdate());
  readonly #request: RequestSeries = (runId, metric, range, signal) =>
    this.#requests.request('series', { runId, metric, ...range }, signal);

  static override styles = [baseStyles, compareStyles];

  constructor() {
    super();
    this.model = undefined;
    this.gone = undefined;
    this.baseline = undefined;
    this.onlyDifferences = true;
    this.search = '';
    this.folded = new Set();
    this.step = Number.MAX_SAFE_INTEGER;
    this.showsAllCharts = false;
    this.focused = undefined;
    this.dataVersion = 0;
    this.#theme.onChange(() => this.requestUpdate());
    window.addEventListener('message', (event: MessageEvent<HostToComparePage>) => this.#receive(event.data));
    this.#drop.listen(this);
    this.#post({ type: 'ready' });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'main';
  }

  protected override render(): unknown {
    if (this.gone !== undefined) {
      return html`<div class="empty" role="alert">${icon('info')} ${this.gone}</div>`;
    }
    const { model } = this;
    if (model === undefined) {
      return html`<p class="empty">Loading the runs…</p>`;
    }
    const base = this.#base(model);
    return html`
      ${this.#top(model, base)} ${this.#tools()}
      <div class="scroll" tabindex="0" role="region" aria-label="Comparison">
        <table>
          <colgroup>
            <col class="names" />
            ${model.runs.map(() => html`<col class="run" />`)}
          </colgroup>
          <thead>
            <tr>
              <th scope="col"><span class="secondary">Changes against the baseline</span></th>
              ${model.runs.map((run, index) =>
                runHead(run, {
                  isBaseline: index === base,
                  isAlone: model.runs.length < 2,
                  colour: curveLook(run.slot, this.#theme.current.series).colour,
                  open: () => this.#act({ action: 'openRun', runId: run.id }),
                  remove: () => this.#act({ action: 'removeRun', runId: run.id }),
                  makeBaseline: () => {
                    this.baseline = run.id;
                  },
                  focus: (isFocused) => this.#focus(isFocused ? run.id : undefined),
                }),
              )}
            </tr>
          </thead>
          ${this.#values('parameters', 'Parameters', model.parameters, model, base)}
          ${this.#metrics(model, base)} ${this.#curves(model)} ${this.#images(model)}
          ${this.#tables(model, base)} ${this.#code(model, base)}
          ${this.#values('attributes', 'Attributes', model.attributes, model, base)}
          ${this.#values('tags', 'Tags', model.tags, model, base)}
        </table>
      </div>
    `;
  }

  #top(model: CompareModel, base: number): unknown {
    const baseline = model.runs[base];
    const others = model.runs.filter((run) => run !== baseline && run.hasSnapshot);
    return html`<div class="top">
      <h1>Compare ${model.runs.length} ${model.runs.length === 1 ? 'run' : 'runs'}</h1>
      <div class="end">
        <button
          class="button"
          title="Asks for a run. One of the Experiments view can be dragged here too: hold Shift to drop it"
          @click=${() => this.#act({ action: 'addRun' })}
        >${icon('add', 'small')} Add run…</button>
        ${
          baseline?.hasSnapshot !== true || others.length === 0
            ? nothing
            : html`<select
                aria-label="Code differences"
                @change=${(event: Event) => {
                  if (event.target instanceof HTMLSelectElement && event.target.value !== '') {
                    this.#act({ action: 'compareCode', left: baseline.id, right: event.target.value });
                    event.target.value = '';
                  }
                }}
              >
                <option value="">Code differences</option>
                ${others.map((run) => html`<option value=${run.id}>${baseline.label} and ${run.label}</option>`)}
              </select>`
        }
      </div>
    </div>`;
  }

  #tools(): unknown {
    return html`<div class="tools">
      <label>
        <input
          type="checkbox"
          .checked=${this.onlyDifferences}
          @change=${(event: Event) => {
            this.onlyDifferences = event.target instanceof HTMLInputElement && event.target.checked;
          }}
        />
        Only differences
      </label>
      <input
        class="end"
        type="search"
        aria-label="Search names and values"
        placeholder="Search names and values"
        .value=${this.search}
        @input=${(event: Event) => {
          this.search = event.target instanceof HTMLInputElement ? event.target.value : '';
        }}
      />
    </div>`;
  }

  #values(
    section: Section,
    title: string,
    all: readonly ComparedValuesModel[],
    model: CompareModel,
    base: number,
  ): unknown {
    const rows = wantedRows(all, this.search, this.onlyDifferences);
    if (all.length === 0) {
      return nothing;
    }
    const differing = all.filter(({ values }) => differs(values)).length;
    return this.#section(
      section,
      title,
      `${differing} of ${all.length} differ`,
      model.runs.length,
      rows.map(
        ({ name, values }) => html`<tr>
          <th scope="row" class="clip" title=${name}>${name}</th>
          ${values.map((value, index) => valueCell(value, index !== base && differs([value, values[base] ?? null])))}
        </tr>`,
      ),
    );
  }

  #metrics(model: CompareModel, base: number): unknown {
    const all = model.metrics.filter(({ isSystem }) => !isSystem).map(metricRow);
    const rows = wantedRows(all, this.search, this.onlyDifferences);
    const now = Date.now() / 1000;
    return this.#section('metrics', 'Metrics', `${rows.length} of ${all.length}`, model.runs.length, [
      ...rows.map((row) => metricLine(row, base)),
      html`<tr>
        <th scope="row">duration</th>
        ${model.runs.map((run) => durationCell(run, now))}
      </tr>`,
    ]);
  }

  #curves(model: CompareModel): unknown {
    const wanted = this.search.trim().toLowerCase();
    const all = model.metrics.filter(
      ({ isCurve, isSystem, name }) => isCurve && !isSystem && name.toLowerCase().includes(wanted),
    );
    if (all.length === 0) {
      return nothing;
    }
    const runs = model.runs.map(
      ({ id, label, slot, status, started }): OverlaidRun => ({
        id,
        label,
        slot,
        origin: started ?? 0,
        isLive: !isTerminal(status),
      }),
    );
    const shown = this.showsAllCharts ? all.length : Math.min(all.length, chartsAtFirst);
    return this.#section('curves', 'Curves', `${shown} of ${all.length}`, model.runs.length, [
      html`<tr>
        <td class="wide" colspan=${model.runs.length + 1}>
          <runledger-compared-curves
            .metrics=${all.map(({ name }) => name)}
            .showsAll=${this.showsAllCharts}
            .runs=${runs}
            .request=${this.#request}
            .theme=${this.#theme}
            .focused=${this.focused}
            .dataVersion=${this.dataVersion}
            @curve-focus=${(event: CustomEvent<string | undefined>) => this.#focus(event.detail)}
            @show-all=${() => {
              this.showsAllCharts = true;
            }}
          ></runledger-compared-curves>
        </td>
      </tr>`,
    ]);
  }

  #images(model: CompareModel): unknown {
    const steps = imageSteps(model);
    if (steps.length === 0) {
      return nothing;
    }
    const place = placeOfStep(steps, this.step);
    const slider = stepSlider(steps, place, (step) => {
      this.step = step;
    });
    const rows = imageRows(model, steps[place] ?? 0);
    return this.#section('images', 'Images', String(model.images.length), model.runs.length, rows, slider);
  }

  /** What is folded is not asked for. */
  #tables(model: CompareModel, base: number): unknown {
    const wanted = this.search.trim().toLowerCase();
    const tables = model.tables.filter(({ name }) => name.toLowerCase().includes(wanted));
    if (tables.length === 0) {
      return nothing;
    }
    const rows = this.folded.has('tables') ? [] : tables.map((table) => this.#parts.tableRow(table, model, base));
    return this.#section('tables', 'Tables', String(tables.length), model.runs.length, rows);
  }

  #code(model: CompareModel, base: number): unknown {
    if (this.folded.has('code')) {
      return this.#section('code', 'Code', '', model.runs.length, []);
    }
    const columns = this.#parts.codeColumns(model, base);
    if (columns.length === 0) {
      return nothing;
    }
    const left = model.runs[base]?.id ?? '';
    const rows = codeRows(columns, base, ({ id: right }, path) =>
      this.#act({ action: 'compareFile', left, right, path }),
    );
    const count = changedPaths(columns).length;
    return this.#section(
      'code',
      'Code',
      count === 1 ? '1 file differs' : `${count} files differ`,
      model.runs.length,
      rows,
    );
  }

  #section(
    section: Section,
    title: string,
    count: string,
    runCount: number,
    rows: readonly unknown[],
    tools: unknown = nothing,
  ): unknown {
    const isFolded = this.folded.has(section);
    return html`<tbody>
      <tr>
        <th class="section" scope="rowgroup" colspan=${Math.min(2, runCount + 1)}>
          <button
            aria-expanded=${!isFolded}
            @click=${() => {
              const folded = new Set(this.folded);
              if (!folded.delete(section)) {
                folded.add(section);
              }
              this.folded = folded;
            }}
          >${icon(isFolded ? 'chevron-right' : 'chevron-down', 'small')}${title} <span class="count">${count}</span></button>
          ${isFolded ? nothing : tools}
        </th>
      </tr>
      ${isFolded ? nothing : rows}
    </tbody>`;
  }

  #base(model: CompareModel): number {
    return Math.max(
      0,
      model.runs.findIndex(({ id }) => id === this.baseline),
    );
  }

  #focus(runId: string | undefined): void {
    this.focused = runId;
  }

  #act(action: ComparePageAction): void {
    this.#post({ type: 'action', ...action });
  }

  #post(message: ComparePageToHost): void {
    this.#api.postMessage(message);
  }

  #receive(message: HostToComparePage): void {
    switch (message.type) {
      case 'model':
        this.gone = undefined;
        if (this.model === undefined && message.model.runs.length > RUNS_AT_ONCE) {
          this.folded = new Set(['tables', 'code']);
        }
        this.model = message.model;
        this.dataVersion += 1;
        this.#api.setState(message.restore);
        return;
      case 'response':
        this.#requests.settle(message);
        return;
      case 'gone':
        this.gone = message.message;
        return;
      default:
        // A newer host may say more than this page knows.
        message satisfies never;
    }
  }
}

customElements.define('runledger-compare-page', ComparePage);
