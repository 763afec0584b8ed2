import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { DocumentModel, MetricModel, RunPageModel, TableModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import type { RunSession } from '../runSession.ts';
import { isTerminal } from '../statusLook.ts';
import { isTableMetric } from '../tabs.ts';
import { type ConfusionMatrix, readConfusionMatrix } from './confusion.ts';
import './confusionMatrix.ts';
import './dataTable.ts';
import { failed, type Loaded } from './loaded.ts';

/** Logged rows and tables, and the documents of known schemas. */
export class TablesTab extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    tables: { state: true },
    matrices: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare tables: ReadonlyMap<string, Loaded<TableModel>>;
  declare matrices: ReadonlyMap<string, Loaded<ConfusionMatrix>>;

  /** Rows that a table had when it was last asked for. */
  readonly #askedCounts = new Map<string, number>();
  #stopListening: (() => void) | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        padding: 12px var(--rl-pad) 24px;
      }
      .matrices {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
      }
      .matrices:not(:empty) {
        margin-bottom: 8px;
      }
      .matrices > * {
        min-width: 0;
      }
      .heading {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(32 * var(--rl-unit));
      }
      .note {
        margin: 0;
        font-size: calc(12 * var(--rl-unit));
        line-height: calc(24 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .document {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(24 * var(--rl-unit));
      }
      section + section,
      .matrices:not(:empty) + section {
        margin-top: 8px;
      }
    `,
  ];

  constructor() {
    super();
    this.tables = new Map();
    this.matrices = new Map();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopListening = this.session.onReload(() => this.#loadAnew());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('model')) {
      for (const metric of this.#tableMetrics()) {
        this.#loadTable(metric);
      }
      for (const document of this.#matrixDocuments()) {
        this.#loadMatrix(document);
      }
    }
  }

  protected override render(): unknown {
    const metrics = this.#tableMetrics();
    const { documents } = this.model.annotations;
    if (metrics.length === 0 && documents.length === 0) {
      return html`<p class="empty">
        ${isTerminal(this.model.state.status) ? 'No tables were logged.' : 'No tables yet.'} Call
        <span class="mono">run.log_row</span>,
        <span class="mono">run.log_table</span> or <span class="mono">run.log_confusion_matrix</span> in the script to see them
        here.
      </p>`;
    }
    const others = documents.filter(({ schema }) => schema !== 'confusion_matrix');
    return html`
      <div class="matrices">${repeat(this.#matrixDocuments(), keyOf, (document) => this.#matrix(document))}</div>
      ${repeat(
        metrics,
        (metric) => metric.name,
        (metric) => this.#table(metric),
      )}
      ${
        others.length === 0
          ? nothing
          : html`<section aria-label="Documents">
              <div class="heading"><h2>Documents</h2><span class="count">${formatCount(others.length)}</span></div>
              ${others.map((document) => this.#document(document))}
            </section>`
      }
    `;
  }

  #matrix(document: DocumentModel): unknown {
    const loaded = this.matrices.get(keyOf(document));
    if (loaded?.kind === 'ready') {
      return html`<runledger-confusion-matrix .name=${document.name} .data=${loaded.value}></runledger-confusion-matrix>`;
    }
    return loaded?.kind === 'failed'
      ? html`<div>${this.#document(document)}<p class="note">${loaded.message}</p></div>`
      : nothing;
  }

  #table(metric: MetricModel): unknown {
    const loaded = this.tables.get(metric.name);
    return html`<section aria-label=${metric.name}>
      <div class="heading" title=${metric.description ?? ''}>
        <h2 class="clip">${metric.name}</h2>
        <span class="count">${formatCount(metric.count)} ${metric.count === 1 ? 'row' : 'rows'}</span>
      </div>
      ${
        loaded?.kind === 'ready'
          ? html`<runledger-data-table .data=${loaded.value} .label=${metric.name}></runledger-data-table>`
          : html`<p class="note">${loaded?.kind === 'failed' ? loaded.message : nothing}</p>`
      }
    </section>`;
  }

  #document(document: DocumentModel): unknown {
    return html`<div class="document">
      ${icon('json')}
      <button
        class="link clip"
        title="Open ${document.path}"
        @click=${() => this.session.act({ action: 'openFile', path: document.path })}
      >${document.name}</button>
      <span class="count">${document.schema.replaceAll('_', ' ')}</span>
    </div>`;
  }

  /** What was asked for before is not answered any more. */
  #loadAnew(): void {
    this.#askedCounts.clear();
    this.matrices = new Map();
    this.requestUpdate('model');
  }

  #tableMetrics(): MetricModel[] {
    return this.model.metrics.filter((metric) => isTableMetric(metric.kind));
  }

  #matrixDocuments(): DocumentModel[] {
    return this.model.annotations.documents.filter(({ schema }) => schema === 'confusion_matrix');
  }

  #loadTable({ name, count }: MetricModel): void {
    if (this.#askedCounts.get(name) === count) {
      return;
    }
    this.#askedCounts.set(name, count);
    this.session.request('table', { metric: name }).then(
      (value) => this.#keepTable(name, { kind: 'ready', value }),
      (error) => this.#keepTable(name, failed(error)),
    );
  }

  #keepTable(name: string, loaded: Loaded<TableModel>): void {
    this.tables = new Map([...this.tables, [name, loaded]]);
  }

  #loadMatrix(document: DocumentModel): void {
    const key = keyOf(document);
    if (this.matrices.has(key)) {
      return;
    }
    this.matrices = new Map([...this.matrices, [key, { kind: 'loading' }]]);
    this.session.request('document', { path: document.path }).then(
      (value) => this.#keepMatrix(key, () => ({ kind: 'ready', value: readConfusionMatrix(value) })),
      (error) => this.#keepMatrix(key, () => failed(error)),
    );
  }

  #keepMatrix(key: string, read: () => Loaded<ConfusionMatrix>): void {
    let loaded: Loaded<ConfusionMatrix>;
    try {
      loaded = read();
    } catch (error) {
      loaded = failed(error);
    }
    this.matrices = new Map([...this.matrices, [key, loaded]]);
  }
}

function keyOf(document: DocumentModel): string {
  return `${document.name}\n${document.path}`;
}

customElements.define('runledger-tables-tab', TablesTab);
