/** The records of a run's journal, and how a line becomes one (docs/store-format.md, "The journal"). */
import type { Scalar } from '../domain/metric.ts';
import { isStoredRunStatus, type StoredRunStatus } from '../domain/runStatus.ts';
import { nestsTooDeep } from './jsonDepth.ts';
import { isJsonObject, type JsonObject } from './jsonFile.ts';

const processRoles = ['submitter', 'supervisor', 'script', 'interactive', 'orchestrator', 'watcher'] as const;

export type ProcessRole = (typeof processRoles)[number];

const runAttributes = ['displayName', 'description', 'notes'] as const;

/** What a run is given once more whenever it changes: the last stays. */
export type RunAttribute = (typeof runAttributes)[number];

export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
}

/** What a `process` record says. */
export interface RecordedProcess extends ProcessIdentity {
  readonly role: ProcessRole;
  /** The folder of the control group that it was born into, with all that it starts. */
  readonly cgroup?: string;
}

export interface StatusError {
  readonly message: string;
  readonly type?: string;
  readonly traceback?: string;
  readonly advice?: string;
}

export type JournalRecord =
  | { readonly k: 'metric'; readonly n: string; readonly v: Scalar; readonly s?: number; readonly d?: string }
  | { readonly k: 'metrics'; readonly v: Readonly<Record<string, Scalar>>; readonly s?: number }
  | {
      readonly k: 'list';
      readonly n: string;
      readonly v: readonly (Scalar | null)[];
      readonly s?: number;
      readonly d?: string;
    }
  | { readonly k: 'row'; readonly n: string; readonly v: Readonly<Record<string, Scalar | null>>; readonly d?: string }
  | {
      readonly k: 'table';
      readonly n: string;
      readonly v: Readonly<Record<string, readonly (Scalar | null)[]>>;
      readonly d?: string;
    }
  | { readonly k: 'image'; readonly n: string; readonly p: string; readonly s?: number; readonly d?: string }
  | { readonly k: 'document'; readonly n: string; readonly schema: string; readonly p: string; readonly d?: string }
  | { readonly k: 'params'; readonly v: Readonly<Record<string, Scalar | null>> }
  | { readonly k: 'tag'; readonly n: string; readonly v: string | null }
  | { readonly k: 'untag'; readonly n: string }
  | { readonly k: 'properties'; readonly v: Readonly<Record<string, string>> }
  | { readonly k: 'attribute'; readonly n: RunAttribute; readonly v: string | null }
  | {
      readonly k: 'status';
      readonly v: StoredRunStatus;
      readonly exitCode?: number;
      readonly signal?: string;
      readonly error?: StatusError;
      /** Why a run that is `Queued` waits, for a person. */
      readonly reason?: string;
    }
  | ({ readonly k: 'process' } & RecordedProcess)
  | { readonly k: 'heartbeat' }
  | { readonly k: 'snapshot'; readonly hash: string; readonly files: number; readonly bytes: number }
  | { readonly k: 'warning'; readonly message: string };

/** Of an experiment's journal: `"true"` archives it, null makes it active again. */
export interface ArchivedRecord {
  readonly k: 'attribute';
  readonly n: 'archived';
  readonly v: 'true' | null;
}

export type TimedRecord = JournalRecord & { readonly t: number };

/** `undefined`: a kind that this version does not know; `problem`: not a record, or one with wrong fields. */
export type ParsedLine = TimedRecord | undefined | 'problem';

const floatNames: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function taggedFloat(value: JsonObject): number | undefined {
  return Object.keys(value).length === 1 ? floatNames.get(value.$float) : undefined;
}

/** The scalar that a JSON value stands for; undefined where it is none. */
function scalar(value: unknown): Scalar | undefined {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value;
  }
  return isJsonObject(value) ? taggedFloat(value) : undefined;
}

function scalarOrNull(value: unknown): Scalar | null | undefined {
  return value === null ? null : scalar(value);
}

function list(value: unknown): (Scalar | null)[] | undefined {
  if (!Array.isArray(value)) {
    return undefined;
  }
  const items: (Scalar | null)[] = [];
  for (const item of value) {
    const converted = scalarOrNull(item);
    if (converted === undefined) {
      return undefined;
    }
    items.push(converted);
  }
  return items;
}

/** An object whose values are all converted. Keys may be any text: `__proto__` too, hence the null prototype. */
function mapOf<T>(value: unknown, convert: (item: unknown) => T | undefined): Record<string, T> | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const result: Record<string, T> = Object.create(null);
  for (const [name, item] of Object.entries(value)) {
    const converted = convert(item);
    if (converted === undefined) {
      return undefined;
    }
    result[name] = converted;
  }
  return result;
}

/** The same, for the values of names, which are any text but none. */
function namedMapOf<T>(value: unknown, convert: (item: unknown) => T | undefined): Record<string, T> | undefined {
  const map = mapOf(value, convert);
  return map === undefined || '' in map ? undefined : map;
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRunAttribute(name: unknown): name is RunAttribute {
  return runAttributes.some((known) => known === name);
}

/** The description of a record; undefined where it has the wrong type. */
function descriptionOf({ d }: JsonObject): { d?: string } | undefined {
  return d === undefined ? {} : typeof d === 'string' ? { d } : undefined;
}

/** The step and description of a record; undefined where either has the wrong type. */
function stepAndDescription(o: JsonObject): { s?: number; d?: string } | undefined {
  const { s } = o;
  const description = descriptionOf(o);
  if (s === undefined || description === undefined) {
    return description;
  }
  return isInteger(s) ? { s, ...description } : undefined;
}

function statusError(value: unknown): StatusError | undefined {
  if (!isJsonObject(value) || typeof value.message !== 'string') {
    return undefined;
  }
  const { type, traceback, advice } = value;
  return {
    message: value.message,
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof traceback === 'string' ? { traceback } : {}),
    ...(typeof advice === 'string' ? { advice } : {}),
  };
}

const documentSchemas: readonly string[] = ['confusion_matrix', 'accuracy_table', 'residuals', 'predictions'];

/** One line of a journal, without its newline. */
export function parseJournalLine(line: string): ParsedLine {
  if (nestsTooDeep(line)) {
    return 'problem';
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'problem';
  }
  if (!isJsonObject(value) || typeof value.t !== 'number' || typeof value.k !== 'string') {
    return 'problem';
  }
  const parse = parsers.get(value.k);
  return parse === undefined ? undefined : (parse(value, value.t) ?? 'problem');
}

type RecordParser = (o: JsonObject, t: number) => TimedRecord | undefined;

/** A name is any text but none. */
function nameOf(o: JsonObject): string | undefined {
  return text(o.n) || undefined;
}

/** How the fields of each kind are checked; undefined where one has the wrong type. */
const parsers: ReadonlyMap<string, RecordParser> = new Map<JournalRecord['k'], RecordParser>([
  [
    'metric',
    (o, t) => {
      const n = nameOf(o);
      const v = scalar(o.v);
      const optional = stepAndDescription(o);
      return n === undefined || v === undefined || optional === undefined
        ? undefined
        : { t, k: 'metric', n, v, ...optional };
    },
  ],
  [
    'metrics',
    (o, t) => {
      const v = namedMapOf(o.v, scalar);
      const optional = stepAndDescription(o);
      return v === undefined || optional === undefined ? undefined : { t, k: 'metrics', v, ...optional };
    },
  ],
  [
    'list',
    (o, t) => {
      const n = nameOf(o);
      const v = list(o.v);
      const optional = stepAndDescription(o);
      return n === undefined || v === undefined || optional === undefined
        ? undefined
        : { t, k: 'list', n, v, ...optional };
    },
  ],
  [
    'row',
    (o, t) => {
      const n = nameOf(o);
      const v = mapOf(o.v, scalarOrNull);
      const optional = descriptionOf(o);
      return n === undefined || v === undefined || optional === undefined
        ? undefined
        : { t, k: 'row', n, v, ...optional };
    },
  ],
  [
    'table',
    (o, t) => {
      const n = nameOf(o);
      const v = mapOf(o.v, list);
      const optional = descriptionOf(o);
      return n === undefined || v === undefined || optional === undefined
        ? undefined
        : { t, k: 'table', n, v, ...optional };
    },
  ],
  [
    'image',
    (o, t) => {
      const n = nameOf(o);
      const p = text(o.p);
      const optional = stepAndDescription(o);
      return n === undefined || p === undefined || optional === undefined
        ? undefined
        : { t, k: 'image', n, p, ...optional };
    },
  ],
  [
    'document',
    (o, t) => {
      const n = nameOf(o);
      const p = text(o.p);
      const schema = text(o.schema);
      const optional = descriptionOf(o);
      return n === undefined ||
        p === undefined ||
        schema === undefined ||
        !documentSchemas.includes(schema) ||
        optional === undefined
        ? undefined
        : { t, k: 'document', n, schema, p, ...optional };
    },
  ],
  [
    'params',
    (o, t) => {
      const v = namedMapOf(o.v, scalarOrNull);
      return v === undefined ? undefined : { t, k: 'params', v };
    },
  ],
  [
    'tag',
    (o, t) => {
      const n = nameOf(o);
      const v = o.v;
      return n === undefined || !(v === null || typeof v === 'string') ? undefined : { t, k: 'tag', n, v };
    },
  ],
  [
    'untag',
    (o, t) => {
      const n = nameOf(o);
      return n === undefined ? undefined : { t, k: 'untag', n };
    },
  ],
  [
    'properties',
    (o, t) => {
      const v = namedMapOf(o.v, text);
      return v === undefined ? undefined : { t, k: 'properties', v };
    },
  ],
  [
    'attribute',
    (o, t) => {
      const { n, v } = o;
      const isValid = isRunAttribute(n) && (v === null || typeof v === 'string');
      return isValid ? { t, k: 'attribute', n, v } : undefined;
    },
  ],
  ['status', parseStatus],
  ['process', parseProcess],
  ['heartbeat', (_o, t) => ({ t, k: 'heartbeat' })],
  [
    'snapshot',
    (o, t) => {
      const { hash, files, bytes } = o;
      const isValid = typeof hash === 'string' && isInteger(files) && isInteger(bytes);
      return isValid ? { t, k: 'snapshot', hash, files, bytes } : undefined;
    },
  ],
  ['warning', ({ message }, t) => (typeof message === 'string' ? { t, k: 'warning', message } : undefined)],
]);

function parseStatus(o: JsonObject, t: number): TimedRecord | undefined {
  const { v } = o;
  const exitCode = o.exitCode ?? undefined;
  const signal = o.signal ?? undefined;
  const reason = o.reason ?? undefined;
  const error = statusError(o.error);
  if (
    !isStoredRunStatus(v) ||
    !(exitCode === undefined || isInteger(exitCode)) ||
    !(signal === undefined || typeof signal === 'string') ||
    !(reason === undefined || typeof reason === 'string') ||
    ((o.error ?? undefined) !== undefined && error === undefined)
  ) {
    return undefined;
  }
  return {
    t,
    k: 'status',
    v,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(error === undefined ? {} : { error }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function parseProcess(o: JsonObject, t: number): TimedRecord | undefined {
  const { role, pid, startTime, bootId, host, cgroup } = o;
  const group = cgroup === undefined ? {} : typeof cgroup === 'string' ? { cgroup } : undefined;
  return (processRoles as readonly unknown[]).includes(role) &&
    isInteger(pid) &&
    typeof startTime === 'string' &&
    typeof bootId === 'string' &&
    typeof host === 'string' &&
    group !== undefined
    ? { t, k: 'process', role: role as ProcessRole, pid, startTime, bootId, host, ...group }
    : undefined;
}

/** A scalar as it is stored: non-finite numbers are tagged. */
export function storedScalar(value: Scalar | null): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $float: String(value) } : value;
}

/** One line, with its newline. */
export function formatJournalLine(record: JournalRecord | ArchivedRecord, time: number): string {
  const text = JSON.stringify({ t: time, ...record }, (_key, value: unknown) =>
    typeof value === 'number' ? storedScalar(value) : value,
  );
  return `${text}\n`;
}
