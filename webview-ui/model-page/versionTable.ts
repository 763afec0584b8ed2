import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ModelPageModel, ModelVersionModel, UnreadableVersionModel } from '../../src/protocol/modelPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatMetric } from '../shared/formatNumbers.ts';
import { formatSize } from '../shared/formatSizes.ts';
import { formatDate, formatShortDate } from '../shared/formatTimes.ts';
import { icon } from '../shared/icons.ts';
import { inlineStyle } from '../shared/inlineStyle.ts';
import { statusLook } from '../shared/statusLook.ts';
import { bestVersion, chosenMetrics, metricOf, readable } from './chosenMetrics.ts';

const MOST_METRICS = 2;

type Version = ModelVersionModel | UnreadableVersionModel;

/**
 * The versions, the newest first. A row is shown with a click or with the arrow keys (`choose-version`), and marked for a comparison
 * with its box or Space (`mark-version`).
 */
export class VersionTable extends LitElement {
  static override properties = {
    model: { attribute: false },
    selected: { type: Number },
    marked: { attribute: false },
  };
  declare model: ModelPageModel;
  declare selected: number | undefined;
  declare marked: ReadonlySet<number>;

  #metrics: readonly string[] = [];
  #best: ReadonlyMap<string, number | undefined> = new Map();

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow: auto;
        container-type: inline-size;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: calc(12 * var(--rl-unit));
        white-space: nowrap;
      }
      th,
      td {
        height: calc(24 * var(--rl-unit));
        padding: 0 10px;
        line-height: calc(24 * var(--rl-unit));
        text-align: start;
        font-weight: 400;
      }
      th:first-child,
      td:first-child {
        width: calc(16 * var(--rl-unit));
        padding: 0 0 0 var(--rl-pad);
      }
      th:last-child,
      td:last-child {
        padding-inline-end: var(--rl-pad);
      }
      thead th {
        position: sticky;
        z-index: 1;
        top: 0;
        color: var(--rl-secondary);
        background: var(--rl-background);
        box-shadow: inset 0 -1px var(--rl-line);
      }
      .number {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
      .text {
        max-width: calc(200 * var(--rl-unit));
      }
      tbody tr {
        cursor: pointer;
      }
      tbody tr:hover {
        background: var(--vscode-list-hoverBackground, transparent);
        outline: var(--rl-hover-outline);
        outline-offset: -1px;
      }
      tbody tr[aria-selected='true'] {
        background: var(--rl-selected-fill);
        outline: var(--rl-selected-outline);
        outline-offset: -1px;
      }
      tbody tr:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      /* As VS Code draws them: the browser's own follow the system's scheme and not the theme. */
      input {
        display: grid;
        place-content: center;
        width: calc(16 * var(--rl-unit));
        height: calc(16 * var(--rl-unit));
        margin: 0;
        appearance: none;
        color: var(--vscode-checkbox-foreground, var(--vscode-foreground));
        background: var(--vscode-checkbox-background, transparent);
        border: 1px solid var(--vscode-checkbox-border, var(--rl-line-hover));
        border-radius: 3px;
        cursor: pointer;
      }
      input:checked::before {
        content: '\\eab2';
        font: normal calc(14 * var(--rl-unit)) / 1 codicon;
      }
      .version {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        vertical-align: top;
      }
      .version .icon {
        font-size: calc(14 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .tag {
        /* A mark for text from right to left stays in its tag. */
        unicode-bidi: isolate;
        padding: 0 5px;
        margin-inline-end: 4px;
        font-size: calc(11 * var(--rl-unit));
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
      }
      .tags {
        max-width: calc(220 * var(--rl-unit));
      }
      .best {
        color: var(--vscode-charts-green);
      }
      .run {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        max-width: 100%;
        vertical-align: top;
      }
      .run .icon {
        font-size: calc(14 * var(--rl-unit));
        color: var(--status);
      }
      @container (max-width: 900px) {
        .framework {
          display: none;
        }
      }
      @container (max-width: 700px) {
        .tags,
        .second {
          display: none;
        }
        .text {
          max-width: calc(130 * var(--rl-unit));
        }
      }
      @container (max-width: 480px) {
        .size,
        .run-column {
          display: none;
        }
        th,
        td {
          padding: 0 6px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.selected = undefined;
    this.marked = new Set();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('model')) {
      const versions = readable(this.model);
      this.#metrics = chosenMetrics(versions, MOST_METRICS);
      this.#best = new Map(this.#metrics.map((name) => [name, bestVersion(versions, name)]));
    }
  }

  protected override render(): unknown {
    return html`<table role="grid" aria-label="Versions of the model" @keydown=${this.#onKey}>
      <thead>
        <tr>
          <th scope="col"><span class="visually-hidden">Compare</span></th>
          <th scope="col">Version</th>
          <th scope="col" class="tags">Tags</th>
          ${this.#metrics.map(
            (name, index) =>
              html`<th scope="col" class="number text clip ${index > 0 ? 'second' : ''}" title=${name}>${name}</th>`,
          )}
          <th scope="col" class="run-column">Run</th>
          <th scope="col" class="number size">Size</th>
          <th scope="col" class="framework">Framework</th>
          <th scope="col" class="number">Registered</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          this.model.versions,
          ({ version }) => version,
          (version) => this.#row(version),
        )}
      </tbody>
    </table>`;
  }

  #row(version: Version): unknown {
    const isSelected = version.version === this.selected;
    return html`<tr
      aria-selected=${isSelected}
      tabindex=${isSelected ? 0 : -1}
      data-version=${version.version}
      @click=${() => this.#choose(version.version)}
    >
      ${version.kind === 'unreadable' ? this.#unreadableCells(version) : this.#cells(version)}
    </tr>`;
  }

  #unreadableCells({ version, problem }: UnreadableVersionModel): unknown {
    const columns = this.#metrics.length + 5;
    return html`<td></td>
      <td><span class="version">${icon('warning')}${version}</span></td>
      <td colspan=${columns} class="secondary">${problem}</td>`;
  }

  #cells(version: ModelVersionModel): unknown {
    const { tags, bytes, framework, createdTime } = version;
    return html`<td>
        <input
          type="checkbox"
          tabindex="-1"
          aria-label="Compare version ${version.version}"
          title="Compare this version"
          .checked=${this.marked.has(version.version)}
          @click=${(event: Event) => {
            event.stopPropagation();
            this.#mark(version.version);
          }}
        />
      </td>
      <td><span class="version">${icon('package')}${version.version}</span></td>
      <td class="tags clip">
        ${tags.map(
          ([name, value]) =>
            html`<span class="tag" title=${value ? `${name}: ${value}` : name}>${value ? `${name} ${value}` : name}</span>`,
        )}
      </td>
      ${this.#metrics.map((name, index) => this.#metricCell(version, name, index))}
      <td class="run-column text clip">${this.#run(version)}</td>
      <td class="number size">${formatSize(bytes)}</td>
      <td class="framework text clip" title=${framework ?? ''}>${framework ?? ''}</td>
      <td class="number" title=${formatDate(createdTime)}>${formatShortDate(createdTime, Date.now() / 1000)}</td>`;
  }

  #metricCell(version: ModelVersionModel, name: string, index: number): unknown {
    const value = metricOf(version, name);
    const isBest = this.#best.get(name) === version.version;
    return html`<td class="number ${index > 0 ? 'second' : ''}" title=${value ?? ''}>
      ${isBest ? html`<span class="best" title="The best of all versions" aria-hidden="true">◇</span><span class="visually-hidden">best </span> ` : nothing}${
        value === undefined ? nothing : formatMetric(value)
      }
    </td>`;
  }

  #run({ run, runId, path }: ModelVersionModel): unknown {
    if (run === undefined) {
      const text = runId === undefined ? 'from a file' : this.model.hasRuns ? `${runId} (deleted)` : runId;
      return html`<span class="secondary" title=${runId ?? path ?? ''}>${text}</span>`;
    }
    const look = statusLook(run.status);
    return html`<span class="run" title="${run.experiment}, ${run.label}: ${look.label}" ${inlineStyle({ '--status': look.colour })}>
      ${icon(look.icon, look.spins ? 'spin' : '')}<span class="clip">${run.label}</span>
    </span>`;
  }

  #choose(version: number): void {
    this.dispatchEvent(new CustomEvent('choose-version', { detail: version }));
  }

  #mark(version: number): void {
    this.dispatchEvent(new CustomEvent('mark-version', { detail: version }));
  }

  #onKey = (event: KeyboardEvent): void => {
    const { versions } = this.model;
    const place = versions.findIndex(({ version }) => version === this.selected);
    const at = (index: number): void => {
      const next = versions[Math.max(0, Math.min(versions.length - 1, index))];
      if (next !== undefined) {
        this.#choose(next.version);
        void this.updateComplete.then(() =>
          this.renderRoot.querySelector<HTMLElement>(`tr[data-version='${next.version}']`)?.focus(),
        );
      }
    };
    switch (event.key) {
      case 'ArrowDown':
        at(place + 1);
        break;
      case 'ArrowUp':
        at(place - 1);
        break;
      case 'Home':
        at(0);
        break;
      case 'End':
        at(versions.length - 1);
        break;
      case ' ':
        if (versions[place]?.kind === 'version') {
          this.#mark(versions[place].version);
        }
        break;
      default:
        return;
    }
    event.preventDefault();
  };
}

customElements.define('runledger-version-table', VersionTable);
