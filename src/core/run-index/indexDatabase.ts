/** The SQLite file of one store's index: opened, made anew where it is of no use, shared with other processes. */
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileError, RunledgerError } from '../base/errors.ts';
import { isOnNetwork } from '../base/fileSystemKind.ts';
import { storeFolder } from '../store/storeLayout.ts';
import { userCacheFolder } from '../store/userData.ts';
import { filterIndexes, indexTables, indexVersion } from './indexSchema.ts';

/** A writer holds the lock for tens of milliseconds; one that is stopped in a debugger may hold it for long. */
const lockTimeoutMs = 10_000;
/** A chunk of points fits into one, as it mostly is. */
const pageBytes = 16_384;
const cacheKilobytes = 16 * 1024;
/** How much is written beside the database before it is moved into it, which waits for the disk. */
const checkpointPages = 4096;

/**
 * Where the index of a workspace lies: on a local disk, since SQLite's locks do not hold on shared ones, and by the machine's
 * name, since a home may be shared where the disk is not.
 */
export function indexFile(workspaceFolder: string): string {
  let folder = workspaceFolder;
  try {
    folder = realpathSync(storeFolder(workspaceFolder));
  } catch {
    // The store is gone or out of reach: what reads it says so.
  }
  const key = createHash('sha256').update(`${hostname()}\n${folder}`).digest('hex').slice(0, 16);
  const cache = userCacheFolder();
  const place = isOnNetwork(cache) ? join(tmpdir(), `runledger-${userInfo().username}`) : cache;
  return join(place, 'index', `${key}.sqlite`);
}

/** In place of a file: an index that is gone when it is closed. */
export const inMemory = ':memory:';

/** Prepared statements by their text, and transactions. */
export class IndexDatabase {
  readonly file: string;
  readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private hasFilterIndexes = false;

  private constructor(file: string, database: DatabaseSync) {
    this.file = file;
    this.database = database;
  }

  /**
   * Opens the index, and makes it where it is not there, is of another version or cannot be read.
   *
   * @throws RunledgerError `not-writable`, `disk-full`; `unreadable` where this Node has no SQLite
   */
  static async open(file: string): Promise<IndexDatabase> {
    const { DatabaseSync } = await loadSqlite();
    if (file === inMemory) {
      return IndexDatabase.prepare(file, new DatabaseSync(file));
    }
    const open = (): IndexDatabase => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      return IndexDatabase.prepare(file, new DatabaseSync(file, { timeout: lockTimeoutMs }));
    };
    try {
      return open();
    } catch (error) {
      if (!isUseless(error)) {
        throw fileError(error, 'open the index of the workspace', file);
      }
      removeIndex(file);
    }
    try {
      return open();
    } catch (error) {
      throw fileError(error, 'make the index of the workspace', file);
    }
  }

  private static prepare(file: string, database: DatabaseSync): IndexDatabase {
    const index = new IndexDatabase(file, database);
    try {
      index.told(() => database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL;`));
      // After a loss of power the last commits may be missing: their lines are read again.
      database.exec(`PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${cacheKilobytes}; PRAGMA temp_store = MEMORY;`);
      database.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages};`);
      index.transaction(() => index.makeTables());
      return index;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private makeTables(): void {
    const version = Number(this.row('PRAGMA user_version')?.user_version);
    if (version === 0) {
      this.database.exec(`${indexTables} PRAGMA user_version = ${indexVersion};`);
    } else if (version !== indexVersion) {
      throw new OtherVersion();
    }
  }

  /** Makes the indexes that filters go by, where they are not there. Others get their turn between them. */
  async makeFilterIndexes(): Promise<void> {
    if (this.hasFilterIndexes) {
      return;
    }
    for (const sql of filterIndexes) {
      this.told(() => this.database.exec(sql));
      await nextTurn();
    }
    this.hasFilterIndexes = true;
  }

  /** The statement with this text, prepared once. */
  statement(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.told(() => this.statement(sql).run(...values));
  }

  row(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.told(() => this.statement(sql).get(...values));
  }

  rows(sql: string, ...values: SqlValue[]): Row[] {
    return this.told(() => this.statement(sql).all(...values));
  }

  /**
   * All of what `action` writes is kept, or nothing. Waits for the transactions of other processes.
   *
   * @throws RunledgerError `unreadable`, `disk-full`, `invalid-state` where SQLite refuses; what `action` throws
   */
  transaction<T>(action: () => T): T {
    return this.told(() => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        const result = action();
        this.database.exec('COMMIT');
        return result;
      } catch (error) {
        if (this.database.isTransaction) {
          this.database.exec('ROLLBACK');
        }
        throw error;
      }
    });
  }

  /** Does something with SQLite, whose errors are told for people. */
  private told<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw refusalOf(error, this.file) ?? error;
    }
  }

  close(): void {
    this.statements.clear();
    if (this.database.isOpen) {
      this.database.close();
    }
  }
}

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

class OtherVersion extends Error {}

/** Deletes the files of an index. Who has it open goes on with what is deleted, and reads files again at the next start. */
export function removeIndex(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${file}${suffix}`, { force: true });
  }
}

/** Result codes of SQLite (sqlite.org/rescode.html). */
const resultCode = { busy: 5, corrupt: 11, full: 13, notADatabase: 26 } as const;

function resultCodeOf(error: unknown): unknown {
  return error instanceof Error && 'errcode' in error ? error.errcode : undefined;
}

function isUseless(error: unknown): boolean {
  return error instanceof OtherVersion || RunledgerError.is(error, 'unreadable');
}

/** What SQLite's refusal means, and what to do; undefined for what is a defect. */
function refusalOf(error: unknown, file: string): RunledgerError | undefined {
  switch (resultCodeOf(error)) {
    case resultCode.corrupt:
    case resultCode.notADatabase:
      return new RunledgerError('unreadable', `The index of the workspace is damaged: ${file}.`, {
        advice:
          'Make it anew with `runledger store rebuild-index`, then reload the window. The runs themselves are not affected.',
        cause: error,
      });
    case resultCode.full:
      return new RunledgerError('disk-full', `No space is left for the index of the workspace: ${file}.`, {
        advice: 'Free some space, then try again. The runs themselves are not affected.',
        cause: error,
      });
    case resultCode.busy:
      return new RunledgerError('invalid-state', `Another process holds the index of the workspace: ${file}.`, {
        advice: 'Try again. If it stays so, look for a `runledger` command or a window that does not respond.',
        cause: error,
      });
    default:
      return undefined;
  }
}

async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  try {
    return await import('node:sqlite');
  } catch (error) {
    throw new RunledgerError(
      'unreadable',
      `This Node.js, ${process.version}, has no SQLite, which the index of runs needs.`,
      {
        advice: 'Use Node.js 22.13 or later, or Runledger from within VS Code.',
        cause: error,
      },
    );
  }
}
