/** What a run's journals say about it beside its metrics: a fold over their records, whatever order they are read in. */
import type { Scalar } from '../domain/metric.ts';
import type { LoggedDocument, LoggedImage, RunFailure } from '../domain/run.ts';
import { isTerminal, type StoredRunStatus } from '../domain/runStatus.ts';
import type { RecordedProcess, TimedRecord } from './journalRecords.ts';
import { compareOrder, type Placed, PlacedMap, type RecordOrder } from './recordOrder.ts';

export interface FoldedStatus {
  readonly status: StoredRunStatus;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly exitCode: number | undefined;
  readonly failure: RunFailure | undefined;
  /** Why it waits, where that was told. */
  readonly waitReason: string | undefined;
}

type StatusRecord = Extract<TimedRecord, { k: 'status' }>;

/** What was given when the run was created: older than every record. */
export interface RunBeginnings {
  readonly displayName: string | undefined;
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string | null>>;
  readonly properties: Readonly<Record<string, string>>;
}

const beginning: RecordOrder = { time: Number.NEGATIVE_INFINITY, writer: '', line: 0 };

function inOrder<T>(items: readonly Placed<T>[]): T[] {
  return [...items].sort((a, b) => compareOrder(a.order, b.order)).map((item) => item.value);
}

const annotationKinds: ReadonlySet<TimedRecord['k']> = new Set([
  'tag',
  'untag',
  'properties',
  'attribute',
  'params',
  'image',
  'document',
  'snapshot',
  'warning',
]);

export class RunFold {
  private readonly statuses: Placed<StatusRecord>[] = [];
  private readonly tagValues = new PlacedMap<string | null | undefined>('last');
  private readonly propertyValues = new PlacedMap<string>('first');
  private readonly attributes = new PlacedMap<string | null>('last');
  private readonly parameterRecords: Placed<{ name: string; value: Scalar | null }>[] = [];
  private readonly imageRecords: Placed<LoggedImage>[] = [];
  private readonly documentRecords = new PlacedMap<LoggedDocument>('last');
  private readonly snapshots = new PlacedMap<{ hash: string; files: number; bytes: number }>('last');
  private readonly warningRecords: Placed<string>[] = [];
  readonly processes: RecordedProcess[] = [];
  /** Time of the newest record of any kind; 0 where there is none. */
  lastRecordTime = 0;
  /** Grows with each record that changes what is told of the run beside its state and metrics. */
  annotationRevision = 0;
  /** Lines that were no records, or had fields of the wrong type. */
  lineProblemCount = 0;

  constructor(beginnings: RunBeginnings) {
    this.attributes.set('displayName', beginnings.displayName ?? null, beginning);
    this.attributes.set('description', beginnings.description ?? null, beginning);
    for (const [name, value] of Object.entries(beginnings.tags)) {
      this.tagValues.set(name, value, beginning);
    }
    for (const [name, value] of Object.entries(beginnings.properties)) {
      this.propertyValues.set(name, value, beginning);
    }
  }

  add(record: TimedRecord, order: RecordOrder): void {
    this.lastRecordTime = Math.max(this.lastRecordTime, record.t);
    this.annotationRevision += annotationKinds.has(record.k) ? 1 : 0;
    switch (record.k) {
      case 'status':
        this.statuses.push({ order, value: record });
        break;
      case 'tag':
        this.tagValues.set(record.n, record.v, order);
        break;
      case 'untag':
        this.tagValues.set(record.n, undefined, order);
        break;
      case 'properties':
        for (const [name, value] of Object.entries(record.v)) {
          this.propertyValues.set(name, value, order);
        }
        break;
      case 'attribute':
        this.attributes.set(record.n, record.v, order);
        break;
      case 'params':
        for (const [name, value] of Object.entries(record.v)) {
          this.parameterRecords.push({ order, value: { name, value } });
        }
        break;
      case 'image': {
        const image = { name: record.n, path: record.p, step: record.s, description: record.d, time: record.t };
        this.imageRecords.push({ order, value: image });
        break;
      }
      case 'document':
        this.documentRecords.set(record.n, { name: record.n, schema: record.schema, path: record.p }, order);
        break;
      case 'snapshot':
        this.snapshots.set('', { hash: record.hash, files: record.files, bytes: record.bytes }, order);
        break;
      case 'warning':
        this.warningRecords.push({ order, value: record.message });
        break;
      case 'process': {
        const { t: _time, k: _kind, ...process } = record;
        this.processes.push(process);
        break;
      }
      case 'heartbeat':
      case 'metric':
      case 'metrics':
      case 'list':
      case 'row':
      case 'table':
        break;
    }
  }

  /** The state by the rules of docs/store-format.md, "Status". */
  get status(): FoldedStatus {
    let current: StatusRecord | undefined;
    let startTime: number | undefined;
    for (const record of inOrder(this.statuses)) {
      if (record.v === 'Running' && !(current !== undefined && isTerminal(current.v))) {
        startTime ??= record.t;
      }
      if (
        current === undefined ||
        !isTerminal(current.v) ||
        (current.v === 'Completed' && isTerminal(record.v) && record.v !== 'Completed')
      ) {
        current = record;
      }
    }
    const end = current !== undefined && isTerminal(current.v) ? current : undefined;
    return {
      status: current?.v ?? 'NotStarted',
      startTime,
      endTime: end?.t,
      exitCode: end?.exitCode,
      failure: end?.error,
      waitReason: current?.v === 'Queued' ? current.reason : undefined,
    };
  }

  /** Processes whose end would end the run; see docs/store-format.md, "Liveness". */
  get workingProcesses(): readonly RecordedProcess[] {
    const working = this.processes.filter((entry) => entry.role !== 'submitter');
    return working.length > 0 ? working : this.processes;
  }

  get displayName(): string | undefined {
    return this.attributes.get('displayName') ?? undefined;
  }

  get description(): string | undefined {
    return this.attributes.get('description') ?? undefined;
  }

  get notes(): string | undefined {
    return this.attributes.get('notes') ?? undefined;
  }

  get tags(): Record<string, string | null> {
    const result: Record<string, string | null> = {};
    for (const [name, { value }] of this.tagValues.toSorted()) {
      if (value !== undefined) {
        setOwn(result, name, value);
      }
    }
    return result;
  }

  get properties(): Record<string, string> {
    const result: Record<string, string> = {};
    for (const [name, { value }] of this.propertyValues.toSorted()) {
      setOwn(result, name, value);
    }
    return result;
  }

  /** The first value of each parameter, and how many later ones differ. */
  get parameters(): { readonly values: Record<string, Scalar | null>; readonly problemCount: number } {
    const values = new Map<string, Scalar | null>();
    let problemCount = 0;
    for (const { name, value } of inOrder(this.parameterRecords)) {
      if (!values.has(name)) {
        values.set(name, value);
      } else if (!isSameScalar(values.get(name), value)) {
        problemCount++;
      }
    }
    const result: Record<string, Scalar | null> = {};
    for (const [name, value] of values) {
      setOwn(result, name, value);
    }
    return { values: result, problemCount };
  }

  get images(): LoggedImage[] {
    return inOrder(this.imageRecords);
  }

  get documents(): LoggedDocument[] {
    return this.documentRecords.toSorted().map(([, { value }]) => value);
  }

  get snapshot(): { hash: string; files: number; bytes: number } | undefined {
    return this.snapshots.get('');
  }

  get warnings(): string[] {
    return inOrder(this.warningRecords);
  }
}

/** Not a number is itself here, and there is one zero. */
function isSameScalar(one: Scalar | null | undefined, other: Scalar | null): boolean {
  return one === other || Object.is(one, other);
}

/** Sets a property whatever it is called: a plain assignment to `__proto__` would set the prototype. */
function setOwn<T>(object: Record<string, T>, name: string, value: T): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
