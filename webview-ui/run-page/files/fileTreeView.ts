import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FileModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { fileIcon } from './fileIcon.ts';
import { type FileRow, fileRows } from './fileTree.ts';
import { isLog } from './logFiles.ts';

/** Folders with more than this many files start closed. */
const MOST_OPEN = 50;

/** Files by folders, with sizes. Tells of a choice with a `choose-file` event. */
export class FileTree extends LitElement {
  static override properties = {
    files: { attribute: false },
    selected: { type: String },
    closed: { state: true },
    focused: { state: true },
  };
  declare files: readonly FileModel[];
  declare selected: string | undefined;
  declare closed: ReadonlySet<string>;
  declare focused: string | undefined;

  readonly #seen = new Set<string>();
  #rows: FileRow[] = [];

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        padding: 8px 6px;
      }
      .row {
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
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('files')) {
      this.#closeLarge();
    }
    this.#rows = fileRows(this.files, this.closed);
  }

  protected override render(): unknown {
    const tabStop = this.focused ?? this.selected ?? this.#rows[0]?.path;
    return html`<div role="tree" aria-label="Files of the run" @keydown=${this.#onKey}>
      ${repeat(
        this.#rows,
        (row) => row.path,
        (row) => this.#row(row, row.path === tabStop),
      )}
    </div>`;
  }

  #row(row: FileRow, isTabStop: boolean): unknown {
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
      title=${isFolder ? row.path : isLog(row.path) ? row.path : `Open ${row.path}`}
      ${inlineStyle({ 'padding-inline-start': `${4 + row.depth * 12}px` })}
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
          : html`<span class="size">${formatSize(row.bytes)}</span>`
      }
    </div>`;
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

  #focusRow(index: number): void {
    const row = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, index))];
    const nodes = this.renderRoot.querySelectorAll<HTMLElement>('.row');
    [...nodes].find((node) => node.dataset.path === row?.path)?.focus();
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
