/**
 * The messages between the page that compares runs and the extension host. The page says `ready` and gets the whole `model`,
 * which is small, and again whenever one of its runs changed or the set of runs is another.
 */
import type { RunStatusName } from './runPage.ts';
import type { SeriesModel, SeriesRange } from './series.ts';
import type { WireScalar } from './wire.ts';

/** As many runs can be compared: beyond, the table of their experiment tells more. */
export const mostComparedRuns = 100;

export interface ComparedRunModel {
  readonly id: string;
  readonly label: string;
  readonly number: number;
  readonly experiment: string;
  readonly status: RunStatusName;
  /** Unix seconds. */
  readonly started: number | undefined;
  readonly ended: number | undefined;
  /** Its place in the series colours. */
  readonly slot: number;
  readonly hasSnapshot: boolean;
}

/** What the runs have by one name, in the order of the runs; null where a run has none. */
export interface ComparedValuesModel {
  readonly name: string;
  readonly values: readonly WireScalar[];
}

export interface ComparedMetricModel {
  readonly name: string;
  /** Measured of the machine: no result. */
  readonly isSystem: boolean;
  /** Whether one of the runs has more than one point. */
  readonly isCurve: boolean;
  readonly values: readonly (ComparedMetricValues | null)[];
}

export interface ComparedMetricValues {
  readonly last: WireScalar;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface ComparedImagesModel {
  readonly name: string;
  /** By runs. */
  readonly images: readonly (readonly ComparedImageModel[])[];
}

export interface ComparedImageModel {
  /** Address that the page may load. */
  readonly uri: string;
  /** Where none was recorded, the place among the images of the name. */
  readonly step: number;
}

/** A table that runs logged under one name. */
export interface ComparedTableModel {
  readonly name: string;
  /** By runs; null where a run has none. */
  readonly rowCounts: readonly (number | null)[];
}

/** The beginning of a table. */
export interface ComparedTableRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly WireScalar[])[];
  readonly rowCount: number;
}

/** A file that the code of two runs does not have in common, from the left to the right. */
export interface CodeChangeModel {
  /** Relative, with `/`. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
}

export interface CompareModel {
  readonly runs: readonly ComparedRunModel[];
  readonly parameters: readonly ComparedValuesModel[];
  readonly attributes: readonly ComparedValuesModel[];
  readonly tags: readonly ComparedValuesModel[];
  readonly metrics: readonly ComparedMetricModel[];
  readonly images: readonly ComparedImagesModel[];
  readonly tables: readonly ComparedTableModel[];
}

export interface ComparePageRequests {
  series: { params: { runId: string; metric: string } & SeriesRange; result: SeriesModel };
  table: { params: { runId: string; metric: string }; result: ComparedTableRows };
  codeChanges: { params: { left: string; right: string }; result: readonly CodeChangeModel[] };
}

export type ComparePageRequest = {
  [M in keyof ComparePageRequests]: {
    readonly type: 'request';
    readonly id: number;
    readonly method: M;
    readonly params: ComparePageRequests[M]['params'];
  };
}[keyof ComparePageRequests];

export type ComparePageAction =
  | { readonly action: 'openRun'; readonly runId: string }
  /** Takes a run out of the comparison. */
  | { readonly action: 'removeRun'; readonly runId: string }
  /** Asks which run to add. */
  | { readonly action: 'addRun' }
  /** VS Code's diff editor on the code of two runs. */
  | { readonly action: 'compareCode'; readonly left: string; readonly right: string }
  /** The same of one file. */
  | { readonly action: 'compareFile'; readonly left: string; readonly right: string; readonly path: string }
  /** Rows of the Experiments view were dropped on the page, which is not told which they are. */
  | { readonly action: 'dropRuns' };

/** What survives a hidden tab and a reload. */
export interface ComparePageState {
  readonly workspaceFolder: string;
  readonly runIds: readonly string[];
}

export type ComparePageToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'cancel'; readonly id: number }
  | ComparePageRequest
  | ({ readonly type: 'action' } & ComparePageAction);

export type HostToComparePage =
  | { readonly type: 'model'; readonly model: CompareModel; readonly restore: ComparePageState }
  | { readonly type: 'response'; readonly id: number; readonly result: unknown }
  | { readonly type: 'response'; readonly id: number; readonly error: string }
  | { readonly type: 'gone'; readonly message: string };
