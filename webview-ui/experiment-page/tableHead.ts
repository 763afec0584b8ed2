import { html, nothing } from 'lit';
import type { FieldModel, SortModel } from '../../src/protocol/experimentPage.ts';
import { icon } from '../shared/icons.ts';
import { ColumnDrag } from './columnDrag.ts';
import { fieldKey, fieldLabel, fullLabel, isNumeric, partLabel } from './fields.ts';
import type { RunsTable } from './runsTable.ts';

export const nameField: FieldModel = { kind: 'attribute', name: 'name' };

/** The header of the table of runs: a click sorts, a drag moves a column, its edge makes it wider. */
export class TableHead {
  readonly #table: RunsTable;
  readonly drag: ColumnDrag;

  constructor(table: RunsTable) {
    this.#table = table;
    this.drag = new ColumnDrag(table);
  }

  render(columns: readonly FieldModel[]): unknown {
    const { store } = this.#table;
    const { runs } = store;
    const isAll = runs.length > 0 && store.selected.size === runs.length;
    return html`<div class="head" role="row" aria-rowindex="1">
      <div class="stays" role="none">
        <div class="cell check" role="columnheader">
          <button
            tabindex="-1"
            aria-label=${isAll ? 'Select no run' : 'Select all runs'}
            title=${isAll ? 'Select no run' : 'Select all runs'}
            @click=${() => store.select(isAll ? [] : runs)}
          >${checkbox(isAll ? 'all' : store.selected.size > 0 ? 'some' : 'none')}</button>
        </div>
        <div class="cell swatch" role="columnheader"><span class="visually-hidden">Curve</span></div>
        ${this.#cell(nameField, -1, 'Run', 'name')}
      </div>
      ${columns.map((field, place) =>
        this.#cell(
          field,
          place,
          fieldLabel(field),
          `${isNumeric(field) ? 'number' : ''} ${startsGroup(columns, place)}`,
        ),
      )}
    </div>`;
  }

  #cell(field: FieldModel, column: number, label: string, classes: string): unknown {
    const { sort } = this.#table.store.layout;
    const rank = sort.findIndex((key) => fieldKey(key.field) === fieldKey(field));
    const key: SortModel | undefined = sort[rank];
    const direction = key === undefined ? 'none' : key.isDescending ? 'descending' : 'ascending';
    const part = partLabel(field);
    const { drag } = this;
    return html`<div class="cell ${classes} ${drag.markOf(column)}" role="columnheader" aria-sort=${direction} data-column=${column}>
      <button
        tabindex="-1"
        title=${`${fullLabel(field)}\nClick sorts, Shift+click sorts by it after the others${column < 0 ? '' : ', a drag moves it'}`}
        @pointerdown=${(event: PointerEvent) => drag.press(event, column)}
        @pointermove=${drag.move}
        @pointerup=${drag.release}
        @pointercancel=${drag.cancel}
        @click=${(event: MouseEvent) => {
          if (!drag.hasMoved) {
            this.#table.sortBy(column, event.shiftKey);
          }
        }}
        @contextmenu=${(event: MouseEvent) => {
          event.preventDefault();
          this.#table.openHeadMenu(event.clientX, event.clientY, field);
        }}
      >
        <span class="clip">${label}</span>${part === '' ? nothing : html`<span class="part">${part}</span>`}
        ${
          key === undefined
            ? nothing
            : html`${icon('arrow-down', key.isDescending ? '' : 'up')}${sort.length > 1 ? html`<span class="rank">${rank + 1}</span>` : nothing}`
        }
      </button>
      <span
        class="edge"
        title="Drag to resize, double click to fit"
        @pointerdown=${(event: PointerEvent) => drag.pressEdge(event, field)}
        @pointermove=${drag.move}
        @pointerup=${drag.release}
        @pointercancel=${drag.cancel}
        @dblclick=${() => this.#table.fitColumn(field)}
      ></span>
    </div>`;
  }
}

export function checkbox(state: 'all' | 'some' | 'none'): unknown {
  return html`<span class="box" aria-hidden="true">${state === 'all' ? icon('check') : state === 'some' ? '−' : nothing}</span>`;
}

/** A line stands between groups of columns: attributes, parameters, tags, metrics. */
export function startsGroup(columns: readonly FieldModel[], place: number): string {
  return place > 0 && columns[place]?.kind !== columns[place - 1]?.kind ? 'starts' : '';
}
