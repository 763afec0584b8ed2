import type { RunsTable } from './runsTable.ts';
import { nameField } from './tableHead.ts';
import type { TableItem } from './tableItems.ts';
import { movedColumns } from './tableLayout.ts';

/** How far Page Up and Page Down go. */
const PAGE = 20;

/** By how much a key makes a column wider, in CSS pixels. */
export const WIDER = 24;

/** The active line and cell of the table, and what keys and clicks make of the selection. */
export class TableKeys {
  readonly #table: RunsTable;
  #active: number | undefined;
  #column = -1;
  /** Where a range begins that Shift extends. */
  #anchor = 0;

  constructor(table: RunsTable) {
    this.#table = table;
  }

  /** The place of the active line. */
  get active(): number | undefined {
    return this.#active;
  }

  /** The place of the active cell among the columns; -1: the run's name. */
  get column(): number {
    return this.#column;
  }

  get activeId(): string | undefined {
    if (this.#active === undefined) {
      return undefined;
    }
    return this.#column < 0 ? `line-${this.#active}` : `cell-${this.#active}-${this.#column}`;
  }

  moveTo(index: number, column = this.#column): void {
    this.#active = Math.max(0, Math.min(index, this.#table.store.items.length - 1));
    this.#column = column;
    this.#table.requestUpdate();
  }

  /** A click makes a line the active one; with Ctrl it selects it beside the others, with Shift all up to it. */
  click(index: number, event: MouseEvent): void {
    this.moveTo(index, -1);
    const item = this.#table.store.items[index];
    if (event.shiftKey) {
      this.#selectRange(index);
    } else if (event.ctrlKey || event.metaKey) {
      this.#toggle(index);
    } else if (item?.kind === 'group') {
      this.#table.store.toggleGroup(item.key);
    } else {
      this.#anchor = index;
    }
  }

  clickBox(index: number, event: MouseEvent): void {
    event.stopPropagation();
    this.moveTo(index, -1);
    if (event.shiftKey) {
      this.#selectRange(index);
    } else {
      this.#toggle(index);
    }
  }

  onKey = (event: KeyboardEvent): void => {
    if (this.#press(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  #press(event: KeyboardEvent): boolean {
    const { store } = this.#table;
    const last = store.items.length - 1;
    if (last < 0) {
      return false;
    }
    const active = this.#active ?? -1;
    const moves: Record<string, number> = {
      ArrowDown: Math.min(last, active + 1),
      ArrowUp: Math.max(0, active - 1),
      PageDown: Math.min(last, active + PAGE),
      PageUp: Math.max(0, active - PAGE),
      Home: 0,
      End: last,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      this.moveTo(target);
      this.#table.reveal(target);
      if (event.shiftKey) {
        this.#selectRange(target);
      } else {
        this.#anchor = target;
      }
      return true;
    }
    return this.#pressOn(store.items[active], active, event);
  }

  #pressOn(item: TableItem | undefined, index: number, event: KeyboardEvent): boolean {
    const { store } = this.#table;
    const isCommand = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case 'a':
        if (isCommand) {
          store.select(store.runs);
        }
        return isCommand;
      case 'Escape': {
        const hadSelection = store.selected.size > 0;
        store.select([]);
        return hadSelection;
      }
      case 'ArrowRight':
      case 'ArrowLeft':
        if (item?.kind === 'group' && item.isExpanded !== (event.key === 'ArrowRight')) {
          store.toggleGroup(item.key);
        } else if (item?.kind === 'run') {
          const step = event.key === 'ArrowRight' ? 1 : -1;
          this.moveTo(index, Math.max(-1, Math.min(store.columns.length - 1, this.#column + step)));
        }
        return item !== undefined;
      case ' ':
        this.#toggle(index);
        return true;
      case 'Enter':
        if (item?.kind === 'group') {
          store.toggleGroup(item.key);
        } else if (item !== undefined) {
          const row = store.rows.get(item.run);
          if (row !== undefined) {
            store.client.act({ action: 'openRun', runId: row.id });
          }
        }
        return item !== undefined;
      case 'p':
        if (item?.kind === 'run' && !isCommand) {
          void store.togglePinned(item.run);
          return true;
        }
        return false;
      case 'd':
        if (item?.kind === 'run' && !isCommand) {
          void store.toggleDrawn(item.run);
          return true;
        }
        return false;
      case 'h':
        if (item !== undefined && !isCommand) {
          void store.toggleHidden(store.selected.size > 0 ? [...store.selected] : runsOf(item));
          return true;
        }
        return false;
      case '<':
      case '>':
        return this.#moveColumn(event.key === '<' ? -1 : 1);
      case '+':
      case '-':
        return !isCommand && this.#resizeColumn(event.key === '+' ? WIDER : -WIDER);
      case 's':
      case 'S':
        if (!isCommand) {
          this.#table.sortBy(this.#column, event.shiftKey);
          return true;
        }
        return false;
      case 'Delete':
        store.act('delete', item?.kind === 'run' ? item.run : undefined);
        return true;
      case 'ContextMenu':
      case 'F10':
        if (event.key === 'ContextMenu' || event.shiftKey) {
          this.#openMenu();
          return true;
        }
        return false;
      default:
        return false;
    }
  }

  #moveColumn(by: number): boolean {
    const { store } = this.#table;
    const target = this.#column + by;
    if (this.#column < 0 || target < 0 || target >= store.columns.length) {
      return this.#column >= 0;
    }
    void store.change({ columns: movedColumns(store.columns, this.#column, target) });
    this.#column = target;
    return true;
  }

  #resizeColumn(by: number): boolean {
    const field = this.#table.store.columns[this.#column] ?? nameField;
    this.#table.resize(field, this.#table.widthOf(field) + by);
    return true;
  }

  #openMenu(): void {
    const id = this.activeId;
    const element = id === undefined ? null : this.#table.renderRoot.querySelector(`#${id}`);
    const box = element?.getBoundingClientRect();
    if (box !== undefined) {
      this.#table.openCellMenu(box.left + 16, box.bottom);
    }
  }

  #toggle(index: number): void {
    const { store } = this.#table;
    const runs = runsOf(store.items[index]);
    const isSelected = runs.length > 0 && runs.every((run) => store.selected.has(run));
    const selected = new Set(store.selected);
    for (const run of runs) {
      if (isSelected) {
        selected.delete(run);
      } else {
        selected.add(run);
      }
    }
    this.#anchor = index;
    store.select(selected);
  }

  #selectRange(index: number): void {
    const { store } = this.#table;
    const [from, to] = index < this.#anchor ? [index, this.#anchor] : [this.#anchor, index];
    store.select([...store.selected, ...store.items.slice(from, to + 1).flatMap(runsOf)]);
  }
}

function runsOf(item: TableItem | undefined): readonly number[] {
  return item === undefined ? [] : item.kind === 'group' ? item.group.runs : [item.run];
}
