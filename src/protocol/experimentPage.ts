/**
 * The messages between the page of an experiment and the extension host.
 *
 * The page says `ready` and gets one `model`. From then on it asks: `table` tells which runs match, in their order, as keys;
 * `rows`, `groups` and `values` are asked for by keys, so that the page decides when the order changes. `changed` tells that
 * runs came, went or recorded something: which of them, and nothing else.
 */
import type { RunStatusName } from './runPage.ts';
import type { CurveSettings, SeriesModel, SeriesRange } from './series.ts';
import type { WireNumber, WireScalar } from './wire.ts';

/** What a column shows, a sort looks at, or runs are grouped by. Names are those of the language of filters. */
export type FieldModel =
  | { readonly kind: 'attribute'; readonly name: AttributeModel }
  | { readonly kind: 'metric'; readonly part: 'last' | 'min' | 'max'; readonly name: string }
  | { readonly kind: 'parameter' | 'tag' | 'property'; readonly name: string };

export type AttributeModel =
  | 'name'
  | 'number'
  | 'status'
  | 'created'
  | 'started'
  | 'ended'
  | 'duration'
  | 'type'
  | 'target'
  | 'script'
  | 'user'
  | 'host'
  | 'parent'
  | 'id'
  | 'description'
  | 'notes';

export interface SortModel {
  readonly field: FieldModel;
  readonly isDescending: boolean;
}

export interface TableParams {
  readonly filter: string;
  readonly sort: readonly SortModel[];
  readonly withChildren: boolean;
}

export interface RunsModel {
  readonly runs: readonly number[];
  /** How many there are without the filter. */
  readonly total: number;
  readonly statuses: readonly { readonly status: RunStatusName; readonly count: number }[];
  /** Unix seconds. */
  readonly lastCreated: number | undefined;
  /** Sentences about names in the filter that no run has. */
  readonly warnings: readonly string[];
}

/** A filter that cannot be understood, and where: in UTF-16 units from 0. */
export interface FilterProblemModel {
  readonly message: string;
  readonly position: number;
  readonly length: number;
}

export interface RowModel {
  readonly run: number;
  readonly id: string;
  readonly number: number;
  readonly label: string;
  readonly status: RunStatusName;
  /** Why it cannot be read. */
  readonly problem: string | undefined;
  readonly parentId: string | undefined;
  readonly created: number;
  readonly started: number | undefined;
  readonly ended: number | undefined;
  /** In the order of the columns that were asked for; null where the run has none, true for a tag without a value. */
  readonly values: readonly WireScalar[];
}

export interface StatisticsModel {
  readonly count: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

export interface GroupModel {
  readonly values: readonly WireScalar[];
  readonly runs: readonly number[];
  readonly statistics: readonly (StatisticsModel | null)[];
}

export interface NamedColumnModel {
  readonly name: string;
  readonly runCount: number;
}

export interface MetricColumnModel extends NamedColumnModel {
  readonly kind: 'metric' | 'list' | 'row' | 'table';
  /** Measured of the machine: no result. */
  readonly isSystem: boolean;
  /** The most points that a run has of it. */
  readonly mostPoints: number;
  readonly hasNumbers: boolean;
}

export interface ColumnsModel {
  readonly metrics: readonly MetricColumnModel[];
  readonly parameters: readonly NamedColumnModel[];
  readonly tags: readonly NamedColumnModel[];
  readonly properties: readonly NamedColumnModel[];
}

export interface CompletionModel {
  readonly kind: 'field' | 'operator' | 'value' | 'keyword';
  readonly label: string;
  readonly insertText: string;
  readonly detail: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** How the page is laid out: what a saved view keeps. */
export interface ViewModel {
  readonly filter: string;
  readonly sort: readonly SortModel[];
  readonly groupBy: readonly FieldModel[];
  readonly withChildren: boolean;
  /** Undefined: what the page chooses by itself. */
  readonly columns?: readonly FieldModel[];
  /** Of columns whose width the reader chose; the name of the run is one. */
  readonly widths?: readonly ColumnWidthModel[];
  /** Metrics of the charts; undefined: what the page chooses. */
  readonly charts?: readonly string[];
  readonly aggregate?: AggregateModel;
  readonly curves?: CurveSettings;
}

/** What is remembered for the experiment on this machine. */
export interface LayoutModel extends ViewModel {
  /** Ids of runs that stay on top. */
  readonly pinned: readonly string[];
  /** Ids of runs that are left out of the table and the charts. */
  readonly hidden?: readonly string[];
  /** Runs whose curves are drawn, each with its place in the series colours; undefined: the first of the table. */
  readonly drawn?: readonly DrawnRunModel[];
  readonly showsCharts: boolean;
  readonly aggregate: AggregateModel;
}

export interface ColumnWidthModel {
  readonly field: FieldModel;
  /** CSS pixels. */
  readonly width: number;
}

export interface DrawnRunModel {
  readonly id: string;
  readonly slot: number;
}

export type AggregateModel = 'max' | 'min' | 'mean';

export interface ExperimentModel {
  readonly workspace: string;
  readonly experiment: string;
  readonly layout: LayoutModel | undefined;
  /** Names of the saved views. */
  readonly views: readonly string[];
}

/** Requests of the page and what each answers. */
export interface ExperimentPageRequests {
  table: { params: TableParams; result: RunsModel | { readonly problem: FilterProblemModel } };
  rows: { params: { runs: readonly number[]; columns: readonly FieldModel[] }; result: readonly RowModel[] };
  groups: {
    params: { runs: readonly number[]; groupBy: readonly FieldModel[]; fields: readonly FieldModel[] };
    result: readonly GroupModel[];
  };
  /** By runs: the number that each has, null where it has none. */
  values: { params: { runs: readonly number[]; field: FieldModel }; result: readonly (WireNumber | null)[] };
  columns: { params: Record<string, never>; result: ColumnsModel };
  completions: { params: { filter: string; offset: number }; result: readonly CompletionModel[] };
  /** The filter with what a click on a cell adds. */
  narrow: {
    params: { filter: string; field: FieldModel; value: WireScalar; isExcluded: boolean };
    result: string;
  };
  series: { params: { runId: string; metric: string } & SeriesRange; result: SeriesModel };
  readView: { params: { name: string }; result: ViewModel };
}

export type ExperimentPageRequestName = keyof ExperimentPageRequests;

export type ExperimentPageRequest = {
  [M in ExperimentPageRequestName]: {
    readonly type: 'request';
    readonly id: number;
    readonly method: M;
    readonly params: ExperimentPageRequests[M]['params'];
  };
}[ExperimentPageRequestName];

/** Things the page asks the editor to do; what they change comes back as `changed` or `views`. */
export type ExperimentPageAction =
  | { readonly action: 'openRun'; readonly runId: string }
  | { readonly action: 'cancel' | 'delete' | 'tag' | 'compare'; readonly runs: readonly number[] }
  | {
      readonly action: 'exportCsv';
      readonly runs: readonly number[];
      readonly columns: readonly { readonly label: string; readonly field: FieldModel }[];
    }
  | { readonly action: 'copyText'; readonly text: string }
  | { readonly action: 'submit' }
  | { readonly action: 'saveView'; readonly view: ViewModel }
  | { readonly action: 'deleteView'; readonly name: string };

/** What survives a hidden tab and a reload. */
export interface ExperimentPageState {
  readonly workspaceFolder: string;
  readonly experimentKey: string;
}

export type ExperimentPageToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'layout'; readonly layout: LayoutModel }
  | ExperimentPageRequest
  | ({ readonly type: 'action' } & ExperimentPageAction);

export type HostToExperimentPage =
  | {
      readonly type: 'model';
      readonly model: ExperimentModel;
      /** To be kept with `setState`. */
      readonly restore: ExperimentPageState;
    }
  /** Ids of runs that are new, changed or gone. */
  | { readonly type: 'changed'; readonly runIds: readonly string[]; readonly isListChanged: boolean }
  | { readonly type: 'views'; readonly views: readonly string[] }
  | { readonly type: 'response'; readonly id: number; readonly result: unknown }
  | { readonly type: 'response'; readonly id: number; readonly error: string }
  | { readonly type: 'gone'; readonly message: string };
