/** What runs are searched for: their texts and tags in one, in lower case, so that a search reads one short row for each run. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Lower case of every script, which SQLite's own functions know of ASCII alone. */
export const lowerFunction = 'runledger_lower';

/** Between the texts of a run: what no text that people type has in it. */
const separator = 'char(31)';

const saveTexts = `
INSERT OR REPLACE INTO run_texts (run, text)
SELECT run, ${lowerFunction}(concat_ws(${separator}, name, id, experiment_name, script, description, notes,
  (SELECT group_concat(concat_ws(${separator}, tags.name, tags.value), ${separator}) FROM tags WHERE tags.run = runs.run)))
FROM runs`;

const withFunctions = new WeakSet<DatabaseSync>();
const statements = new WeakMap<DatabaseSync, StatementSync>();

/** Makes {@link lowerFunction} known to a connection. */
export function addLowerFunction(database: DatabaseSync): void {
  if (!withFunctions.has(database)) {
    database.function(lowerFunction, { deterministic: true }, (text) =>
      typeof text === 'string' ? text.toLowerCase() : text,
    );
    withFunctions.add(database);
  }
}

/** To be called when one of the texts has changed. @param run its key; without, all runs */
export function saveSearchTexts(database: DatabaseSync, run?: number): void {
  addLowerFunction(database);
  if (run === undefined) {
    database.exec(saveTexts);
  } else {
    const statement = statements.get(database) ?? database.prepare(`${saveTexts} WHERE run = ?`);
    statements.set(database, statement);
    statement.run(run);
  }
}
