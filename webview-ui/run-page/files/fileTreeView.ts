import { VirtualizerController } from '@tanstack/lit-virtual';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FileModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { fileIcon } from '../../shared/fileIcon.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { type IconName, icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { inputStyles } from '../../shared/inputStyles.ts';
import { type FileRow, fileRows } from './fileTree.ts';

/** Folders with more than this many files start closed. */
const MOST_OPEN = 50;

/** What can be done with each file, beside choosing it. */
export interface FileRowAction {
  readonly icon: IconName;
  readonly label: string;
  readonly run: (path: string) => void;
}

const ROW_HEIGHT = 22;

/** As the style has it: a row grows with the reader's letters. */
function rowHeight(element: HTMLElement): number {
  const base = Number.parseFloat(getComputedStyle(element).getPropertyValue('--vscode-font-size'));
  return Number.isNaN(base) ? ROW_HEIGHT : (ROW_HEIGHT * base) / 13;
}

/**
 * Files by folders, with sizes. Tells of a choice with a `choose-file` event, and with `open-file` where somebody wants the
 * file in an editor: by a double click, or by Enter on what is chosen. Only the rows that are seen exist.
 */
export class FileTree extends LitElement {
  static override properties = {
    files: { attribute: false },
    selected: { type: String },
    closed: { state: true },
    focused: { state: true },
    filter: { state: true },
    label: { type: String },
    rowAction: { attribute: false },
  };
  declare files: readonly FileModel[];
  declare selected: string | undefined;
  declare closed: ReadonlySet<string>;
  declare focused: string | undefined;
  declare filter: string;
  /** What the files are, for screen readers. */
  declare label: string;
  declare rowAction: FileRowAction | undefined;

  readonly #seen = new Set<string>();
  #rows: FileRow[] = [];
  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.renderRoot?.querySelector<HTMLElement>('.scroll') ?? null,
    estimateSize: () => rowHeight(this),
    overscan: 12,
  });

  static override styles = [
    baseStyles,
    inputStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .filter {
        position: relative;
        display: flex;
        flex: none;
        align-items: center;
        height: calc(38 * var(--rl-unit));
        padding: 0 8px;
      }
      .filter .icon {
        position: absolute;
        left: 15px;
        pointer-events: none;
        color: var(--rl-secondary);
      }
      .filter .input {
        width: 100%;
        padding-inline-start: 26px;
      }
      .scroll {
        flex: 1;
        min-height: 0;
        padding: 0 6px 8px;
        overflow: auto;
      }
      .none {
        margin: 8px;
        font-size: calc(12 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      [role='tree'] {
        position: relative;
      }
      .row {
        position: absolute;
        top: 0;
        left: 0;
        right: 0;
        display: flex;
        align-items: center;
        gap: 6px;
        height: calc(22 * var(--rl-unit));
        padding-inline-end: 8px;
        border-radius: var(--rl-radius);
        cursor: pointer;
        user-select: none;
      }
      .row:hover {
        background: var(--vscode-list-hoverBackground, transparent);
        outline: var(--rl-hover-outline);
        outline-offset: -1px;
      }
      .row[aria-selected='true'] {
        background: var(--rl-selected-fill);
        outline: var(--rl-selected-outline);
        outline-offset: -1px;
      }
      .row:focus-visible {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .row-action {
        margin-inline-start: auto;
        opacity: 0;
      }
      .row:hover .row-action,
      .row:focus-visible .row-action {
        opacity: 1;
      }
      .row-action + .size {
        margin-inline-start: 0;
      }
      .size {
        flex: none;
        margin-inline-start: auto;
        font-size: calc(11 * var(--rl-unit));
        color: var(--rl-secondary);
        font-variant-numeric: tabular-nums;
      }
      .twistie {
        width: calc(16 * var(--rl-unit));
      }
    `,
  ];

  constructor() {
    super();
    this.closed = new Set();
    this.focused = undefined;
    this.filter = '';
    this.label = 'Files of the run';
  }

  protected override firstUpdated(): void {
    // The scrolling element exists only now, so the rows that fit can be told only now.
    this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('files')) {
      this.#closeLarge();
    }
    // Not when the reader only scrolls.
    if (['files', 'closed', 'filter'].some((name) => changed.has(name))) {
      const wanted = this.filter.trim().toLowerCase();
      const shown = wanted === '' ? this.files : this.files.filter(({ path }) => path.toLowerCase().includes(wanted));
      // What was found is not hidden in folders that are closed.
      this.#rows = fileRows(shown, wanted === '' ? this.closed : new Set());
    }
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({ ...virtualizer.options, count: this.#rows.length });
  }

  protected override render(): unknown {
    const wanted = this.focused ?? this.selected;
    const tabStop = Math.max(
      0,
      this.#rows.findIndex(({ path }) => path === wanted),
    );
    const virtualizer = this.#virtual.getVirtualizer();
    const items = virtualizer.getVirtualItems();
    return html`
      <div class="filter">
        ${icon('filter', 'small')}
        <input
          class="input short"
          type="text"
          aria-label="Filter files"
          placeholder="Filter files"
          autocomplete="off"
          spellcheck="false"
          .value=${this.filter}
          @input=${(event: InputEvent) => {
            this.filter = (event.target as HTMLInputElement).value;
          }}
        />
      </div>
      <div class="scroll">
        ${this.#rows.length === 0 ? html`<p class="none">No file has this in its path.</p>` : nothing}
        <div
          role="tree"
          aria-label=${this.label}
          @keydown=${this.#onKey}
          ${inlineStyle({ height: `${virtualizer.getTotalSize()}px`, display: this.#rows.length === 0 ? 'none' : 'block' })}
        >
          ${repeat(
            items,
            ({ index }) => this.#rows[index]?.path ?? index,
            ({ index, start }) => {
              const row = this.#rows[index];
              return row === undefined ? nothing : this.#row(row, index === tabStop, start);
            },
          )}
        </div>
      </div>
    `;
  }

  #row(row: FileRow, isTabStop: boolean, start: number): unknown {
    const isFolder = row.kind === 'folder';
    const isClosed = this.closed.has(row.path);
    return html`<div
      class="row"
      role="treeitem"
      data-path=${row.path}
      aria-level=${row.depth + 1}
      aria-expanded=${isFolder ? !isClosed : nothing}
      aria-selected=${!isFolder && row.path === this.selected}
      tabindex=${isTabStop ? 0 : -1}
      title=${row.path}
      ${inlineStyle({ 'padding-inline-start': `${4 + row.depth * 12}px`, transform: `translateY(${start}px)` })}
      @dblclick=${() => this.#open(row)}
      @click=${() => this.#activate(row)}
      @focus=${() => {
        this.focused = row.path;
      }}
    >
      ${isFolder ? icon(isClosed ? 'chevron-right' : 'chevron-down') : html`<span class="twistie"></span>`}
      ${icon(isFolder ? (isClosed ? 'folder' : 'folder-opened') : fileIcon(row.path))}
      <span class="clip">${row.name}</span>
      ${
        isFolder
          ? isClosed
            ? html`<span class="size">${countOf(row.fileCount, 'file')}</span>`
            : nothing
          : html`${this.#rowButton(row)}<span class="size">${formatSize(row.bytes)}</span>`
      }
    </div>`;
  }

  #rowButton(row: FileRow): unknown {
    const { rowAction } = this;
    return rowAction === undefined
      ? nothing
      : html`<button
          class="icon-button row-action"
          tabindex="-1"
          title="${rowAction.label} (Shift+Enter)"
          aria-label="${rowAction.label}: ${row.name}"
          @click=${(event: Event) => {
            event.stopPropagation();
            rowAction.run(row.path);
          }}
        >
          ${icon(rowAction.icon, 'small')}
        </button>`;
  }

  #closeLarge(): void {
    const counts = new Map<string, number>();
    for (const { path } of this.files) {
      const segments = path.split('/').slice(0, -1);
      segments.forEach((_, index) => {
        const folder = segments.slice(0, index + 1).join('/');
        counts.set(folder, (counts.get(folder) ?? 0) + 1);
      });
    }
    const closed = new Set(this.closed);
    for (const [folder, count] of counts) {
      if (!this.#seen.has(folder) && (count > MOST_OPEN || folder === 'images')) {
        closed.add(folder);
      }
      this.#seen.add(folder);
    }
    this.closed = closed;
  }

  #activate(row: FileRow): void {
    this.focused = row.path;
    if (row.kind === 'folder') {
      this.#setClosed(row.path, !this.closed.has(row.path));
    } else {
      this.dispatchEvent(new CustomEvent('choose-file', { detail: row.path }));
    }
  }

  #setClosed(path: string, isClosed: boolean): void {
    const closed = new Set(this.closed);
    if (isClosed) {
      closed.add(path);
    } else {
      closed.delete(path);
    }
    this.closed = closed;
  }

  #open(row: FileRow): void {
    if (row.kind === 'file') {
      this.dispatchEvent(new CustomEvent('open-file', { detail: row.path }));
    }
  }

  #focusRow(index: number): void {
    const place = Math.max(0, Math.min(this.#rows.length - 1, index));
    const path = this.#rows[place]?.path;
    this.#virtual.getVirtualizer().scrollToIndex(place);
    this.focused = path;
    // The row may exist only once it was scrolled to.
    requestAnimationFrame(() =>
      this.updateComplete.then(() => {
        const nodes = this.renderRoot.querySelectorAll<HTMLElement>('.row');
        [...nodes].find((node) => node.dataset.path === path)?.focus();
      }),
    );
  }

  #onKey = (event: KeyboardEvent): void => {
    const node = event.target instanceof HTMLElement ? event.target : undefined;
    const index = this.#rows.findIndex(({ path }) => path === node?.dataset.path);
    const row = this.#rows[index];
    if (row === undefined) {
      return;
    }
    const isFolder = row.kind === 'folder';
    const isClosed = this.closed.has(row.path);
    switch (event.key) {
      case 'ArrowDown':
        this.#focusRow(index + 1);
        break;
      case 'ArrowUp':
        this.#focusRow(index - 1);
        break;
      case 'Home':
        this.#focusRow(0);
        break;
      case 'End':
        this.#focusRow(this.#rows.length - 1);
        break;
      case 'ArrowRight':
        if (isFolder && isClosed) {
          this.#setClosed(row.path, false);
        } else if (isFolder) {
          this.#focusRow(index + 1);
        }
        break;
      case 'ArrowLeft':
        if (isFolder && !isClosed) {
          this.#setClosed(row.path, true);
        } else {
          this.#focusRow(this.#rows.findLastIndex((other, place) => place < index && other.depth < row.depth));
        }
        break;
      case 'Enter':
        if (event.shiftKey && !isFolder && this.rowAction !== undefined) {
          this.rowAction.run(row.path);
        } else if (row.path === this.selected) {
          this.#open(row);
        } else {
          this.#activate(row);
        }
        break;
      case ' ':
        this.#activate(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
}

customElements.define('runledger-file-tree', FileTree);
