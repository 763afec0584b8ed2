/** The rows of a table: a fold over its records, whatever order they are read in. */
import type { Scalar, TableData } from '../domain/metric.ts';
import type { ParsedLine } from './journalRecords.ts';
import { OrderedRecords } from './orderedRecords.ts';
import type { RecordOrder } from './recordOrder.ts';

export type Row = Readonly<Record<string, Scalar | null>>;

export class TableRows {
  private readonly rows = new OrderedRecords<Row>();
  /** Rows that stand for columns without values: they are not shown. */
  private readonly headers = new Set<Row>();

  /** How much was added, with what is not shown. */
  get length(): number {
    return this.rows.length;
  }

  add(row: Row, order: RecordOrder): void {
    this.rows.push(row, order);
  }

  /** Adds the rows of columns, of which shorter ones are padded with null. */
  addTable(columns: Readonly<Record<string, readonly (Scalar | null)[]>>, order: RecordOrder): void {
    const entries = Object.entries(columns);
    const height = entries.reduce((highest, [, values]) => Math.max(highest, values.length), 0);
    for (let index = 0; index < Math.max(height, 1); index++) {
      const row: Record<string, Scalar | null> = Object.create(null);
      for (const [name, values] of entries) {
        row[name] = values[index] ?? null;
      }
      this.rows.push(row, order);
      if (height === 0) {
        this.headers.add(row);
      }
    }
  }

  /** The rows in order, and the columns of all of them in the order in which they came up. */
  table(): { readonly columns: readonly string[]; readonly rows: readonly Row[] } {
    const rows = this.rows.sorted();
    const columns = new Set<string>();
    for (const row of rows) {
      for (const column of Object.keys(row)) {
        columns.add(column);
      }
    }
    return {
      columns: [...columns],
      rows: this.headers.size === 0 ? rows : rows.filter((row) => !this.headers.has(row)),
    };
  }
}

/** Rows as arrays in the order of the columns. */
export function tableData({ columns, rows }: ReturnType<TableRows['table']>): TableData {
  return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
}

/** The table that `row` or `table` records make, which are in order. What is neither is passed over. */
export function tableOfRecords(records: readonly ParsedLine[]): TableData {
  const rows = new TableRows();
  for (const [place, record] of records.entries()) {
    const order = { time: place, writer: '', line: 0 };
    if (record !== undefined && record !== 'problem' && record.k === 'row') {
      rows.add(record.v, order);
    } else if (record !== undefined && record !== 'problem' && record.k === 'table') {
      rows.addTable(record.v, order);
    }
  }
  return tableData(rows.table());
}
