import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DocumentModel, MetricModel, RunPageModel, TableModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { isTerminal } from '../../shared/statusLook.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import type { RunSession } from '../runSession.ts';
import { isTableMetric } from '../tabs.ts';
import './confusionMatrix.ts';
import { documentCards, isDrawn, type ReadDocument, readDocument } from './documents/documentCards.ts';
import { failed, type Loaded } from './loaded.ts';
import './tableSection.ts';

/** Logged rows and tables, and the documents of known schemas. */
export class TablesTab extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    tables: { state: true },
    theme: { attribute: false },
    documents: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare tables: ReadonlyMap<string, Loaded<TableModel>>;
  declare theme: ThemeWatcher;
  declare documents: ReadonlyMap<string, Loaded<ReadDocument>>;

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
        flex: none;
        min-width: 0;
        max-width: 100%;
        align-self: flex-start;
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
    this.documents = new Map();
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
      for (const document of this.#drawnDocuments()) {
        this.#loadDocument(document);
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
    const others = documents.filter(({ schema }) => !isDrawn(schema));
    return html`
      <div class="matrices">${repeat(this.#drawnDocuments(), keyOf, (document) => this.#drawn(document))}</div>
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

  #drawn(document: DocumentModel): unknown {
    const loaded = this.documents.get(keyOf(document));
    if (loaded?.kind === 'ready') {
      // Drawn once: a run that goes on tells of other things many times a second.
      return guard([loaded.value], () => documentCards(document.name, loaded.value, this.theme));
    }
    return loaded?.kind === 'failed'
      ? html`<div>${this.#document(document)}<p class="note">${loaded.message}</p></div>`
      : nothing;
  }

  #table(metric: MetricModel): unknown {
    const loaded = this.tables.get(metric.name);
    if (loaded?.kind === 'ready') {
      return html`<section aria-label=${metric.name} title=${metric.description ?? ''}>
        <runledger-table-section .name=${metric.name} .data=${loaded.value} .session=${this.session}></runledger-table-section>
      </section>`;
    }
    return html`<section aria-label=${metric.name}>
      <div class="heading" title=${metric.description ?? ''}>
        <h2 class="clip">${metric.name}</h2>
        <span class="count">${formatCount(metric.count)} ${metric.count === 1 ? 'row' : 'rows'}</span>
      </div>
      <p class="note">${loaded?.kind === 'failed' ? loaded.message : nothing}</p>
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
    this.documents = new Map();
    this.requestUpdate('model');
  }

  #tableMetrics(): MetricModel[] {
    return this.model.metrics.filter((metric) => isTableMetric(metric.kind));
  }

  #drawnDocuments(): DocumentModel[] {
    return this.model.annotations.documents.filter(({ schema }) => isDrawn(schema));
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

  #loadDocument(document: DocumentModel): void {
    const key = keyOf(document);
    if (this.documents.has(key)) {
      return;
    }
    this.documents = new Map([...this.documents, [key, { kind: 'loading' }]]);
    this.session.request('document', { path: document.path }).then(
      (value) => this.#keepDocument(key, () => ({ kind: 'ready', value: readDocument(document.schema, value) })),
      (error) => this.#keepDocument(key, () => failed(error)),
    );
  }

  #keepDocument(key: string, read: () => Loaded<ReadDocument>): void {
    let loaded: Loaded<ReadDocument>;
    try {
      loaded = read();
    } catch (error) {
      loaded = failed(error);
    }
    this.documents = new Map([...this.documents, [key, loaded]]);
  }
}

function keyOf(document: DocumentModel): string {
  return `${document.name}\n${document.path}`;
}

customElements.define('runledger-tables-tab', TablesTab);
