/** The tables of the index. Everything in them comes from the store's files and can be thrown away. */

/**
 * Grows with each change of the tables, or of what is stored in them: an index of another version is made anew, since
 * reading the files again is simpler and safer than a migration.
 */
export const indexVersion = 11;

/**
 * Times are Unix seconds. A run's `run` is its key here, its `id` the store's. Keys of runs and series are never given twice, since
 * readers remember by them what cannot change.
 *
 * - `runs`: a row for each run that is there, with what lists show and filters ask for. `status` is derived where the run's
 *   process died; `problem` says why it cannot be read; `left_out` counts records of metrics beyond the number that is kept.
 * - `run_records`: the text of run.json, apart, so that going over all runs reads little.
 * - `run_texts`: what a search looks at (`searchTexts.ts`).
 * - `journals`: how far each journal was read: bytes, lines, the last of these bytes, and when the file was written then. A
 *   `writer` is the name of its file.
 * - `records`: the journal lines that are not points, as they are: the fold over them is small and always the same code.
 * - `run_metrics`: what filters, sorting and lists need of the metrics of a run, whatever its writers, packed (`metricSummary.ts`).
 * - `metric_blocks`: the same by name, over many runs (`metricColumns.ts`), of all but `gone_runs` and those that are not settled.
 * - `metric_texts`: last values that are no numbers.
 * - `short_series`: the points of all metrics that have few, one row for each journal (`shortSeries.ts`).
 * - `series`: the points of any other metric that one writer recorded, in the order of its journal; those that fill no chunk are in `tail`.
 *   `revision` is that of the run when the series last grew; `summary` and `texts` are those of `seriesSummary.ts`.
 * - `points`: the points of full chunks, 1,024 each, as `storedChunk.ts` packs them. A chunk's `place` is made of its series and its
 *   number there, so that the chunks of a series lie one after the other.
 * - `corners`: what a chart needs to know of full chunks without reading them (`chunkCorners.ts`), 64 of them a row.
 * - `ordered_series`: long metrics that had to be put in order; `ordered`, below zero, is the series of their chunks (`orderedSeries.ts`).
 * - `table_rows`: where the rows of `row` and `table` metrics lie in the journals: they are read from there.
 */
export const indexTables = `
CREATE TABLE runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  experiment TEXT NOT NULL,
  experiment_name TEXT NOT NULL,
  number INTEGER NOT NULL,
  parent TEXT,
  name TEXT,
  type TEXT,
  status TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  created REAL NOT NULL,
  started REAL,
  ended REAL,
  script TEXT,
  target TEXT,
  user TEXT,
  host TEXT,
  description TEXT,
  notes TEXT,
  problem TEXT,
  line_problems INTEGER NOT NULL,
  unreadable_journals INTEGER NOT NULL DEFAULT 0,
  left_out INTEGER NOT NULL DEFAULT 0,
  last_record REAL NOT NULL,
  journals_changed REAL NOT NULL,
  record_changed REAL NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL
) STRICT;
CREATE INDEX runs_by_number ON runs (experiment, number);
CREATE INDEX runs_by_created ON runs (created);
CREATE INDEX runs_by_parent ON runs (parent) WHERE parent IS NOT NULL;
CREATE INDEX runs_open ON runs (run) WHERE is_open;
CREATE INDEX runs_unreadable ON runs (run) WHERE problem IS NOT NULL;

CREATE TABLE run_records (
  run INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE run_texts (
  run INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;

CREATE TABLE journals (
  run INTEGER NOT NULL,
  writer TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  proof BLOB NOT NULL,
  changed REAL NOT NULL,
  PRIMARY KEY (run, writer)
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
  run INTEGER NOT NULL,
  writer TEXT NOT NULL,
  line INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run, writer, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE names (
  name INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE run_metrics (
  run INTEGER PRIMARY KEY,
  names BLOB NOT NULL,
  counts BLOB NOT NULL,
  numbers BLOB NOT NULL,
  settled INTEGER NOT NULL
) STRICT;
CREATE INDEX run_metrics_pending ON run_metrics (run) WHERE settled <> 1;

CREATE TABLE metric_blocks (
  place INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

CREATE TABLE metric_texts (
  name INTEGER NOT NULL,
  run INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (name, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX metric_texts_by_run ON metric_texts (run);

CREATE TABLE gone_runs (
  run INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE parameters (
  run INTEGER NOT NULL,
  name TEXT NOT NULL,
  number REAL,
  text TEXT,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
  run INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE properties (
  run INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE series (
  series INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  name INTEGER NOT NULL,
  kind TEXT NOT NULL,
  writer TEXT NOT NULL,
  revision INTEGER NOT NULL,
  count INTEGER NOT NULL,
  summary BLOB NOT NULL,
  texts TEXT,
  tail BLOB,
  UNIQUE (run, name, kind, writer)
) STRICT;

CREATE TABLE short_series (
  pack INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  writer TEXT NOT NULL,
  points BLOB NOT NULL,
  UNIQUE (run, writer)
) STRICT;

CREATE TABLE corners (
  series INTEGER NOT NULL,
  page INTEGER NOT NULL,
  records BLOB NOT NULL,
  PRIMARY KEY (series, page)
) STRICT;

CREATE TABLE points (
  place INTEGER PRIMARY KEY,
  chunk BLOB NOT NULL
) STRICT;

CREATE TABLE ordered_series (
  ordered INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  name INTEGER NOT NULL,
  kind TEXT NOT NULL,
  axis TEXT NOT NULL,
  is_whole INTEGER NOT NULL,
  begun REAL NOT NULL,
  sources TEXT NOT NULL,
  last_time REAL NOT NULL,
  tail BLOB
) STRICT;
CREATE INDEX ordered_series_by_run ON ordered_series (run, name);

CREATE TABLE table_rows (
  run INTEGER NOT NULL,
  name INTEGER NOT NULL,
  kind TEXT NOT NULL,
  writer TEXT NOT NULL,
  line INTEGER NOT NULL,
  time REAL NOT NULL,
  start INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (run, name, kind, writer, line)
) STRICT, WITHOUT ROWID;

/* When each experiment's folder of runs was last seen whole, and how it was then. */
CREATE TABLE scans (
  experiment TEXT PRIMARY KEY,
  runs_changed REAL NOT NULL
) STRICT;
`;

/**
 * What only filters need, of the tables with the most rows. Made when the whole store was read for the first time: to sort rows once is
 * many times as fast as to put each into its place.
 */
export const filterIndexes = [
  'CREATE INDEX IF NOT EXISTS parameters_by_number ON parameters (name, number, run)',
  'CREATE INDEX IF NOT EXISTS parameters_by_text ON parameters (name, text, run)',
  'CREATE INDEX IF NOT EXISTS tags_by_value ON tags (name, value, run)',
  'CREATE INDEX IF NOT EXISTS properties_by_value ON properties (name, value, run)',
];
