/** An index of many runs, made from its schema alone: what filters are measured on. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { runStatuses } from '../../src/core/domain/runStatus.ts';
import { filterIndexes } from '../../src/core/run-index/indexSchema.ts';
import { limitsAtRest, settleMetrics } from '../../src/core/run-index/metricColumns.ts';
import { type MetricEntry, saveRunMetrics } from '../../src/core/run-index/metricSummary.ts';
import { saveSearchTexts } from '../../src/core/run-index/searchTexts.ts';

const metricNames = [
  'train/loss',
  'train/accuracy',
  'val/loss',
  'val/accuracy',
  'val/f1 score',
  'epoch',
  'lr',
  'grad_norm',
  'gpu.memory',
  'samples per second',
] as const;

/** The time of the newest run: every store that is generated is the same. */
const newest = 1_763_700_000;

/** Numbers in [0, 1) that are the same each time (Marsaglia's xorshift, 32 bits). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * Fills the tables of an empty index. Runs lie in experiments of very different sizes; a metric of `x`'s kind is uniform in [0, 1),
 * so that `metrics.x < 0.01` selects a hundredth. Some metrics are rare, some repeat one value, some are not finite,
 * and some runs have a hundred more.
 */
export function generateIndex(database: DatabaseSync, runCount: number): void {
  const random = randomNumbers(2_463_534_242);
  const chance = (share: number): boolean => random() < share;
  database.exec('BEGIN');
  // What a statement with joins is asked of.
  database.exec(
    'CREATE TABLE joined_metrics (run INTEGER, name INTEGER, last REAL, PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID',
  );
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const insert = inserters(database);
  const names = new Map<string, number>();
  const nameOf = (text: string): number => {
    const known = names.get(text) ?? names.size + 1;
    if (!names.has(text)) {
      names.set(text, known);
      insert.names(known, text);
    }
    return known;
  };
  const numbers = new Map<string, number>();
  for (let run = 1; run <= runCount; run += 1) {
    // A half of all runs is in the first experiment, a quarter in the second, and so on.
    const experiment = `experiment ${Math.min(12, Math.floor(-Math.log2(1 - random())))}`;
    const number = (numbers.get(experiment) ?? 0) + 1;
    numbers.set(experiment, number);
    const created = newest - (runCount - run) * 97 + Math.floor(random() * 1000);
    const isOver = !chance(0.001);
    const status = isOver ? (chance(0.9) ? 'Completed' : chance(0.5) ? 'Failed' : 'Canceled') : 'Running';
    const id = `${experiment}_${created}_${run.toString(16).padStart(8, '0')}`;
    insert.runs({
      run,
      id,
      experiment,
      experiment_name: experiment,
      number,
      parent: chance(0.1) && number > 1 ? `parent-${Math.floor(number / 10)}` : null,
      name: chance(0.4) ? `resnet ${run % 977} ${chance(0.5) ? 'baseline' : 'wide'}` : null,
      type: 'azureml.scriptrun',
      status: runStatuses.find((known) => known === status) ?? 'Completed',
      is_open: isOver ? 0 : 1,
      created,
      started: created + random() * 30,
      ended: isOver ? created + 30 + random() * 7200 : null,
      script: chance(0.8) ? 'train.py' : 'experiments/finetune.py',
      target: 'local',
      user: chance(0.5) ? 'mara' : 'jo',
      host: 'box',
      description: chance(0.1) ? 'a second try with the learning rate of the paper' : null,
      problem: null,
      line_problems: 0,
      unreadable_journals: 0,
      left_out: 0,
      last_record: created + 7200,
      journals_changed: created + 7200,
      record_changed: 0,
      revision: 1,
    });
    insert.runRecords(
      run,
      JSON.stringify({ format: 1, id, number, experiment, submission: { padding: 'p'.repeat(900) } }),
    );
    const entries: MetricEntry[] = [];
    const addMetric = (name: string, value: number, count: number): void => {
      const last = Number.isNaN(value) ? null : value;
      const spread = random();
      const key = nameOf(name);
      entries.push({
        ...{ name: key, kind: 'metric', count, last: value, lastText: Number.isNaN(value) ? 'NaN' : null },
        ...{ min: value - spread, max: value + spread },
      });
      insert.joined(run, key, last);
    };
    const count = 1 + Math.floor(random() ** 4 * 100_000);
    addMetric('x', random(), count);
    addMetric('y', random(), count);
    for (const name of metricNames) {
      if (chance(0.95)) {
        addMetric(name, name === 'epoch' ? 10 * Math.ceil(random() * 3) : chance(0.01) ? Number.NaN : random(), count);
      }
    }
    if (chance(0.002)) {
      addMetric('rare', random(), 1);
      for (let layer = 0; layer < 100; layer += 1) {
        addMetric(`layers/${layer}/weights/norm before clipping`, random(), count);
      }
    }
    saveRunMetrics({ prepare: (sql) => prepared(sql) }, run, entries, true);
    const rate = 10 ** -Math.ceil(random() * 5);
    insert.parameters(run, 'lr', rate, String(rate));
    const size = 2 ** Math.ceil(random() * 8);
    insert.parameters(run, 'batch size', size, String(size));
    insert.parameters(run, 'model.name', null, chance(0.5) ? 'resnet50' : 'vit-b16');
    insert.tags(run, 'team', chance(0.2) ? 'vision' : 'speech');
    if (chance(0.01)) {
      insert.tags(run, 'starred', null);
    }
    insert.properties(run, 'azureml.git.branch', chance(0.5) ? 'main' : `topic-${run % 300}`);
  }
  while (settleMetrics(database, limitsAtRest)) {
    // All but the last runs are sorted by name, as when a store was read.
  }
  saveSearchTexts(database);
  database.exec('CREATE INDEX joined_by_last ON joined_metrics (name, last, run)');
  database.exec(filterIndexes.join(';'));
  database.exec('COMMIT');
}

function inserters(database: DatabaseSync) {
  const into = (table: string, columns: number) => {
    const statement = database.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')})`);
    return (...values: SQLInputValue[]): void => {
      statement.run(...values);
    };
  };
  const columns = database
    .prepare("SELECT name FROM pragma_table_info('runs')")
    .all()
    .map(({ name }) => String(name));
  const runs = database.prepare(
    `INSERT INTO runs (${columns.join(', ')}) VALUES (${columns.map((name) => `$${name}`).join(', ')})`,
  );
  return {
    runs: (values: Readonly<Record<string, SQLInputValue>>): void => {
      runs.run({ ...values });
    },
    runRecords: into('run_records', 2),
    names: into('names', 2),
    joined: into('joined_metrics', 3),
    parameters: into('parameters', 4),
    tags: into('tags', 3),
    properties: into('properties', 3),
  };
}
