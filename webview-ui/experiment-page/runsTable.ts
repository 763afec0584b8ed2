import { VirtualizerController } from '@tanstack/lit-virtual';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FieldModel, RowModel } from '../../src/protocol/experimentPage.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatCount, scalarToText } from '../shared/formatNumbers.ts';
import { icon } from '../shared/icons.ts';
import { inlineStyle } from '../shared/inlineStyle.ts';
import { motion } from '../shared/motion.ts';
import { isTerminal, statusLook } from '../shared/statusLook.ts';
import { cellText, isBest, statisticsCell } from './cells.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { descendsFirst, fieldKey, fieldLabel, isNumeric } from './fields.ts';
import { runsTableStyles } from './runsTableStyles.ts';
import { checkbox, nameField, startsGroup, TableHead } from './tableHead.ts';
import { nextSort, type TableItem } from './tableItems.ts';
import { TableKeys } from './tableKeys.ts';
import { checkWidth, chosenWidth, columnWidth, fittedWidth, nameWidth, swatchWidth, withWidth } from './tableLayout.ts';

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 27;

/** Where a menu opens, and what for. */
export interface CellMenuRequest {
  readonly x: number;
  readonly y: number;
  readonly row: RowModel;
  readonly field: FieldModel | undefined;
  readonly value: WireScalar;
}

/**
 * The runs of an experiment, of which only the rows in sight exist. One tab stop: arrows move, Space selects, Enter opens.
 *
 * Fires `cell-menu` with a {@link CellMenuRequest}, `head-menu` with a field and a place, `delete-runs`, and `run-hover` with the key of a run.
 */
export class RunsTable extends LitElement {
  static override properties = {
    store: { attribute: false },
    version: { attribute: false },
    colours: { attribute: false },
    isNarrow: { type: Boolean },
  };
  declare store: ExperimentStore;
  /** Changes with whatever the table shows of the store. */
  declare version: number;
  declare colours: readonly string[];
  declare isNarrow: boolean;

  readonly #keys = new TableKeys(this);
  readonly #head = new TableHead(this);
  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.renderRoot?.querySelector<HTMLElement>('.scroll') ?? null,
    estimateSize: () => ROW_HEIGHT,
    paddingStart: 0,
    scrollPaddingStart: HEAD_HEIGHT,
    overscan: 12,
  });
  #ticker: ReturnType<typeof setInterval> | undefined;
  #hovered: number | undefined;

  static override styles = [baseStyles, runsTableStyles];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  protected override willUpdate(): void {
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({ ...virtualizer.options, count: this.store.items.length });
  }

  protected override firstUpdated(): void {
    // The scrolling element exists only now, so the rows that fit can be told only now.
    this.requestUpdate();
  }

  protected override updated(_changed: PropertyValues): void {
    const rows = this.#itemsInSight().flatMap((item) => (item.kind === 'run' ? [item.run] : []));
    this.store.rows.want(rows);
    const isLive = rows.some((run) => {
      const row = this.store.rows.get(run);
      return row !== undefined && !isTerminal(row.status);
    });
    if (isLive && this.#ticker === undefined) {
      this.#ticker = setInterval(() => document.hidden || this.requestUpdate(), 1000);
    } else if (!isLive) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
  }

  #itemsInSight(): readonly TableItem[] {
    const { items } = this.store;
    return this.#virtual
      .getVirtualizer()
      .getVirtualItems()
      .flatMap(({ index }) => items[index] ?? []);
  }

  focusGrid(): void {
    this.renderRoot.querySelector<HTMLElement>('.scroll')?.focus();
  }

  /** What a click on a header does. @param column -1: the run's name */
  sortBy(column: number, isAdded: boolean): void {
    const field = this.store.columns[column] ?? { kind: 'attribute', name: 'name' };
    const { sort } = this.store.layout;
    void this.store.change({ sort: nextSort(sort, field, descendsFirst(field), isAdded) });
  }

  /** Of a column as it is now, in CSS pixels. */
  widthOf(field: FieldModel): number {
    const isName = fieldKey(field) === fieldKey(nameField);
    return (
      this.#head.drag.widthOf(field) ??
      (isName
        ? (chosenWidth(this.store.layout.widths ?? [], field) ?? nameWidth(this.isNarrow))
        : columnWidth(field, this.store))
    );
  }

  /** Gives a column the width of its widest cell in sight, or of its header. */
  fitColumn(field: FieldModel): void {
    const column = this.store.columns.findIndex((known) => fieldKey(known) === fieldKey(field));
    const place = column === -1 ? 'name' : `column-${column}`;
    const head = this.renderRoot.querySelectorAll<HTMLElement>(`.head [data-column='${column}'] button`);
    const cells = this.renderRoot.querySelectorAll<HTMLElement>(`.line .${place}`);
    this.resize(field, fittedWidth([...head, ...cells]));
  }

  /** @param width undefined: as the table chooses */
  resize(field: FieldModel, width: number | undefined): void {
    void this.store.change({ widths: withWidth(this.store.layout.widths ?? [], field, width) });
  }

  openHeadMenu(x: number, y: number, field: FieldModel): void {
    this.#fire('head-menu', { x, y, field });
  }

  /** Brings a line into sight. */
  reveal(index: number): void {
    this.#virtual.getVirtualizer().scrollToIndex(index, { align: 'auto' });
  }

  protected override render(): unknown {
    const { store } = this;
    const { columns, items } = store;
    const virtualizer = this.#virtual.getVirtualizer();
    const widths = [checkWidth, swatchWidth, ...[nameField, ...columns].map((field) => this.widthOf(field))];
    const total = widths.reduce((sum, width) => sum + width, 0);
    const styles = {
      '--rl-columns': `${widths.map((width) => `${width}px`).join(' ')} 1fr`,
      '--rl-width': `${total}px`,
    };
    const now = Date.now() / 1000;
    return html`<div
      class="scroll"
      role=${store.layout.groupBy.length > 0 ? 'treegrid' : 'grid'}
      tabindex="0"
      aria-label="Runs"
      aria-multiselectable="true"
      aria-rowcount=${items.length + 1}
      aria-colcount=${columns.length + 3}
      aria-activedescendant=${this.#keys.activeId ?? nothing}
      ${inlineStyle(styles)}
      @keydown=${this.#keys.onKey}
      @scroll=${this.#onScroll}
      @pointerleave=${() => this.#tellHover(undefined)}
    >
      ${this.#head.render(columns)}
      <div class="body" role="rowgroup" ${inlineStyle({ height: `${virtualizer.getTotalSize()}px` })}>
        ${repeat(
          virtualizer.getVirtualItems(),
          ({ index }) => keyOf(items[index]),
          ({ index, start }) => {
            const item = items[index];
            return item === undefined ? nothing : this.#line(item, index, start, columns, now);
          },
        )}
      </div>
    </div>`;
  }

  #line(item: TableItem, index: number, start: number, columns: readonly FieldModel[], now: number): unknown {
    const isActive = this.#keys.active === index;
    const place = inlineStyle({ transform: `translateY(${start}px)` });
    if (item.kind === 'group') {
      return this.#groupLine(item, index, place, columns, isActive);
    }
    const { store } = this;
    const row = store.rows.get(item.run);
    const isSelected = store.selected.has(item.run);
    const next = store.items[index + 1];
    const isLastPinned = item.isPinned && !(next?.kind === 'run' && next.isPinned);
    const classes = [
      'line',
      isSelected ? 'selected' : '',
      isActive ? 'active' : '',
      isLastPinned ? 'last-pinned' : '',
      store.hidden.has(item.run) ? 'hidden' : '',
    ];
    return html`<div
      class=${classes.join(' ')}
      id="line-${index}"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${isSelected}
      ${place}
      @click=${(event: MouseEvent) => this.#keys.click(index, event)}
      @dblclick=${() => row !== undefined && store.client.act({ action: 'openRun', runId: row.id })}
      @pointerenter=${() => this.#tellHover(item.run)}
    >
      <div class="stays" role="none">
        <div class="cell check" role="gridcell" @click=${(event: MouseEvent) => this.#keys.clickBox(index, event)}>
          ${checkbox(isSelected ? 'all' : 'none')}
        </div>
        ${this.#swatch(item.run, row)}
        <div
          class="cell name ${item.isInGroup ? 'in-group' : ''}"
          role="gridcell"
          @contextmenu=${(event: MouseEvent) => this.#cellMenu(event, index, -1)}
        >
          ${row === undefined ? nothing : nameCell(row, item.isPinned)}
        </div>
      </div>
      ${columns.map((field, column) => this.#cell(field, row, index, column, columns, now))}
    </div>`;
  }

  #cell(
    field: FieldModel,
    row: RowModel | undefined,
    index: number,
    column: number,
    columns: readonly FieldModel[],
    now: number,
  ): unknown {
    const isActive = this.#keys.active === index && this.#keys.column === column;
    const classes = `cell column-${column} ${isNumeric(field) ? 'number' : ''} ${startsGroup(columns, column)} ${isActive ? 'active' : ''}`;
    if (row === undefined) {
      return html`<div class=${classes} role="gridcell"></div>`;
    }
    const value = row.values[column] ?? null;
    const { text, full, isMissing } = cellText(field, value, row, now);
    const best = isBest(field, value, this.store.totals?.statistics[column]);
    return html`<div
      class="${classes} ${best ? 'best' : ''} ${isMissing ? 'missing' : ''}"
      id="cell-${index}-${column}"
      role="gridcell"
      title=${full}
      @contextmenu=${(event: MouseEvent) => this.#cellMenu(event, index, column)}
    >${best ? html`<span class="diamond" aria-label="best">◇</span> ` : nothing}${text}</div>`;
  }

  #groupLine(
    item: Extract<TableItem, { kind: 'group' }>,
    index: number,
    place: unknown,
    columns: readonly FieldModel[],
    isActive: boolean,
  ): unknown {
    const { store } = this;
    const { group, isExpanded } = item;
    const isSelected = group.runs.every((run) => store.selected.has(run));
    const names = store.layout.groupBy.map((field, at) => {
      const value = group.values[at] ?? null;
      return value === null ? `no ${fieldLabel(field)}` : scalarToText(value);
    });
    return html`<div
      class="line group ${isActive ? 'active' : ''}"
      id="line-${index}"
      role="row"
      aria-rowindex=${index + 2}
      aria-expanded=${isExpanded}
      aria-selected=${isSelected}
      ${place}
      @click=${(event: MouseEvent) => this.#keys.click(index, event)}
    >
      <div class="stays" role="none">
        <div class="cell check" role="gridcell" @click=${(event: MouseEvent) => this.#keys.clickBox(index, event)}>
          ${checkbox(isSelected ? 'all' : group.runs.some((run) => store.selected.has(run)) ? 'some' : 'none')}
        </div>
        <div class="cell swatch" role="gridcell"></div>
        <div class="cell name" role="gridcell" title=${names.join(', ')}>
          ${icon(isExpanded ? 'chevron-down' : 'chevron-right', 'small')}
          <span class="clip">${names.join(', ')}</span><span class="count">${formatCount(group.runs.length)}</span>
        </div>
      </div>
      ${columns.map(
        (field, column) => html`<div
          class="cell column-${column} ${isNumeric(field) ? 'number' : ''} ${startsGroup(columns, column)}"
          role="gridcell"
        >${
          isNumeric(field) && !(field.kind === 'attribute' && field.name === 'number')
            ? statisticsCell(field, group.statistics[column], store.totals?.statistics[column])
            : nothing
        }</div>`,
      )}
    </div>`;
  }

  #swatch(run: number, row: RowModel | undefined): unknown {
    const slot = this.store.drawn.find((drawn) => drawn.run === run)?.slot;
    const label = slot === undefined ? 'Draw its curves' : 'Take its curves away';
    return html`<div
      class="cell swatch"
      role="gridcell"
      title=${label}
      @click=${(event: MouseEvent) => {
        event.stopPropagation();
        void this.store.toggleDrawn(run);
      }}
    >
      ${
        row === undefined
          ? nothing
          : html`<span
            class="dot ${slot === undefined ? '' : 'drawn'}"
            role="img"
            aria-label=${slot === undefined ? 'not drawn' : 'drawn'}
            ${inlineStyle(slot === undefined ? {} : { '--dot': this.colours[slot % this.colours.length] ?? '' })}
          ></span>`
      }
    </div>`;
  }

  #cellMenu(event: MouseEvent, index: number, column: number): void {
    event.preventDefault();
    this.#keys.moveTo(index, column);
    this.openCellMenu(event.clientX, event.clientY);
  }

  /** Opens the menu of the active cell at a place of the page. */
  openCellMenu(x: number, y: number): void {
    const item = this.store.items[this.#keys.active ?? -1];
    const row = item?.kind === 'run' ? this.store.rows.get(item.run) : undefined;
    if (row !== undefined) {
      const column = this.#keys.column;
      const field = this.store.columns[column];
      const request: CellMenuRequest = { x, y, row, field, value: row.values[column] ?? null };
      this.#fire('cell-menu', request);
    }
  }

  #onScroll = (event: Event): void => {
    if (event.currentTarget instanceof HTMLElement) {
      const { scrollTop, scrollLeft } = event.currentTarget;
      this.store.isAtTop = scrollTop === 0;
      event.currentTarget.toggleAttribute('data-sideways', scrollLeft > 0);
    }
  };

  /** Rows that pass under a pointer that rests are not what the reader points at. */
  #tellHover(run: number | undefined): void {
    if (run !== this.#hovered && (run === undefined || !motion.isMoving)) {
      this.#hovered = run;
      this.#fire('run-hover', run);
    }
  }

  #fire(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

function nameCell(row: RowModel, isPinned: boolean): unknown {
  const look = statusLook(row.status);
  return html`<span class="visually-hidden">${look.label}</span>
    <span class="status" ${inlineStyle({ '--status': look.colour })}>${icon(look.icon, look.spins ? 'small spin' : 'small')}</span>
    <span class="clip" title=${row.problem ?? `${row.label}\n${look.label}, ${row.id}`}>${row.label}</span>
    ${isPinned ? icon('pinned', 'pin') : nothing}`;
}

function keyOf(item: TableItem | undefined): string {
  return item === undefined ? '' : item.kind === 'group' ? `g${item.key}` : `${item.isPinned ? 'p' : 'r'}${item.run}`;
}

customElements.define('runledger-runs-table', RunsTable);
