import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import { fieldKey } from './fields.ts';
import type { RunsTable } from './runsTable.ts';
import { leastColumnWidth, movedColumns, withWidth } from './tableLayout.ts';

/** A press that moves less than this many pixels is a click. */
const CLICK_REACH = 4;

type Drag =
  | { readonly kind: 'column'; readonly column: number; readonly x: number; target: number | undefined }
  | { readonly kind: 'edge'; readonly field: FieldModel; readonly x: number; readonly width: number; current: number };

/** What the pointer does with columns: moves one to another place, or its edge. */
export class ColumnDrag {
  readonly #table: RunsTable;
  #drag: Drag | undefined;
  #hasMoved = false;

  constructor(table: RunsTable) {
    this.#table = table;
  }

  /** Whether the press that ended last was no click. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** The width that a column has while its edge is dragged. */
  widthOf(field: FieldModel): number | undefined {
    return this.#drag?.kind === 'edge' && fieldKey(this.#drag.field) === fieldKey(field)
      ? this.#drag.current
      : undefined;
  }

  /** At which side of a column the one that is dragged would stand, as a class. */
  markOf(column: number): string {
    const drag = this.#drag;
    if (drag?.kind !== 'column' || drag.target === undefined || drag.target === drag.column) {
      return drag?.kind === 'column' && drag.column === column && this.#hasMoved ? 'dragged' : '';
    }
    return drag.target === column ? (drag.target < drag.column ? 'drop-before' : 'drop-after') : '';
  }

  press(event: PointerEvent, column: number): void {
    this.#hasMoved = false;
    if (event.button === 0 && column >= 0) {
      capture(event);
      this.#drag = { kind: 'column', column, x: event.clientX, target: undefined };
    }
  }

  pressEdge(event: PointerEvent, field: FieldModel): void {
    this.#hasMoved = false;
    if (event.button === 0) {
      event.stopPropagation();
      capture(event);
      const width = this.#table.widthOf(field);
      this.#drag = { kind: 'edge', field, x: event.clientX, width, current: width };
    }
  }

  readonly move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === undefined || (!this.#hasMoved && Math.abs(event.clientX - drag.x) < CLICK_REACH)) {
      return;
    }
    this.#hasMoved = true;
    if (drag.kind === 'edge') {
      drag.current = Math.max(leastColumnWidth, Math.round(drag.width + event.clientX - drag.x));
    } else {
      drag.target = this.#columnAt(event);
    }
    this.#table.requestUpdate();
  };

  readonly release = (): void => {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined || !this.#hasMoved) {
      return;
    }
    const { store } = this.#table;
    if (drag.kind === 'edge') {
      void store.change({ widths: withWidth(store.layout.widths ?? [], drag.field, drag.current) });
    } else if (drag.target !== undefined && drag.target !== drag.column) {
      void store.change({ columns: movedColumns(store.columns, drag.column, drag.target) });
    }
    this.#table.requestUpdate();
  };

  readonly cancel = (): void => {
    this.#drag = undefined;
    this.#table.requestUpdate();
  };

  /** The column under the pointer; above the run's name, the first. */
  #columnAt({ clientX }: PointerEvent): number | undefined {
    const cells = [...this.#table.renderRoot.querySelectorAll<HTMLElement>('.head [data-column]')];
    const name = cells.find((cell) => cell.dataset.column === '-1');
    if (name !== undefined && clientX < name.getBoundingClientRect().right) {
      return 0;
    }
    const under = cells.find((cell) => {
      const { left, right } = cell.getBoundingClientRect();
      return cell !== name && clientX >= left && clientX < right;
    });
    return under === undefined ? undefined : Number(under.dataset.column);
  }
}

function capture(event: PointerEvent): void {
  if (event.currentTarget instanceof HTMLElement) {
    event.currentTarget.setPointerCapture(event.pointerId);
  }
}
